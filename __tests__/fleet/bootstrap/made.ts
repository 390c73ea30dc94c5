import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { AccountsMap } from "../../../accounts/schema";
import type { PolicyDocument } from "../../../emulator/iam/policy-simulator";
import { bootstrap, PIPELINE_ROLES, type Bootstrap } from "../../../fleet/bootstrap/templates";
import type { Pipeline, Purpose } from "../../../fleet/bootstrap/trust";
import { checkMap } from "../../../stacks/read-organization";
import exampleMap from "../../fixtures/example-map";
import { admitsCaller } from "../../helpers/admits";
import { rolesOf } from "../../helpers/cloudformation";

export const ROOT = join(__dirname, "..", "..", "..");
/** The account of the pipeline, and an account to which it deploys. */
export const PIPELINE_ACCOUNT = "111111111111";
export const ACCOUNT = "444444444444";
/** A `deployment` that names both roles in each account. */
export const ROLES = {
  mode: "assume-role",
  role: "session-audit-deploy",
  planRole: "session-audit-plan",
} as const;
/** A map with `notifications.central`, and the map with everything. */
export const CENTRAL = parse(
  readFileSync(join(ROOT, "__tests__", "fixtures", "central-place.yaml"), "utf8"),
) as AccountsMap;
export const COMPLETE = parse(
  readFileSync(join(ROOT, "docs", "examples", "complete.yaml"), "utf8"),
) as AccountsMap;
export const GITHUB: Pipeline = {
  kind: "github",
  repository: "acme/audit",
  environments: ["canary", "rest"],
  branch: "main",
};

/** The same repository, if the subjects of its tokens have ids. */
export const WITH_IDS: Pipeline = { ...GITHUB, ids: { owner: "123456", repository: "456789" } };

/** The templates of a map with changes, for a pipeline. */
export const made = (
  changes: Partial<AccountsMap> = {},
  pipeline: Pipeline = GITHUB,
  map: AccountsMap = exampleMap,
): Bootstrap =>
  bootstrap({
    organization: checkMap({ ...map, deployment: ROLES, ...changes }, "map"),
    pipeline,
    pipelineAccount: PIPELINE_ACCOUNT,
  });
/** A role in an account, by its name, and the role of the pipeline for a purpose. */
export const accountRole = (templates: Bootstrap, name: string, accountId = ACCOUNT) =>
  rolesOf(templates.accounts, accountId).find((role) => role.name === name)!;
export const pipelineRole = (templates: Bootstrap, purpose: Purpose) =>
  rolesOf(templates.pipeline, PIPELINE_ACCOUNT, { IdentityProvider: "create" }).find(
    ({ name }) => name === PIPELINE_ROLES[purpose],
  )!;

/** Whether a trust policy lets a caller, who may call everything, assume a role. */
export const admits = (
  trust: PolicyDocument,
  action: string,
  principal: string,
  context: Record<string, string | undefined>,
  account = PIPELINE_ACCOUNT,
): Promise<boolean> => admitsCaller(trust, { action, principal, context, account });

/** An answer for each role of the pipeline. */
export const byPurpose = async <T>(ask: (purpose: Purpose) => Promise<T>) => ({
  plan: await ask("plan"),
  deploy: await ask("deploy"),
  report: await ask("report"),
});
/** A map whose reports are made with the role of the pipeline for reports. */
export const REPORTED: Partial<AccountsMap> = {
  access: {
    ...exampleMap.access,
    reporters: [`arn:aws:iam::${PIPELINE_ACCOUNT}:role/${PIPELINE_ROLES.report}`],
  },
};

/** A key in the account of the pipeline. */
export const KEY = `arn:aws:kms:eu-central-1:${PIPELINE_ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;

/** The condition key of calls on resources of the organization. */
export const OURS = { "aws:ResourceOrgID": "o-a1b2c3d4e5" };
