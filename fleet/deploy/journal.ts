import { createHash } from "node:crypto";
import { UserError } from "../../processes/user-error";

/** What a line of the journal is about. */
export type JournalEvent =
  /** A deployment of the plan folder begins. */
  | { readonly event: "opened"; readonly holder: Holder }
  /** Terraform is about to apply the plan of a stack. */
  | {
      readonly event: "started";
      readonly stack: string;
      readonly planSha256: string;
      readonly lineage: string | null;
      readonly serialBefore: number | null;
      readonly attempt: number;
    }
  /** Terraform has ended. */
  | {
      readonly event: "ended";
      readonly stack: string;
      readonly planSha256: string;
      readonly attempt: number;
      readonly result: "applied" | "failed";
      readonly serialAfter: number | null;
      readonly reason: string | null;
    }
  /** A wave was approved by a person, or by an option. */
  | { readonly event: "approved"; readonly wave: string; readonly by: string }
  /** Every stack of a wave has ended within the tolerance of the wave, the wave has baked, and doctor has no objection. */
  | { readonly event: "passed"; readonly wave: string }
  /** The deployment has ended. */
  | { readonly event: "closed"; readonly outcome: string };

/** Who deploys. */
export interface Holder {
  readonly user: string;
  readonly host: string;
  readonly pid: number;
}

/** A line of the journal. */
export type JournalLine = JournalEvent & {
  /** From 1, without gaps. */
  readonly sequence: number;
  /** ISO 8601, UTC. */
  readonly time: string;
  /** `hash` of the line before; of the first line: the checksum of the plan folder's manifest. */
  readonly previous: string;
  /** Sha256 over the line without this field. */
  readonly hash: string;
};

/** Where the lines of a journal are kept. */
export interface JournalStore {
  /** For messages: a path or an S3 URL. */
  readonly place: string;
  /** The texts of all whole lines, in order, and whether a process was killed while it wrote another one. */
  read(): Promise<{ readonly lines: readonly string[]; readonly isTorn: boolean }>;
  /**
   * Adds a line that outlasts a crash of the machine.
   * @throws UserError if another process has added a line with the same number
   */
  append(sequence: number, text: string): Promise<void>;
  /** Removes what a killed process has left of its last line. @param lines the whole lines, which stay */
  dropTorn(lines: readonly string[]): Promise<void>;
}

const hashOf = (line: Omit<JournalLine, "hash">): string =>
  createHash("sha256").update(JSON.stringify(line)).digest("hex");

/**
 * What a deployment of a plan folder has done: an append-only list in which each line has the hash of the line before,
 * so that a line that was changed, taken out or added later shows. Two things do not show, because nothing
 * outside of the journal knows its lines: that lines are missing at the end, and that somebody has written lines anew with
 * their hashes.
 */
export class Journal {
  private writing: Promise<void> = Promise.resolve();

  private constructor(
    private readonly store: JournalStore,
    private readonly origin: string,
    private readonly entries: JournalLine[],
    private readonly now: () => Date,
  ) {}

  /**
   * Reads the journal, or begins one.
   * @param origin checksum of the plan folder's manifest: a journal belongs to one plan folder
   * @throws UserError if a line does not fit the one before it
   */
  static async open(store: JournalStore, origin: string, now = () => new Date()): Promise<Journal> {
    const { lines, isTorn } = await store.read();
    const entries: JournalLine[] = [];
    for (const [index, text] of lines.entries()) {
      const line = parsed(text);
      const previous = entries.at(-1)?.hash ?? origin;
      if (
        line === null ||
        line.sequence !== index + 1 ||
        line.previous !== previous ||
        !isAsWritten(line, text)
      ) {
        throw new UserError({
          what: `${store.place}: line ${index + 1} does not fit the line before it, so the journal is not whole, was changed, or belongs to another plan folder.`,
          remedy: "Do not go on from it. Plan again, and deploy the new plan folder.",
        });
      }
      entries.push(line);
    }
    if (isTorn) await store.dropTorn(lines);
    return new Journal(store, origin, entries, now);
  }

  get lines(): readonly JournalLine[] {
    return this.entries;
  }

  /**
   * Adds a line. When the promise resolves, the line is on disk or in S3.
   * @param event with its time, if it has happened before now
   */
  add(event: JournalEvent & { readonly time?: string }): Promise<void> {
    const written = this.writing.then(async () => {
      const line = {
        sequence: this.entries.length + 1,
        time: this.now().toISOString(),
        ...event,
        previous: this.entries.at(-1)?.hash ?? this.origin,
      };
      const whole = { ...line, hash: hashOf(line) } as JournalLine;
      await this.store.append(whole.sequence, JSON.stringify(whole));
      this.entries.push(whole);
    });
    this.writing = written.catch(() => undefined);
    return written;
  }

  /** The deployment that has begun and not ended, or null. */
  get unfinished(): Holder | null {
    const last = this.entries.findLast(({ event }) => event === "opened" || event === "closed");
    return last?.event === "opened" ? last.holder : null;
  }

  /** The last thing that happened to a stack, or null. */
  lastOf(stack: string): Extract<JournalLine, { event: "started" | "ended" }> | null {
    return (
      this.entries.findLast(
        (line): line is Extract<JournalLine, { event: "started" | "ended" }> =>
          (line.event === "started" || line.event === "ended") && line.stack === stack,
      ) ?? null
    );
  }

  /** Whether the plan of a stack was applied. */
  hasApplied(stack: string, planSha256: string): boolean {
    return this.entries.some(
      (line) =>
        line.event === "ended" &&
        line.stack === stack &&
        line.planSha256 === planSha256 &&
        line.result === "applied",
    );
  }
}

/** Whether a line has the text that a journal writes: JSON can say the same in other spellings. */
function isAsWritten({ hash, ...rest }: JournalLine, text: string): boolean {
  return hash === hashOf(rest) && text === JSON.stringify({ ...rest, hash });
}

function parsed(text: string): JournalLine | null {
  try {
    const line = JSON.parse(text) as unknown;
    return typeof line === "object" && line !== null ? (line as JournalLine) : null;
  } catch {
    return null;
  }
}
