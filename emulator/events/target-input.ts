import type { Target } from "@aws-sdk/client-eventbridge";
import { transformInput, valueAt } from "../patterns/input-transformer";

/** One target of one rule that matched. */
export interface Invocation {
  readonly ruleArn: string;
  readonly ruleName: string;
  readonly target: Target;
}

/** What a target gets of an event: all of it, a part, a constant or a transformed text. */
export function targetInput({ ruleArn, ruleName, target }: Invocation, event: unknown): string {
  if (target.Input !== undefined && target.Input !== "") return target.Input;
  const transformer = target.InputTransformer;
  if (transformer?.InputTemplate !== undefined) {
    const by = { ruleArn, ruleName, ingestionTime: new Date().toISOString() };
    return transformInput({ ...transformer, InputTemplate: transformer.InputTemplate }, event, by);
  }
  const part =
    target.InputPath === undefined || target.InputPath === "" ? event : valueAt(target.InputPath, event);
  return JSON.stringify(part ?? {});
}
