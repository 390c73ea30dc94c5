import { Option } from "commander";
import { sha256Of } from "../files/checksum";
import { UserError } from "../processes/user-error";
import { plural } from "../review/render/words";
import type { Selected } from "./options";

/** A stack as far as two machines must agree on it. Two maps may have an account of one name with different ids. */
interface Identity {
  readonly id: string;
  readonly accountId: string;
}

/** The option by which the command of a worker learns what the run has selected. */
export const selectedOption = (): Option =>
  new Option(
    "--selected <checksum>",
    "refuse other stacks than those that distribute has selected",
  ).hideHelp();

const REMEDY =
  "Workers read the map of their own clone. Name the map of this run to them with SESSION_AUDIT_ACCOUNTS, or with pipeline.workers.map for builds, and start the command again.";

/** How many stacks a message names. */
const NAMED = 20;

const keyOf = ({ id, accountId }: Identity): string => `${id} ${accountId}`;

function listed(names: readonly string[]): string {
  const more = names.length - NAMED;
  return `${names.slice(0, NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** A checksum of the stacks that a machine has selected, which is the same for the same stacks of the same accounts. */
export const checksumOf = ({ organization, stacks }: Pick<Selected, "organization" | "stacks">): string =>
  sha256Of(Buffer.from(JSON.stringify([organization.name, ...stacks.map(keyOf).sort()])));

/**
 * Refuses a selection on the machine of a worker that differs from that of the run.
 * @param checksum that of the run; undefined: the command is no part of a run
 * @throws UserError that names the map and the stacks
 */
export function refuseOtherSelection(checksum: string | undefined, selected: Selected): void {
  if (checksum === undefined || checksum === checksumOf(selected)) return;
  const { map, organization, stacks } = selected;
  throw new UserError({
    what: `${map}: the worker selects other stacks than the run.`,
    found: `${plural(stacks.length, "stack")} of ${organization.name}: ${listed(stacks.map(({ id }) => id))}`,
    remedy: REMEDY,
  });
}

/**
 * Refuses what workers have found, unless it is about the selected stacks, each once.
 * @param done what workers have done with them, like "planned"
 * @throws UserError that names the stacks that are missing, and those of another map
 */
export function refuseOtherStacks(
  selected: readonly Identity[],
  found: readonly Identity[],
  done: string,
): void {
  const [wanted, there] = [new Set(selected.map(keyOf)), new Set(found.map(keyOf))];
  const missing = selected.filter((stack) => !there.has(keyOf(stack))).map(({ id }) => id);
  const foreign = found
    .filter((stack) => !wanted.has(keyOf(stack)))
    .map(({ id, accountId }) => `${id} (account ${accountId})`);
  const twice = found
    .filter((stack, index) => found.findIndex(({ id }) => id === stack.id) < index)
    .map(({ id }) => id);
  const faults = [
    ["missing", missing],
    ["not selected", foreign],
    ["twice", twice],
  ] as const;
  const lines = faults.flatMap(([fault, names]) => (names.length > 0 ? [`${fault}: ${listed(names)}`] : []));
  if (lines.length === 0) return;
  throw new UserError({
    what: `the workers have ${done} other stacks than those that are selected.`,
    found: lines.join("\n"),
    remedy: REMEDY,
  });
}
