import { validate } from "../../emulator/patterns/event-pattern";
import type { StackView } from "./synth";

/** @throws Error for the first rule of a stack whose pattern EventBridge refuses */
export function validatePatterns(stack: Pick<StackView, "all">): void {
  for (const [id, { event_pattern }] of Object.entries(stack.all("aws_cloudwatch_event_rule"))) {
    if (event_pattern === undefined) continue;
    try {
      validate(JSON.parse(String(event_pattern)));
    } catch (error) {
      throw new Error(`${id}: ${(error as Error).message}`);
    }
  }
}
