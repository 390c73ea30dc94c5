import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { CreateLogGroupCommand, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  CreatePolicyCommand,
  CreateRoleCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { EnableKeyRotationCommand, GetKeyRotationStatusCommand } from "@aws-sdk/client-kms";
import {
  DescribeEventBusCommand,
  ListRulesCommand,
  PutPermissionCommand,
  PutRuleCommand,
  RemovePermissionCommand,
} from "@aws-sdk/client-eventbridge";
import {
  CreateBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  PutObjectLockConfigurationCommand,
  type ObjectLockRule,
} from "@aws-sdk/client-s3";
import {
  CreateOpsItemCommand,
  GetServiceSettingCommand,
  ResetServiceSettingCommand,
  UpdateServiceSettingCommand,
} from "@aws-sdk/client-ssm";
import { startEmulator, type Emulator } from "../../emulator";
import type { Clients } from "../../emulator/clients/clients";
import { findMoto, type MotoCommand } from "../../toolchain";
import { ROOT } from "../helpers/embedded";
import { clientsOf, createKey, REGION, WORK } from "../helpers/emulated";
import { isAlive } from "../helpers/is-alive";
import { until } from "../helpers/until";

let moto: MotoCommand;
let emulator: Emulator;
let work: Clients;

beforeAll(async () => {
  moto = await findMoto({ cacheDir: join(ROOT, ".cache"), log: () => undefined });
  emulator = await startEmulator({ moto, organizationTrail: false });
  work = await clientsOf(emulator, WORK);
});

afterAll(() => emulator?.stop());

describe("the gateway", () => {
  it("keeps service settings, by id or ARN", async () => {
    const id = "/ssm/documents/console/public-sharing-permission";
    const arn = `arn:aws:ssm:${REGION}:${WORK}:servicesetting${id}`;
    const get = async () =>
      (await work.ssm.send(new GetServiceSettingCommand({ SettingId: id }))).ServiceSetting;
    expect(await get()).toMatchObject({ ARN: arn, Status: "Default", SettingValue: "Enable" });
    await work.ssm.send(new UpdateServiceSettingCommand({ SettingId: arn, SettingValue: "Disable" }));
    expect(await get()).toMatchObject({ Status: "Customized", SettingValue: "Disable" });
    await work.ssm.send(new ResetServiceSettingCommand({ SettingId: id }));
    expect(await get()).toMatchObject({ Status: "Default" });
  });

  it("returns the class of a log group", async () => {
    const classOf = async (logGroupNamePrefix: string) => {
      const { logGroups } = await work.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix }));
      return logGroups?.[0]?.logGroupClass;
    };
    await work.logs.send(
      new CreateLogGroupCommand({ logGroupName: "/rare", logGroupClass: "INFREQUENT_ACCESS" }),
    );
    await work.logs.send(new CreateLogGroupCommand({ logGroupName: "/usual" }));
    expect(await classOf("/rare")).toBe("INFREQUENT_ACCESS");
    expect(await classOf("/usual")).toBe("STANDARD");
  });

  it("returns the rotation period of a key", async () => {
    const key = await createKey(work);
    const period = async () =>
      (await work.kms.send(new GetKeyRotationStatusCommand({ KeyId: key }))).RotationPeriodInDays;
    expect(await period()).toBeUndefined();
    await work.kms.send(new EnableKeyRotationCommand({ KeyId: key.split("/")[1], RotationPeriodInDays: 90 }));
    expect(await period()).toBe(90);
  });

  describe("the policy of a bus", () => {
    const POLICY = (Sid: string, account: string) =>
      JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Sid,
            Effect: "Allow",
            Principal: { AWS: `arn:aws:iam::${account}:root` },
            Action: "events:PutEvents",
            Resource: `arn:aws:events:${REGION}:${WORK}:event-bus/default`,
          },
        ],
      });
    const sids = async () => {
      const { Policy } = await work.events.send(new DescribeEventBusCommand({}));
      return (JSON.parse(Policy!) as { Statement: { Sid: string }[] }).Statement.map(({ Sid }) => Sid);
    };
    const admit = (StatementId: string, Principal: string) =>
      work.events.send(new PutPermissionCommand({ StatementId, Principal, Action: "events:PutEvents" }));
    afterEach(() => work.events.send(new RemovePermissionCommand({ RemoveAllPermissions: true })));

    it("is replaced as a whole, with the statements that were added one by one", async () => {
      await admit("One", "111111111111");
      await admit("Two", "222222222222");
      expect(await sids()).toEqual(["One", "Two"]);
      await work.events.send(new PutPermissionCommand({ Policy: POLICY("Whole", "333333333333") }));
      expect(await sids()).toEqual(["Whole"]);
      await admit("One", "111111111111");
      expect(await sids()).toEqual(["Whole", "One"]);
    });

    it.each([["no JSON"], ["{}"]])("stays when the new one is refused: %s", async (Policy) => {
      await admit("One", "111111111111");
      await expect(work.events.send(new PutPermissionCommand({ Policy }))).rejects.toThrow();
      expect(await sids()).toEqual(["One"]);
    });

    it("is not found for a bus that does not exist", async () => {
      const Policy = POLICY("Whole", "333333333333");
      await expect(
        work.events.send(new PutPermissionCommand({ EventBusName: "none", Policy })),
      ).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    });
  });

  describe("policies that are longer than the quotas of IAM", () => {
    /** A policy of so many characters, besides white space. */
    const policyOf = (characters: number, statement: object) => {
      const of = (Sid: string) =>
        JSON.stringify({ Version: "2012-10-17", Statement: [{ Sid, Effect: "Allow", ...statement }] });
      return of("a".repeat(characters - of("").length)).replace("{", "{\n  ");
    };
    const trust = (characters: number) =>
      policyOf(characters, { Principal: { Service: "s3.amazonaws.com" }, Action: "sts:AssumeRole" });
    const grant = (characters: number) => policyOf(characters, { Action: "s3:GetObject", Resource: "*" });
    const RoleName = "measured";
    const CALLS: Readonly<Record<string, (characters: number) => Promise<unknown>>> = {
      "trust policy": (characters) =>
        work.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust(characters) })),
      "changed trust policy": (characters) =>
        work.iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: trust(characters) })),
      "inline policy": (characters) =>
        work.iam.send(
          new PutRolePolicyCommand({ RoleName, PolicyName: "own", PolicyDocument: grant(characters) }),
        ),
      "managed policy": (characters) =>
        work.iam.send(new CreatePolicyCommand({ PolicyName: "own", PolicyDocument: grant(characters) })),
    };

    it.each([
      ["trust policy", 2048],
      ["changed trust policy", 2048],
      ["inline policy", 10_240],
      ["managed policy", 6144],
    ])("are refused: %s with more than %i characters", async (what, most) => {
      await expect(CALLS[what]!(most + 1)).rejects.toMatchObject({
        name: "LimitExceededException",
        $metadata: { httpStatusCode: 409 },
      });
      await CALLS[what]!(most);
    });
  });

  it.each([
    ["a single alternative", { detail: { $or: [{ eventName: ["StartSession"] }] } }],
    ["an unknown operator", { source: [{ begins: "aws." }] }],
    ["a value outside a list", { source: "aws.ssm" }],
  ])("refuses a rule whose pattern has %s", async (_, pattern) => {
    const EventPattern = JSON.stringify(pattern);
    await expect(work.events.send(new PutRuleCommand({ Name: "wrong", EventPattern }))).rejects.toMatchObject(
      { name: "InvalidEventPatternException" },
    );
    expect((await work.events.send(new ListRulesCommand({}))).Rules).toEqual([]);
  });

  it("changes and removes the default retention of a bucket that has objects", async () => {
    const Bucket = "locked";
    await work.s3.send(
      new CreateBucketCommand({
        Bucket,
        ObjectLockEnabledForBucket: true,
        CreateBucketConfiguration: { LocationConstraint: REGION },
      }),
    );
    const retain = (Rule?: ObjectLockRule) =>
      work.s3.send(
        new PutObjectLockConfigurationCommand({
          Bucket,
          ObjectLockConfiguration: { ObjectLockEnabled: "Enabled", Rule },
        }),
      );
    /** The mode in which a new object is retained. */
    const modeOf = async (Key: string) => {
      await work.s3.send(new PutObjectCommand({ Bucket, Key, Body: "whoami" }));
      return (await work.s3.send(new HeadObjectCommand({ Bucket, Key }))).ObjectLockMode;
    };
    expect(await modeOf("before")).toBeUndefined();
    await retain({ DefaultRetention: { Mode: "GOVERNANCE", Days: 1 } });
    expect(await modeOf("governed")).toBe("GOVERNANCE");
    await retain({ DefaultRetention: { Mode: "COMPLIANCE", Days: 1 } });
    expect(await modeOf("complied")).toBe("COMPLIANCE");
    await retain();
    expect(await modeOf("after")).toBeUndefined();
    const { KeyCount } = await work.s3.send(new ListObjectsV2Command({ Bucket }));
    expect(KeyCount).toBe(4);
  });

  it("refuses a call that moto lacks, naming it, and the SDK does not retry", async () => {
    const call = work.ssm.send(new CreateOpsItemCommand({ Description: "x", Source: "x", Title: "x" }));
    await expect(call).rejects.toMatchObject({
      name: "UnsupportedOperation",
      message: expect.stringContaining("ssm:CreateOpsItem"),
      $metadata: { attempts: 1 },
    });
  });

  it("passes an error of S3 through", async () => {
    await expect(work.s3.send(new ListObjectsV2Command({ Bucket: "no-such-bucket" }))).rejects.toMatchObject({
      name: "NoSuchBucket",
    });
  });
});

describe("stop", () => {
  it("leaves no process and no port behind, also when called twice", async () => {
    const own = await startEmulator({ moto, organizationTrail: true });
    await own.stop();
    await own.stop();
    await expect(fetch(own.endpoint)).rejects.toThrow();
    expect(() => process.kill(-own.motoPid, 0)).toThrow("ESRCH");
  });
});

describe("moto", () => {
  it("has one state of a service in a region that it does not know, whoever asks first", () => {
    // Both threads have seen that there is none, and wait for the lock, when it is made.
    const program = `
from threading import Thread
from time import sleep
from moto.core.base_backend import backend_lock
from moto.sns.models import sns_backends
own = sns_backends["111111111111"]
found = []
threads = [Thread(target=lambda: found.append(own["eu-west-99"])) for _ in range(2)]
with backend_lock:
    for thread in threads: thread.start()
    sleep(0.5)
for thread in threads: thread.join()
print(found[0] is found[1])
`;
    const server = moto.args.at(-1)!;
    const output = execFileSync(moto.command, ["-c", server.replace(/\nmain\(\)\n$/, program)], {
      encoding: "utf8",
      env: { ...process.env, MOTO_ALLOW_NONEXISTENT_REGION: "true" },
    });
    expect(output).toBe("True\n");
  });

  it("is quoted when it does not start", async () => {
    const start = startEmulator({
      moto: { command: moto.command, args: ["-c", "import sys; sys.exit('no moto here')"] },
      organizationTrail: true,
    });
    await expect(start).rejects.toThrow(/exit code 1.*no moto here/s);
  });

  it.each(["SIGINT", "SIGKILL"] as const)(
    "ends when the process that started it ends by %s",
    async (signal) => {
      const script = `
      void require(${JSON.stringify(join(__dirname, "../../emulator"))})
        .startEmulator({ moto: ${JSON.stringify(moto)}, organizationTrail: true })
        .then((emulator) => console.log(emulator.motoPid));`;
      const child = spawn(process.execPath, ["--require", "tsx/cjs", "-e", script], {
        stdio: ["ignore", "pipe", "ignore"],
        cwd: ROOT,
      });
      const [line] = (await once(child.stdout.setEncoding("utf8"), "data")) as [string];
      child.kill(signal);
      await until(() => !isAlive(Number(line)), { what: `end of process ${line.trim()}` });
    },
  );
});
