import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { ROOT } from "../documents";
import { shellFaults } from "./check-workflow";

/** A buildspec of CodeBuild. @see https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html */
export interface Buildspec {
  readonly version: number;
  readonly env?: {
    readonly shell?: string;
    readonly variables?: Readonly<Record<string, string>>;
    readonly "parameter-store"?: object;
    readonly "secrets-manager"?: object;
    readonly "exported-variables"?: readonly string[];
  };
  readonly phases: Readonly<
    Record<string, { readonly commands?: readonly string[]; readonly "on-failure"?: string }>
  >;
  readonly artifacts?: { readonly files: readonly string[] };
}

/** Reads a buildspec. @param file path from the root of the project */
export const readBuildspec = (file: string): Buildspec =>
  parse(readFileSync(join(ROOT, file), "utf8")) as Buildspec;

/** The phases that CodeBuild runs, in order. */
const PHASES = ["install", "pre_build", "build", "post_build"];

/** All commands of a buildspec. CodeBuild runs them in one shell since version 0.2, each only if the one before has succeeded. */
export const commandsOf = ({ phases }: Buildspec): string =>
  PHASES.flatMap((name) => phases[name]?.commands ?? []).join("\n");

/** What is wrong with a buildspec, one sentence for each fault. It does not check the whole syntax. */
export function buildspecFaults(buildspec: Buildspec): string[] {
  const { version, env = {}, phases, artifacts } = buildspec;
  const faults: string[] = [];
  if (version !== 0.2) faults.push("version must be 0.2");
  if (env.shell !== "bash") faults.push("env.shell must be bash");
  for (const [name, phase] of Object.entries(phases)) {
    if (!PHASES.includes(name)) faults.push(`${name} is no phase`);
    // By default CodeBuild runs post_build also after a build that has failed.
    if (phase["on-failure"] !== "ABORT") faults.push(`${name}: on-failure must be ABORT`);
    for (const command of phase.commands ?? []) {
      faults.push(...shellFaults(command));
      if (command.includes("\n") && command.includes("npx") && !/set -euo pipefail|\|\| exit 1/.test(command))
        faults.push(`${name}: a script of several lines must stop at its first failure`);
    }
  }
  if (env["parameter-store"] ?? env["secrets-manager"]) faults.push("no stored keys");
  if (Object.keys(env.variables ?? {}).some((name) => /ACCESS_KEY|SECRET|PASSWORD/.test(name)))
    faults.push("no stored keys");
  if (artifacts?.files.some((file) => file.startsWith("plans/")))
    faults.push("a plan folder is no artifact: it has states");
  for (const name of env["exported-variables"] ?? [])
    if (!commandsOf(buildspec).includes(`export ${name}`)) faults.push(`${name} is exported and never set`);
  return faults;
}
