import { simulate, type PolicyDocument } from "../emulator/iam/policy-simulator";
import { PIPELINES, stateDocument } from "./helpers/state-policies";

const ACCOUNT = "123456789012";
const BUCKET = "arn:aws:s3:::acme-terraform-state";
const STATE = `${BUCKET}/session-audit/account-payments.tfstate`;
const LOCK = `${STATE}.tflock`;
const JOURNAL = `${BUCKET}/journals/monday/000001.json`;
const ONCE = { "s3:if-none-match": "*" };
const PLAIN = {};
const ANOTHER = `${BUCKET}/network/vpc.tfstate`;
const document = (name: string) => stateDocument(name) as unknown as PolicyDocument;

const ADMINISTRATOR: PolicyDocument = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
};
/** The policies of each role in the tables. */
const IDENTITIES: Readonly<Record<string, PolicyDocument>> = {
  [PIPELINES.plan]: document("state-plan-role"),
  [PIPELINES.deploy]: document("state-deploy-role"),
  administrator: ADMINISTRATOR,
};

it.each`
  role                | action                                 | resource   | allowed
  ${PIPELINES.plan}   | ${"s3:ListBucket"}                     | ${BUCKET}  | ${true}
  ${PIPELINES.plan}   | ${"s3:GetObject"}                      | ${STATE}   | ${true}
  ${PIPELINES.plan}   | ${"s3:PutObject"}                      | ${STATE}   | ${false}
  ${PIPELINES.plan}   | ${"s3:DeleteObject"}                   | ${STATE}   | ${false}
  ${PIPELINES.plan}   | ${"s3:PutObject"}                      | ${LOCK}    | ${true}
  ${PIPELINES.plan}   | ${"s3:GetObject"}                      | ${LOCK}    | ${true}
  ${PIPELINES.plan}   | ${"s3:DeleteObject"}                   | ${LOCK}    | ${true}
  ${PIPELINES.plan}   | ${"s3:GetObject"}                      | ${ANOTHER} | ${false}
  ${PIPELINES.deploy} | ${"s3:ListBucket"}                     | ${BUCKET}  | ${true}
  ${PIPELINES.deploy} | ${"s3:GetObject"}                      | ${STATE}   | ${true}
  ${PIPELINES.deploy} | ${"s3:PutObject"}                      | ${STATE}   | ${true}
  ${PIPELINES.deploy} | ${"s3:DeleteObject"}                   | ${STATE}   | ${false}
  ${PIPELINES.deploy} | ${"s3:PutObject"}                      | ${LOCK}    | ${true}
  ${PIPELINES.deploy} | ${"s3:DeleteObject"}                   | ${LOCK}    | ${true}
  ${PIPELINES.deploy} | ${"s3:PutObject"}                      | ${ANOTHER} | ${false}
  ${"administrator"}  | ${"s3:GetObject"}                      | ${STATE}   | ${false}
  ${"administrator"}  | ${"s3:PutObject"}                      | ${STATE}   | ${false}
  ${"administrator"}  | ${"s3:DeleteObject"}                   | ${STATE}   | ${false}
  ${"administrator"}  | ${"s3:DeleteObject"}                   | ${LOCK}    | ${true}
  ${"administrator"}  | ${"s3:GetObjectVersionForReplication"} | ${STATE}   | ${false}
  ${"administrator"}  | ${"s3:ReplicateObject"}                | ${STATE}   | ${false}
  ${"administrator"}  | ${"s3:ReplicateDelete"}                | ${STATE}   | ${false}
  ${"administrator"}  | ${"s3:DeleteObject"}                   | ${JOURNAL} | ${false}
  ${"administrator"}  | ${"s3:DeleteObjectVersion"}            | ${JOURNAL} | ${false}
  ${"administrator"}  | ${"s3:ReplicateObject"}                | ${JOURNAL} | ${false}
  ${"administrator"}  | ${"s3:ReplicateDelete"}                | ${JOURNAL} | ${false}
  ${"administrator"}  | ${"s3:GetObject"}                      | ${JOURNAL} | ${true}
  ${"administrator"}  | ${"s3:GetObjectVersionForReplication"} | ${ANOTHER} | ${true}
  ${"administrator"}  | ${"s3:ReplicateObject"}                | ${ANOTHER} | ${true}
  ${"administrator"}  | ${"s3:ReplicateDelete"}                | ${ANOTHER} | ${true}
  ${"administrator"}  | ${"s3:PutObject"}                      | ${ANOTHER} | ${true}
`(
  "$role may call $action on $resource: $allowed",
  async ({ role, action, resource, allowed }: Record<string, string>) => {
    const { result } = await simulate({
      action: action!,
      resource: resource!,
      resourceAccountId: ACCOUNT,
      principal: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/run-1`,
      identityPolicies: [IDENTITIES[role!]!],
      resourcePolicy: document("state-bucket-policy"),
      context: action === "s3:PutObject" && resource !== STATE ? ONCE : PLAIN,
    });
    expect(result === "Allowed").toBe(allowed);
  },
);

it.each`
  role                | resource   | context                      | result
  ${PIPELINES.plan}   | ${LOCK}    | ${ONCE}                      | ${"Allowed"}
  ${PIPELINES.plan}   | ${LOCK}    | ${PLAIN}                     | ${"ExplicitlyDenied"}
  ${PIPELINES.plan}   | ${LOCK}    | ${{ "s3:if-match": "0a1b" }} | ${"ExplicitlyDenied"}
  ${PIPELINES.deploy} | ${LOCK}    | ${ONCE}                      | ${"Allowed"}
  ${PIPELINES.deploy} | ${LOCK}    | ${PLAIN}                     | ${"ExplicitlyDenied"}
  ${PIPELINES.deploy} | ${STATE}   | ${PLAIN}                     | ${"Allowed"}
  ${PIPELINES.deploy} | ${JOURNAL} | ${ONCE}                      | ${"ImplicitlyDenied"}
  ${PIPELINES.deploy} | ${JOURNAL} | ${PLAIN}                     | ${"ExplicitlyDenied"}
  ${"administrator"}  | ${LOCK}    | ${PLAIN}                     | ${"ExplicitlyDenied"}
  ${"administrator"}  | ${JOURNAL} | ${ONCE}                      | ${"Allowed"}
  ${"administrator"}  | ${JOURNAL} | ${PLAIN}                     | ${"ExplicitlyDenied"}
  ${"administrator"}  | ${ANOTHER} | ${PLAIN}                     | ${"Allowed"}
`(
  "AWS answers $result to $role that writes $resource with $context",
  async ({ role, resource, context, result }: Record<string, string>) => {
    const outcome = await simulate({
      action: "s3:PutObject",
      resource: resource!,
      resourceAccountId: ACCOUNT,
      principal: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/run-1`,
      identityPolicies: [IDENTITIES[role!]!],
      resourcePolicy: document("state-bucket-policy"),
      context: context as unknown as Record<string, string>,
    });
    expect(outcome.result).toBe(result);
  },
);

it("nobody reads a state without TLS", async () => {
  const read = {
    action: "s3:GetObject",
    resource: STATE,
    resourceAccountId: ACCOUNT,
    principal: `arn:aws:sts::${ACCOUNT}:assumed-role/${PIPELINES.deploy}/run-1`,
    identityPolicies: [ADMINISTRATOR],
    resourcePolicy: document("state-bucket-policy"),
  };
  expect((await simulate({ ...read, context: { "aws:SecureTransport": "true" } })).result).toBe("Allowed");
  expect((await simulate({ ...read, context: { "aws:SecureTransport": "false" } })).result).toBe(
    "ExplicitlyDenied",
  );
});

it.each`
  role                | action                   | encrypts                  | allowed
  ${PIPELINES.plan}   | ${"kms:Decrypt"}         | ${BUCKET}                 | ${true}
  ${PIPELINES.plan}   | ${"kms:Decrypt"}         | ${STATE}                  | ${true}
  ${PIPELINES.plan}   | ${"kms:GenerateDataKey"} | ${BUCKET}                 | ${true}
  ${PIPELINES.plan}   | ${"kms:GenerateDataKey"} | ${LOCK}                   | ${true}
  ${PIPELINES.plan}   | ${"kms:Decrypt"}         | ${JOURNAL}                | ${false}
  ${PIPELINES.plan}   | ${"kms:Decrypt"}         | ${"arn:aws:s3:::another"} | ${false}
  ${PIPELINES.plan}   | ${"kms:Decrypt"}         | ${undefined}              | ${false}
  ${PIPELINES.deploy} | ${"kms:GenerateDataKey"} | ${BUCKET}                 | ${true}
  ${PIPELINES.deploy} | ${"kms:GenerateDataKey"} | ${STATE}                  | ${true}
  ${PIPELINES.deploy} | ${"kms:GenerateDataKey"} | ${LOCK}                   | ${true}
  ${PIPELINES.deploy} | ${"kms:GenerateDataKey"} | ${ANOTHER}                | ${false}
  ${PIPELINES.deploy} | ${"kms:DisableKey"}      | ${BUCKET}                 | ${false}
`(
  "$role may call $action on the key of the states for $encrypts: $allowed",
  async ({ role, action, encrypts, allowed }: Record<string, string>) => {
    const { result } = await simulate({
      action: action!,
      context: encrypts === undefined ? {} : { "kms:EncryptionContext:aws:s3:arn": encrypts },
      principal: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/run-1`,
      resource: `arn:aws:kms:eu-central-1:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`,
      resourceAccountId: ACCOUNT,
      identityPolicies: [IDENTITIES[role!]!],
      resourcePolicy: {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
            Action: "kms:*",
            Resource: "*",
          },
        ],
      },
    });
    expect(result === "Allowed").toBe(allowed);
  },
);
