import type { Argument, Command } from "commander";
import { UserError } from "../processes/user-error";

/**
 * Refuses an empty value of an argument or an option. A script that writes `--out "$REPORTS"` gives one if the variable is
 * not set. As a path, it would be the working directory, which a build deletes at its end.
 * @throws UserError that names the argument or the option
 */
export function refuseEmptyValues(command: Command): void {
  command.registeredArguments.forEach((argument, index) => {
    const name = nameOf(argument);
    refuse(command.processedArgs[index], name, `${name}: ${argument.description}`);
  });
  for (const option of command.options) {
    const name = option.long ?? option.flags;
    refuse(command.getOptionValue(option.attributeName()), name, `${option.flags}: ${option.description}`);
  }
}

/** An argument as the help shows it. */
function nameOf(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

function refuse(value: unknown, name: string, allowed: string): void {
  const texts: readonly unknown[] = Array.isArray(value) ? value : [value];
  const empty = texts.find((text) => typeof text === "string" && text.trim() === "");
  if (empty === undefined) return;
  throw new UserError({
    what: `${name} ${JSON.stringify(empty)} is empty.`,
    allowed,
    remedy: "Give a value. A script that sets it probably lacks a variable.",
  });
}
