import { requiredOfBucket, requiredOfBucketKey } from "../../../stacks/policies/existing-bucket-policy";
import { instancePolicy } from "../../../stacks/policies/instance-policy";
import type { Policy, Statement } from "../../../stacks/policies/policy";
import map from "../../fixtures/example-map";
import {
  actor,
  administratorOf,
  at,
  destinationsIn,
  EU,
  keyIn,
  MEMBER,
  exampleOrganization,
  OTHER_MEMBER,
  roleIn,
  STRANGER,
  throughS3,
  decisionOn,
} from "./helpers";

const KEY = keyIn(STRANGER);
const bucket = { existing: "theirs", keyArn: KEY, account: STRANGER };
const organization = exampleOrganization({
  accounts: { ...map.accounts, sandbox: { ...map.accounts["sandbox"]!, transcripts: { bucket } } },
});
const destinations = destinationsIn(organization, "sandbox");
const { prefix } = destinations[0]!.transcripts!;
const asPolicy = (Statement: readonly Statement[]): Policy => ({ Version: "2012-10-17", Statement });
const ofBucket = asPolicy(requiredOfBucket(at(MEMBER), destinations[0]!.transcripts!));
const ofKey = asPolicy(requiredOfBucketKey(at(MEMBER), "theirs", KEY));

const instance = (account: string) => actor(roleIn(account, "app-server"), instancePolicy(destinations));

it.each`
  who                    | account         | action                             | resource                                                      | expected
  ${"our instance"}      | ${MEMBER}       | ${"s3:PutObject"}                  | ${`arn:aws:s3:::theirs/${prefix}/x.log`}                      | ${"Allowed"}
  ${"our instance"}      | ${MEMBER}       | ${"s3:PutObjectAcl"}               | ${`arn:aws:s3:::theirs/${prefix}/x.log`}                      | ${"Allowed"}
  ${"our instance"}      | ${MEMBER}       | ${"s3:GetEncryptionConfiguration"} | ${"arn:aws:s3:::theirs"}                                      | ${"Allowed"}
  ${"our instance"}      | ${MEMBER}       | ${"s3:GetObject"}                  | ${`arn:aws:s3:::theirs/${prefix}/x.log`}                      | ${"ImplicitlyDenied"}
  ${"our instance"}      | ${MEMBER}       | ${"s3:PutObject"}                  | ${`arn:aws:s3:::theirs/sessions/${OTHER_MEMBER}/${EU}/x.log`} | ${"ImplicitlyDenied"}
  ${"another account's"} | ${OTHER_MEMBER} | ${"s3:PutObject"}                  | ${`arn:aws:s3:::theirs/${prefix}/x.log`}                      | ${"ImplicitlyDenied"}
`(
  "with the statements that the bucket's owner must add, $who may $action on $resource: $expected",
  async ({ account, action, resource, expected }) => {
    const who = instance(account as string);
    expect(await decisionOn({ who, action, resource, owner: STRANGER, policy: ofBucket })).toBe(expected);
  },
);

it("an administrator of the account writes below the account's prefix, and nowhere else", async () => {
  const write = (key: string) =>
    decisionOn({
      who: administratorOf(MEMBER),
      action: "s3:PutObject",
      resource: `arn:aws:s3:::theirs/${key}`,
      owner: STRANGER,
      policy: ofBucket,
    });
  expect(await write(`${prefix}/x.log`)).toBe("Allowed");
  expect(await write(`sessions/${OTHER_MEMBER}/${EU}/x.log`)).toBe("ImplicitlyDenied");
});

it.each`
  use                               | context                                          | expected
  ${"through the bucket"}           | ${throughS3("arn:aws:s3:::theirs")}              | ${"Allowed"}
  ${"for an object, no bucket key"} | ${throughS3("arn:aws:s3:::theirs/a/x.log")}      | ${"Allowed"}
  ${"through another bucket"}       | ${throughS3("arn:aws:s3:::another")}             | ${"ImplicitlyDenied"}
  ${"in another region"}            | ${throughS3("arn:aws:s3:::theirs", "us-east-1")} | ${"ImplicitlyDenied"}
  ${"without S3"}                   | ${{}}                                            | ${"ImplicitlyDenied"}
`(
  "with the statement that the key's owner must add, an instance uses the key $use: $expected",
  async ({ context, expected }) => {
    for (const action of ["kms:GenerateDataKey", "kms:Decrypt"]) {
      const asked = { action, resource: KEY, owner: STRANGER, context, policy: ofKey };
      expect(await decisionOn({ who: instance(MEMBER), ...asked })).toBe(expected);
    }
    const stranger = { action: "kms:Decrypt", resource: KEY, owner: STRANGER, context, policy: ofKey };
    expect(await decisionOn({ who: instance(OTHER_MEMBER), ...stranger })).toBe("ImplicitlyDenied");
  },
);

it("the statements that owners must add say in their names what they are for, and admit the account as a whole", () => {
  const all = [...ofBucket.Statement, ...ofKey.Statement];
  expect(all.map(({ Sid }) => Sid)).toEqual([
    "AccountWritesTranscripts",
    "AccountChecksEncryption",
    "AccountUsesKeyOfBucket",
  ]);
  for (const { Principal } of all) expect(Principal).toEqual({ AWS: `arn:aws:iam::${MEMBER}:root` });
});

it("the statement of the key's owner holds for that bucket alone, and through S3 in the key's region alone", () => {
  expect(ofKey.Statement[0]!.Condition).toEqual({
    StringEquals: { "kms:ViaService": `s3.${EU}.amazonaws.com` },
    StringLike: { "kms:EncryptionContext:aws:s3:arn": ["arn:aws:s3:::theirs", "arn:aws:s3:::theirs/*"] },
  });
});
