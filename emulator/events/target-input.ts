import type { Target } from "@aws-sdk/client-eventbridge";
import { transformInput, valueAt } from "../patterns/input-transformer";

/** A target of a rule that matches an event. */
export interface Invocation {
  readonly ruleArn: string;
  readonly ruleName: string;
  readonly target: Target;
}

/** What a target receives for an event: the whole event, a part of it, a constant, or a transformed text. */
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
