import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { z } from "zod";
import { withoutBom } from "../files/byte-order-mark";
import { UserError } from "../processes/user-error";
import { readManifest } from "./plan-folder";

const durations = z.record(z.string(), z.number().nonnegative());

/**
 * How long stacks took in an earlier plan.
 * @param named a plan folder, or a file that `matrix --save-durations` has written; undefined: nothing is known
 * @returns seconds by id
 * @throws UserError if it is neither
 */
export async function durationsOf(named: string | undefined, cwd: string): Promise<Map<string, number>> {
  if (named === undefined) return new Map();
  const place = resolve(cwd, named);
  const isFile = await stat(place).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!isFile) {
    const { stacks } = await readManifest(place);
    return new Map(stacks.map(({ id, seconds }) => [id, seconds]));
  }
  try {
    return new Map(Object.entries(durations.parse(JSON.parse(withoutBom(await readFile(place, "utf8"))))));
  } catch {
    throw new UserError({
      what: `--durations ${named} is not a file with durations.`,
      allowed: 'a plan folder, or JSON like {"archive-eu-central-1":21.5}',
      remedy: "Leave it out: the stacks are then divided by their ids.",
    });
  }
}
