import { timeLeft } from "../processes/duration";
import { NO_BREAK, type Screen } from "../processes/terminal";

/** The status on a terminal is renewed this often, in milliseconds. */
const TICK_MS = 500;

/**
 * Shows how work on many stacks goes on: one line for each stack that has ended and, on a terminal, one line of status
 * below them. It writes to stderr, so that stdout has the result of a command alone.
 */
export class FleetProgress {
  private readonly began = Date.now();
  private readonly running = new Map<string, number>();
  private readonly timer: NodeJS.Timeout;
  private done = 0;
  private failed = 0;

  /**
   * @param verb what is done to each stack, like "planning"
   * @param total number of stacks
   */
  constructor(
    private readonly screen: Screen,
    private readonly verb: string,
    private readonly total: number,
  ) {
    this.timer = setInterval(() => this.tick(), TICK_MS).unref();
  }

  /** A line about the work as a whole. */
  note(text: string): void {
    this.screen.print(text, { rest: "  " });
  }

  /** Work on a stack begins. */
  start(id: string): void {
    this.running.set(id, Date.now());
    this.tick();
  }

  /**
   * Work on a stack has ended.
   * @param outcome printed behind the id of the stack
   */
  finish(id: string, outcome: string, { failed = false }: { failed?: boolean } = {}): void {
    const seconds = Math.round((Date.now() - (this.running.get(id) ?? Date.now())) / 1000);
    this.running.delete(id);
    this.done++;
    if (failed) this.failed++;
    const place = `${String(this.done).padStart(String(this.total).length)}/${this.total}`;
    this.screen.print(`${id}: ${outcome} (${seconds}${NO_BREAK}s)`, {
      first: `${place}  `,
      ...(failed && { format: "red" as const }),
    });
  }

  /** Stops showing a status. */
  end(): void {
    clearInterval(this.timer);
    this.screen.status("");
  }

  private tick(): void {
    if (this.running.size === 0) return;
    const failures = this.failed === 0 ? "" : `, ${this.failed} failed`;
    const seconds = (Date.now() - this.began) / 1000;
    const left = this.done === 0 ? "" : `, ${timeLeft((seconds / this.done) * (this.total - this.done))}`;
    this.screen.status(
      `${this.done} of ${this.total} done${failures}${left}: ${this.verb} ${[...this.running.keys()].join(", ")}`,
    );
  }
}
