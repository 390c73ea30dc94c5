import { simulate, type PolicyDocument } from "../emulator/iam/policy-simulator";
import { replicaBucketPolicy } from "../stacks/policies/replica-policy";
import { ACCOUNT, BASE, inDocs } from "./helpers/deployment-role";

const DESTROY = inDocs("destroy-role.json");
const BUCKET = `arn:aws:s3:::session-audit-acme-${ACCOUNT}-eu-central-1-copy`;
const TRANSCRIPT = `${BUCKET}/sessions/${ACCOUNT}/eu-central-1/alice.log`;
const THEIRS = "arn:aws:s3:::another-bucket";

const place = (region: string) => ({
  organization: "acme",
  account: { id: ACCOUNT, partition: "aws" as const },
  region,
});
/** The policy of the bucket of a replica in the account. */
const bucketPolicy = (protect: boolean) =>
  replicaBucketPolicy(
    {
      source: { place: place("eu-central-1"), bucket: BUCKET.slice("arn:aws:s3:::".length, -"-copy".length) },
      replica: { place: place("us-east-1"), bucket: BUCKET.slice("arn:aws:s3:::".length) },
      prefix: "sessions/",
    } as Parameters<typeof replicaBucketPolicy>[0],
    { readers: [], central: false, protect },
  ) as PolicyDocument;

const verdict = async (action: string, resource: string, policies: PolicyDocument[], protect: boolean) =>
  (
    await simulate({
      action,
      resource,
      resourceAccountId: ACCOUNT,
      identityPolicies: policies,
      context: {},
      principal: `arn:aws:iam::${ACCOUNT}:role/session-audit-deploy`,
      ...(resource.startsWith(BUCKET) && { resourcePolicy: bucketPolicy(protect) }),
    })
  ).result;

it.each`
  action                            | resource         | alone                 | protected             | unprotected
  ${"s3:ListBucketVersions"}        | ${BUCKET}        | ${"ImplicitlyDenied"} | ${"Allowed"}          | ${"Allowed"}
  ${"s3:DeleteObject"}              | ${TRANSCRIPT}    | ${"ImplicitlyDenied"} | ${"ExplicitlyDenied"} | ${"Allowed"}
  ${"s3:DeleteObjectVersion"}       | ${TRANSCRIPT}    | ${"ImplicitlyDenied"} | ${"ExplicitlyDenied"} | ${"Allowed"}
  ${"s3:BypassGovernanceRetention"} | ${TRANSCRIPT}    | ${"ImplicitlyDenied"} | ${"ExplicitlyDenied"} | ${"Allowed"}
  ${"s3:DeleteBucket"}              | ${BUCKET}        | ${"Allowed"}          | ${"Allowed"}          | ${"Allowed"}
  ${"s3:GetObject"}                 | ${TRANSCRIPT}    | ${"ExplicitlyDenied"} | ${"ExplicitlyDenied"} | ${"ExplicitlyDenied"}
  ${"s3:ListBucketVersions"}        | ${THEIRS}        | ${"ImplicitlyDenied"} | ${"ImplicitlyDenied"} | ${"ImplicitlyDenied"}
  ${"s3:DeleteObjectVersion"}       | ${`${THEIRS}/x`} | ${"ImplicitlyDenied"} | ${"ImplicitlyDenied"} | ${"ImplicitlyDenied"}
  ${"s3:DeleteBucket"}              | ${THEIRS}        | ${"ImplicitlyDenied"} | ${"ImplicitlyDenied"} | ${"ImplicitlyDenied"}
`(
  "$action on $resource is $alone without destroy-role.json in an unprotected bucket; with it $protected in a protected one, and $unprotected in an unprotected one",
  async ({ action, resource, alone, ...row }: Record<string, string>) => {
    const both = [...BASE, DESTROY];
    expect({
      alone: await verdict(action!, resource!, BASE, false),
      protected: await verdict(action!, resource!, both, true),
      unprotected: await verdict(action!, resource!, both, false),
    }).toEqual({ alone, ...row });
  },
);
