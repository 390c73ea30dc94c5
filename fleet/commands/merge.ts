import { relative, resolve } from "node:path";
import type { Command } from "commander";
import { plural } from "../../review/render/words";
import { newCommand, type Context } from "../command";
import { copyStacks, mergedManifest, type Part } from "../merge";
import { createPlanFolder, readManifest } from "../plan-folder";

const EXAMPLES = `
Examples:
  Merge the parts that eight jobs of a pipeline have planned:
    npx session-audit merge parts/* --out plans/monday

Exit codes:
  0  the plan folder was made
  1  a part is missing, given twice, or changed, or was made from another commit than the others`;

/** `session-audit merge`: one plan folder out of the parts that `--shard` made. */
export const mergeCommand = (context: Context): Command =>
  newCommand("merge", context)
    .description("Merges the parts of a plan (`session-audit plan --shard i/n`) into one plan folder.")
    .argument("<folders...>", "the plan folders of all parts")
    .requiredOption("-o, --out <folder>", "the plan folder to create")
    .addHelpText("after", EXAMPLES)
    .action(async (folders: string[], { out }: { out: string }) => {
      const { io } = context;
      const parts: Part[] = [];
      for (const name of folders) {
        const folder = resolve(io.cwd, name);
        parts.push({ folder, manifest: await readManifest(folder) });
      }
      const manifest = mergedManifest(parts);
      const folder = resolve(io.cwd, out);
      await createPlanFolder(folder, async (work) => {
        await copyStacks(parts, work);
        return manifest;
      });
      io.stdout.write(
        `${plural(manifest.stacks.length, "stack")} of ${plural(parts.length, "part")}: ${relative(io.cwd, folder) || "."}\n`,
      );
    });
