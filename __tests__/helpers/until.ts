import { setTimeout as delay } from "node:timers/promises";

/** What a test waits for, and when it stops waiting. */
export interface Wait {
  /** Completes the sentence "there was still no …" of the error. */
  readonly what: string;
  /**
   * Milliseconds after which the wait fails. The limit measures no speed: it only ends a wait for a condition that
   * never holds.
   * @default 120_000, because a machine may be busy with other work
   */
  readonly within?: number;
}

/**
 * Waits until a condition holds.
 * @throws Error that says what the test waited for, or whatever the condition throws
 * @example await until(() => existsSync(file), { what: `file ${file}` });
 */
export async function until(
  condition: () => boolean | Promise<boolean>,
  { what, within = 120_000 }: Wait,
): Promise<void> {
  const end = Date.now() + within;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`After ${within / 1000} seconds there was still no ${what}`);
    await delay(25);
  }
}
