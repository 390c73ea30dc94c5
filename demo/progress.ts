import { timeLeft } from "../processes/duration";
import { NO_BREAK, type Screen } from "../processes/terminal";

/** A step of the demo. */
export interface Step {
  /** Names the step in {@link Journal.begin}. */
  readonly id: string;
  readonly title: string;
  /** How long the step takes on two idle cores. The time left is estimated from it. */
  readonly seconds: number;
}

/** Receives what the demo does. */
export interface Journal {
  /** A step begins. */
  begin(id: string): void;
  /** A fact that is printed as one line. @param format makes it stand out */
  line(text: string, format?: "bold"): void;
  /** A line of what a program has printed. It is not folded. "" is an empty line. */
  quote(line: string): void;
  /** Some work runs. @param what completes "still …", such as "applying archive-eu-central-1" */
  during<T>(what: string, work: () => Promise<T>): Promise<T>;
}

/** A journal that ignores everything. */
export const SILENT: Journal = {
  begin: () => {},
  line: () => {},
  quote: () => {},
  during: (_what, work) => work(),
};

/** Stands before each line of a program's output, below the text of the demo. */
export const QUOTE = "       | ";

/** The status on a terminal is renewed this often. */
const TICK_MS = 1_000;
/** With a check in each second, no more than 15 seconds pass without a line. */
const QUIET_MS = 14_000;
/** Seconds of work after which the measured pace of this machine counts for more than the usual pace. */
const TRUST_SECONDS = 30;

/** Prints each step of the demo when it begins, with the time that is left, and shows regularly that the demo runs. */
export class Progress implements Journal {
  private readonly began = Date.now();
  private readonly running = new Map<symbol, { what: string; since: number }>();
  private readonly timer: NodeJS.Timeout;
  private current = -1;
  private currentBegan = this.began;
  private lastLine = this.began;

  constructor(
    private readonly screen: Screen,
    private readonly steps: readonly Step[],
  ) {
    this.timer = setInterval(() => this.tick(), TICK_MS).unref();
  }

  begin(id: string): void {
    const index = this.steps.findIndex((step) => step.id === id);
    if (index < 0) throw new Error(`no step ${id} among ${this.steps.map((step) => step.id).join(", ")}`);
    this.current = index;
    this.currentBegan = Date.now();
    if (index > 0) this.screen.print();
    const number = `Step ${index + 1} of ${this.steps.length} (${this.left()}):`.replaceAll(" ", NO_BREAK);
    this.write(`${number} ${this.steps[index]!.title}`, "bold");
  }

  line(text: string, format?: "bold"): void {
    this.write(text, format);
  }

  quote(line: string): void {
    this.lastLine = Date.now();
    this.screen.printLine(`${QUOTE}${line}`.trimEnd());
  }

  async during<T>(what: string, work: () => Promise<T>): Promise<T> {
    const key = Symbol(what);
    this.running.set(key, { what, since: Date.now() });
    try {
      return await work();
    } finally {
      this.running.delete(key);
    }
  }

  /** Stops showing that the demo runs. */
  end(): void {
    clearInterval(this.timer);
    this.screen.status("");
  }

  private tick(): void {
    const now = Date.now();
    const work = [...this.running.values()].map(
      ({ what, since }) => `${what}${NO_BREAK}(${Math.floor((now - since) / 1000)}${NO_BREAK}s)`,
    );
    const [oldest = this.steps[this.current]?.title ?? "starting", ...others] = work;
    if (this.screen.isTerminal) {
      const more = others.length === 0 ? "" : `, and ${others.length} more`;
      this.screen.status(`${this.clock()}  ${this.left()}: ${oldest}${more}`.replaceAll(NO_BREAK, " "));
    } else if (now - this.lastLine >= QUIET_MS) {
      this.write(`still ${[oldest, ...others].join(", ")}`);
    }
  }

  private write(text: string, format?: "bold"): void {
    this.lastLine = Date.now();
    const first = `${this.clock()}  `;
    this.screen.print(text, { first, rest: " ".repeat(first.length + 2), format });
  }

  private clock(): string {
    const seconds = Math.floor((Date.now() - this.began) / 1000);
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`.padStart(5);
  }

  /** The time that is left: the usual duration of the remaining steps, at the pace of this run so far. */
  private left(): string {
    const sum = (steps: readonly Step[]) => steps.reduce((total, { seconds }) => total + seconds, 0);
    const now = Date.now();
    const done = sum(this.steps.slice(0, Math.max(this.current, 0)));
    const pace = ((this.currentBegan - this.began) / 1000 + TRUST_SECONDS) / (done + TRUST_SECONDS);
    const current = (this.steps[this.current]?.seconds ?? 0) * pace - (now - this.currentBegan) / 1000;
    return timeLeft(sum(this.steps.slice(this.current + 1)) * pace + Math.max(current, 0));
  }
}
