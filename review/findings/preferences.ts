import { isSet } from "../numbers";
import { PREFERENCES_DOCUMENT } from "../../aws/session-manager";
import { ofType } from "../resources";
import { documentIn, isKnown, type Value, type Values } from "../values";
import type { Rule, Subject } from "./rule";
import { weakening, type Plain, type Weakening } from "./weakening";

/** Terraform type of the document that holds the preferences. */
export const TYPE = "aws_ssm_document";

/** The fields of the preferences in an SSM document. undefined: the document is another one. */
export function preferencesIn(values: Values): Value | undefined {
  if (values["name"] !== PREFERENCES_DOCUMENT) return undefined;
  const { content } = values;
  if (typeof content === "symbol") return content;
  return (documentIn(content) as { inputs?: Value } | undefined)?.inputs ?? {};
}

/** A rule about one field of the preferences. */
export const field = (name: string, more: Omit<Weakening, "type" | "within" | "path">): Rule =>
  weakening({ type: TYPE, within: preferencesIn, path: [name], ...more });

/** A field of the preferences; undefined if it is absent or hidden. */
export const textOf = (values: Values | null, name: string): Plain => {
  const preferences = values === null ? undefined : preferencesIn(values);
  const value = typeof preferences === "object" ? (preferences as Values | null)?.[name] : undefined;
  return isKnown(value) ? (value as Plain) : undefined;
};
/** Whether the preferences of the stack name their key by an alias, before the plan or after it. */
export const namesSessionKey = ({ resources }: Subject, alias: string): boolean =>
  [resources.before, resources.after]
    .flatMap((all) => ofType(all, TYPE))
    .some(({ values }) => textOf(values ?? null, "kmsKeyId") === alias);
/** Whether the preferences name another destination of records. */
export const recordsElsewhere = ({ after }: Subject, name: string) => isSet(textOf(after, name));
