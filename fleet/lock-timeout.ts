import { Option } from "commander";
import { UserError } from "../processes/user-error";

/** A whole number of seconds or minutes, one of the forms that Terraform's `-lock-timeout` takes. */
export const LOCK_TIMEOUT = /^\d{1,5}[sm]$/;

/** The option `--lock-timeout`, which every command that runs Terraform has. */
export const lockTimeoutOption = (): Option =>
  new Option("--lock-timeout <duration>", "how long to wait for a locked state, like 60s or 5m")
    .default("60s")
    .argParser(lockTimeoutIn);

/** Refuses a duration before any Terraform starts: each would fail with it. @throws UserError */
function lockTimeoutIn(text: string): string {
  if (LOCK_TIMEOUT.test(text)) return text;
  throw new UserError({
    what: `--lock-timeout ${JSON.stringify(text)} is not a duration.`,
    allowed: "a whole number of seconds or minutes, like 60s or 5m",
    remedy: "Write the number and its unit, s or m.",
  });
}
