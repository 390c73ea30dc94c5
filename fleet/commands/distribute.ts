import type { Command } from "commander";
import { newCommand, type Context } from "../command";
import { distributeDeployCommand } from "./distribute-deploy";
import { distributeDriftCommand, distributePlanCommand } from "./distribute-parts";

/** `session-audit distribute`: plan, deploy and drift on many machines. */
export const distributeCommand = (context: Context): Command => {
  const command = newCommand("distribute", context)
    .description(
      "Runs plan, deploy or drift on workers (`session-audit worker`), by a state machine of AWS Step Functions. The " +
        "section `pipeline` of the map creates the state machine, its queue, its bucket and a CodeBuild project for workers.",
    )
    .enablePositionalOptions();
  for (const subcommand of [distributePlanCommand, distributeDeployCommand, distributeDriftCommand])
    command.addCommand(subcommand(context));
  return command;
};
