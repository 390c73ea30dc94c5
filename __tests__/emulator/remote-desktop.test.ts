import type { AwsRequest } from "../../emulator/gateway/protocol";
import type { Core } from "../../emulator/iam/core";
import { remoteDesktopRoom } from "../../emulator/remote-desktop";
import type { BucketOwners } from "../../emulator/s3/bucket-owners";

const ACCOUNT = "111111111111";
const REGION = "eu-west-1";
const KEY = `arn:aws:kms:${REGION}:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const STACK = "session-audit-acme-remote-desktop";

const preferences = (changes: object = {}) => ({
  KMSKeyArn: KEY,
  RecordingDestinations: { S3Buckets: [{ BucketName: "recordings", BucketOwner: ACCOUNT }] },
  ...changes,
});
const template = (ConnectionRecordingPreferences: object, Type = "AWS::SSMGuiConnect::Preferences") =>
  JSON.stringify({ Resources: { Preferences: { Type, Properties: { ConnectionRecordingPreferences } } } });
const inBuckets = (...S3Buckets: object[]) => ({ RecordingDestinations: { S3Buckets } });

/** The room of an account with a bucket and a key, whose policy allows the grant unless `granted` is false. */
function room({ granted = true, state = "Enabled" } = {}) {
  const asked: { action: string; context: Record<string, string> }[] = [];
  const kms = {
    send: async (command: object) =>
      command.constructor.name === "DescribeKeyCommand"
        ? { KeyMetadata: { Arn: KEY, KeyId: KEY.split("/")[1], KeyState: state } }
        : { Aliases: [] },
  };
  const core = {
    accounts: { in: async () => ({ kms }) },
    identities: { of: async () => ({ accountId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:role/deploy` }) },
    authorizer: {
      authorize: async (call: (typeof asked)[number]) => {
        asked.push(call);
        return { allowed: granted, reason: "the key's policy does not allow it" };
      },
    },
  } as unknown as Core;
  const owners = { of: async (name: string) => (name === "recordings" ? ACCOUNT : undefined) };
  const made = remoteDesktopRoom(core, owners as BucketOwners);
  const call = (Action: string, parameters: Record<string, string>) =>
    made.handlers![0]!({
      service: "cloudformation",
      protocol: "query",
      operation: Action,
      region: REGION,
      body: Buffer.from(new URLSearchParams({ Action, ...parameters }).toString()),
    } as unknown as AwsRequest);
  return { ...made, asked, call };
}

describe("a stack with preferences", () => {
  it("is left to moto, once the caller may create the grant through Systems Manager", async () => {
    const { asked, call } = room();
    expect(
      await call("CreateStack", { StackName: STACK, TemplateBody: template(preferences()) }),
    ).toBeUndefined();
    expect(asked).toMatchObject([
      {
        action: "kms:CreateGrant",
        context: { "kms:ViaService": `ssm-guiconnect.${REGION}.amazonaws.com`, "kms:CallerAccount": ACCOUNT },
      },
    ]);
  });

  it.each<[string, object, string]>([
    ["without a key", { KMSKeyArn: undefined }, "Properties validation failed"],
    ["without a bucket", inBuckets(), "Properties validation failed"],
    [
      "with two buckets",
      inBuckets(
        { BucketName: "recordings", BucketOwner: ACCOUNT },
        { BucketName: "b", BucketOwner: ACCOUNT },
      ),
      "Properties validation failed",
    ],
    [
      "with an owner that is no account",
      inBuckets({ BucketName: "recordings", BucketOwner: "me" }),
      "Properties",
    ],
    [
      "with a bucket that does not exist",
      inBuckets({ BucketName: "none", BucketOwner: ACCOUNT }),
      "no bucket none",
    ],
    [
      "with a bucket of somebody else",
      inBuckets({ BucketName: "recordings", BucketOwner: "222222222222" }),
      "Account 222222222222 has no bucket recordings",
    ],
    ["with a key of another region", { KMSKeyArn: KEY.replace(REGION, "eu-north-1") }, "There is no key"],
  ])("is refused %s", async (_what, changes, message) => {
    const { call } = room();
    const TemplateBody = template(preferences(changes));
    await expect(call("CreateStack", { StackName: STACK, TemplateBody })).rejects.toThrow(message);
  });

  it.each([
    ["whose policy refuses the grant", { granted: false }, "the key's policy does not allow it"],
    ["that is disabled", { state: "Disabled" }, "that is enabled"],
  ])("is refused with a key %s", async (_what, key, message) => {
    const TemplateBody = template(preferences());
    await expect(room(key).call("UpdateStack", { StackName: STACK, TemplateBody })).rejects.toThrow(message);
  });

  it("is refused beside another one in the account and region", async () => {
    const { call } = room();
    const TemplateBody = template(preferences());
    await call("CreateStack", { StackName: STACK, TemplateBody });
    await expect(call("CreateStack", { StackName: "another", TemplateBody })).rejects.toThrow(
      "already exists",
    );
  });

  it.each([STACK, `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/${STACK}/0a1b`])(
    "records nothing after it is deleted as %s",
    async (StackName) => {
      const { call, endConnection } = room();
      await call("CreateStack", { StackName: STACK, TemplateBody: template(preferences()) });
      await call("DeleteStack", { StackName });
      expect(await endConnection(ACCOUNT, REGION)).toBeNull();
    },
  );
});

it("a stack without preferences is not looked at", async () => {
  const { asked, call } = room({ granted: false });
  const TemplateBody = template({}, "AWS::SNS::Topic");
  expect(await call("CreateStack", { StackName: "theirs", TemplateBody })).toBeUndefined();
  expect(asked).toEqual([]);
});
