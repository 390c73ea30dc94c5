import type { Command } from "commander";
import { mapFile } from "../../accounts/reading/load";
import type { Io } from "../../processes/program";
import { UserError } from "../../processes/user-error";
import { pipelineOf } from "../../stacks/names";
import { readOrganization } from "../../stacks/read-organization";
import { PROJECT } from "../options";
import { s3Client } from "../s3-folder";
import { Engine } from "./engine";
import { lockTimeoutOption } from "../lock-timeout";

/** The options of every command that distributes work. */
export interface EngineOptions {
  readonly stateMachine?: string;
  readonly bucket?: string;
  readonly workers: string;
  readonly lockTimeout: string;
}

/** Adds these options. */
export const withEngine = (command: Command): Command =>
  command
    .option(
      "--workers <number>",
      "how many items workers have at a time: at most as many as workers run",
      "16",
    )
    .addOption(lockTimeoutOption())
    .option("--state-machine <arn>", "another state machine than that of the map's pipeline")
    .option("--bucket <name>", "another bucket than that of the map's pipeline");

/** The number of items that workers have at a time. @throws UserError if the text is no such number */
export function workersOf(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new UserError({
    what: `--workers ${JSON.stringify(text)} is not a number of workers.`,
    allowed: "1 to 9999",
    remedy: "Say how many workers run.",
  });
}

/**
 * The engine that the options name, or that of the map's pipeline.
 * @throws UserError if there is neither
 */
export async function engineOf({ stateMachine, bucket }: EngineOptions, io: Io): Promise<Engine> {
  const s3 = await s3Client(io.env);
  if (stateMachine !== undefined && bucket !== undefined)
    return Engine.open(stateMachine, bucket, s3, io.env);
  const { pipeline, name } = readOrganization(mapFile(io.env, PROJECT, io.cwd));
  if (pipeline === null) {
    throw new UserError({
      what: "the map has no pipeline.",
      remedy:
        "Describe it in the section pipeline and deploy its stack, or name --state-machine and --bucket.",
    });
  }
  const made = pipelineOf({ name }, pipeline);
  return Engine.open(stateMachine ?? made.stateMachineArn, bucket ?? made.bucket, s3, io.env);
}
