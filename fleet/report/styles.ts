import type { Output } from "../../processes/program";
import { Screen, type Format } from "../../processes/terminal";

/** A function that gives texts for a stream a colour or a weight, or leaves them as they are where there are no colours. */
export function styles(output: Output, env: NodeJS.ProcessEnv): (format: Format, text: string) => string {
  const screen = new Screen(output, env);
  return (format, text) => screen.styled(format, text);
}
