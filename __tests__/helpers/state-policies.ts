import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** Who works on the states. */
export type StateRole = "plan" | "deploy";

/** Names of the roles of the pipelines, in the account of the bucket. */
export const PIPELINES: Readonly<Record<StateRole, string>> = {
  plan: "session-audit-pipeline-plan",
  deploy: "session-audit-pipeline-deploy",
};

/** What stands in the place of each placeholder of the documented policies. */
const VALUES: Readonly<Record<string, string>> = {
  "<state bucket>": "acme-terraform-state",
  "<key prefix>": "session-audit",
  "<journal prefix>": "journals",
  "<state key ARN>": "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
  "<planning role ARN>": `arn:aws:iam::123456789012:role/${PIPELINES.plan}`,
  "<deploying role ARN>": `arn:aws:iam::123456789012:role/${PIPELINES.deploy}`,
};

/** A policy as the documentation has it. */
export interface StateDocument {
  readonly Version: string;
  readonly Statement: readonly (Readonly<Record<string, unknown>> & {
    readonly Sid: string;
    readonly Action: string | readonly string[];
  })[];
}

/**
 * A documented policy for the bucket of the states, filled in.
 * @param name of the file in docs/, without its extension
 * @throws Error if a placeholder is not known here
 */
export function stateDocument(name: string): StateDocument {
  const text = readFileSync(join(resolve(__dirname, "..", ".."), "docs", `${name}.json`), "utf8");
  const filled = Object.entries(VALUES).reduce((all, [place, value]) => all.replaceAll(place, value), text);
  const [left] = /<[^>]*>/.exec(filled) ?? [];
  if (left !== undefined) throw new Error(`${name}.json has a placeholder that no value stands for: ${left}`);
  return JSON.parse(filled) as StateDocument;
}
