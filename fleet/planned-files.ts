import { readFile } from "node:fs/promises";
import { sha256Of } from "../files/checksum";
import { UserError } from "../processes/user-error";
import { filesOf, type PlannedStack } from "./plan-folder";

/** The files of a stack whose checksums the manifest has: what they are called, and the field with the checksum. */
const PLANNED = {
  plan: ["plan", "planSha256"],
  json: ["plan as JSON", "jsonSha256"],
  configuration: ["configuration", "configurationSha256"],
  lockFile: ["lock file", "lockFileSha256"],
} as const;

export type PlannedFile = keyof typeof PLANNED;

/** A file of a plan folder that is missing, or is not the one that was planned. */
export class ForeignFile extends UserError {
  override readonly name = "ForeignFile";

  constructor(
    /** Stack, file and both checksums. */
    readonly problem: string,
  ) {
    super({
      what: "the plan folder is not what was planned.",
      found: problem,
      remedy: "Plan again. If somebody has changed the folder, find out who.",
    });
  }
}

/**
 * Refuses the content of a file that is not the one that was planned.
 * @throws ForeignFile
 */
export function refuseForeign(stack: PlannedStack, which: PlannedFile, data: string | Buffer): void {
  const [name, field] = PLANNED[which];
  const found = sha256Of(data);
  if (found === stack[field]) return;
  throw new ForeignFile(
    `${stack.id}: the ${name} has the checksum ${found}, the manifest says ${stack[field] ?? "that there is none"}`,
  );
}

/**
 * Reads a file of a stack as it was planned.
 * @param folder the plan folder
 * @throws ForeignFile if it is missing, or another one
 */
export async function plannedFile(folder: string, stack: PlannedStack, which: PlannedFile): Promise<Buffer> {
  const file = filesOf(folder, stack.id)[which];
  const data = await readFile(file).catch(() => null);
  if (data === null) throw new ForeignFile(`${stack.id}: the ${PLANNED[which][0]} is missing: ${file}`);
  refuseForeign(stack, which, data);
  return data;
}

/** What is wrong with the files of stacks, at most one line for each stack. */
export async function foreignFiles(folder: string, stacks: readonly PlannedStack[]): Promise<string[]> {
  const problemOf = async (stack: PlannedStack): Promise<string | null> => {
    try {
      for (const which of Object.keys(PLANNED) as PlannedFile[]) await plannedFile(folder, stack, which);
      return null;
    } catch (error) {
      if (error instanceof ForeignFile) return error.problem;
      throw error;
    }
  };
  return (await Promise.all(stacks.map(problemOf))).flatMap((problem) => problem ?? []);
}
