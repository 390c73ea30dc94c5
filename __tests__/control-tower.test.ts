import { parse } from "yaml";
import { simulate, type PolicyDocument } from "../emulator/iam/policy-simulator";
import { goodMap } from "./accounts/rules/good-map";
import { problemsOf } from "./accounts/rules/problems-of";
import { codeBlock } from "./helpers/code-blocks";
import { read } from "./helpers/documents";
import { tablesOf } from "./helpers/markdown-tables";
import { synthesize } from "./helpers/synth";

const PAGE = "docs/control-tower.md";
const CONTROLS = "Controls that touch what is deployed";
const ACCOUNT = "222222222222";
const ARTIFACT = JSON.parse(codeBlock(PAGE, CONTROLS, "json")) as PolicyDocument;

/** The documented policy of the role that deploys. */
const DEPLOYS = JSON.parse(
  read("docs/deployment-role.json").replaceAll("<organization>", "acme").replaceAll("<account>", ACCOUNT),
) as PolicyDocument;

/** Whether a role with that policy may change the configuration of a bucket. */
async function mayCall(action: string, role: string, scps: readonly PolicyDocument[]): Promise<boolean> {
  const { result } = await simulate({
    principal: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/session-audit`,
    action,
    resource: `arn:aws:s3:::session-audit-acme-${ACCOUNT}-eu-central-1`,
    resourceAccountId: ACCOUNT,
    identityPolicies: [DEPLOYS],
    scps,
  });
  return result === "Allowed";
}

it("shows settings that are part of a valid map", () => {
  const part = parse(codeBlock(PAGE, "The role that deploys", "yaml")) as object;
  expect(problemsOf({ ...goodMap(), ...part })).toEqual([]);
});

const REFUSED = tablesOf(read(PAGE))
  .get(CONTROLS)!
  .map(([, action]) => action!.replaceAll("`", ""));

it("lists the five controls of configurations of buckets", () => expect(REFUSED).toHaveLength(5));

it.each(REFUSED)("lists only what the deploying role calls: %s", async (action) => {
  expect(await mayCall(action, "session-audit-deploy", [])).toBe(true);
});

it.each`
  role                          | allowed
  ${"AWSControlTowerExecution"} | ${true}
  ${"session-audit-deploy"}     | ${false}
`("the control lets $role set the encryption of a bucket: $allowed", async ({ role, allowed }) => {
  expect(await mayCall("s3:PutEncryptionConfiguration", String(role), [ARTIFACT])).toBe(allowed);
});

it("no name of a resource begins like those that Control Tower protects", () => {
  const named = [...synthesize().values()].flatMap(({ json }) =>
    [...JSON.stringify(json.resource ?? {}).matchAll(/"(?:\w+_)?(?:name|bucket)":"([^"$]+)"/g)].map(
      ([, name]) => name!,
    ),
  );
  expect(named.length).toBeGreaterThan(50);
  expect(named.filter((name) => /aws-?controltower/i.test(name))).toEqual([]);
});
