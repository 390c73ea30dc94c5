import { planBucketResources } from "../../../fleet/bootstrap/plan-bucket";
import type { Policy } from "../../../stacks/policies/policy";
import { MAPS, policiesOf } from "./every-policy";
import { administratorOf, decisionOn, MEMBER, without } from "./helpers";

/** The condition key of a request through an access point. S3 compares the bucket's policy with the bucket's own ARN. */
const THROUGH = { "s3:DataAccessPointArn": `arn:aws:s3:eu-central-1:${MEMBER}:accesspoint/mallory` };

const planBucket = planBucketResources({ accountId: MEMBER, partition: "aws" }).PlansBucketPolicy.Properties
  .PolicyDocument as unknown as Policy;

/** The buckets that session-audit creates, each once. */
const buckets = new Map<string, Policy>([["the bucket of plan folders", planBucket]]);
for (const [, organization] of MAPS)
  for (const { kind, name, policy } of policiesOf(organization))
    // Statements that the owner of an existing bucket adds refuse nothing.
    if (kind === "bucket" && policy.Statement.some(({ Effect }) => Effect === "Deny"))
      buckets.set(name, policy);

const arnOf = (policy: Policy) =>
  policy.Statement.find(({ Sid }) => Sid === "RefuseAccessPoints")!.Resource![0]!;

it("are those of transcripts, replicas, recordings, access logs, trails, and the pipeline", () => {
  expect([...buckets.keys()].sort()).toMatchInlineSnapshot(`
    [
      "access logs eu-central-1",
      "access logs us-east-1",
      "archive bucket eu-central-1",
      "archive bucket eu-central-1, AES256",
      "archive bucket us-east-1",
      "archive bucket us-east-1, AES256",
      "own bucket log-archive eu-central-1",
      "own bucket log-archive us-east-1",
      "own bucket payments eu-central-1",
      "own bucket payments us-east-1",
      "own bucket sandbox eu-central-1",
      "own bucket security us-east-1",
      "own bucket storefront us-east-1",
      "pipeline bucket",
      "recordings sandbox eu-central-1",
      "replica bucket log-archive eu-central-1",
      "replica bucket log-archive us-east-1",
      "replica bucket payments eu-central-1",
      "replica bucket payments us-east-1",
      "replica bucket sandbox eu-central-1",
      "replica bucket storefront us-east-1",
      "the bucket of plan folders",
      "trail bucket backup",
      "trail bucket log-archive",
      "trail bucket payments",
      "trail bucket sandbox",
      "trail bucket security",
      "trail bucket storefront",
    ]
  `);
});

describe.each([...buckets])("%s", (_name, policy) => {
  it.each([
    ...["s3:ListBucket", "s3:GetObject", "s3:PutObject", "s3:DeleteObjectVersion"],
    ...["s3:PutObjectLegalHold", "s3:PutObjectRetention", "s3:BypassGovernanceRetention"],
  ])("refuses %s through an access point, by one statement", async (action) => {
    const bucket = arnOf(policy);
    const resource = action === "s3:ListBucket" ? bucket : `${bucket}/plans/1/manifest.json`;
    const asked = { who: administratorOf(MEMBER), action, resource, owner: MEMBER };
    const context = action === "s3:PutObject" ? { "s3:if-none-match": "*" } : {};
    const direct = await decisionOn({ ...asked, context, policy });
    const through = { ...asked, context: { ...context, ...THROUGH } };
    expect(await decisionOn({ ...through, policy })).toBe("ExplicitlyDenied");
    expect(await decisionOn({ ...through, policy: without(policy, "RefuseAccessPoints") })).toBe(direct);
  });
});
