import { DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { GetDocumentCommand } from "@aws-sdk/client-ssm";
import type { AccountsMap } from "../../accounts/schema";
import { clientConfig } from "../../demo/people";
import { Clients } from "../../emulator/clients/clients";
import { absentIf } from "../../emulator/iam/deployed-policies";
import exampleMap from "../fixtures/example-map";
import { OperatorTools } from "../helpers/cdktf";
import { Fleet, withS3State } from "../helpers/fleet";

/**
 * "Take a region or an account out" of docs/runbook.md, step by step and with the commands that the page names. Before the
 * tests, the region us-east-1 is taken out of the account sandbox, and then the account itself. The account payments keeps
 * both archives in use.
 */
const [ARCHIVE, SANDBOX] = ["111111111111", "222222222222"];
const [HOME, OTHER] = ["eu-central-1", "us-east-1"];

/** The map with the given regions in the account sandbox; without any, the account is taken out. */
const mapWith = (regions: Readonly<Record<string, object>> | null, protect = true): AccountsMap => {
  const { "log-archive": archive, payments } = exampleMap.accounts;
  const { wave: _, ...plain } = payments!;
  const { waves: __, ...rest } = exampleMap;
  return withS3State({
    ...rest,
    access: { attachToRoles: [] },
    notifications: { activity: { enabled: false }, security: { enabled: false } },
    accounts: {
      "log-archive": archive!,
      payments: plain,
      ...(regions && {
        sandbox: { id: SANDBOX, homeRegion: HOME, regions, ...(!protect && { protect: false }) },
      }),
    },
  });
};

let fleet: Fleet;
let tools: OperatorTools;
/** What each step has shown, in the order of the steps. */
const seen: Record<string, unknown> = {};

const clientsOf = async (account: string, region: string) =>
  new Clients(await clientConfig(fleet.emulator, account, region));
const preferences = async (account: string, region: string) =>
  absentIf("InvalidDocument", async () => {
    const { ssm } = await clientsOf(account, region);
    return (await ssm.send(new GetDocumentCommand({ Name: "SSM-SessionManagerRunShell" }))).Name;
  });
const logGroups = async (account: string, region: string) => {
  const { logs } = await clientsOf(account, region);
  const { logGroups: found = [] } = await logs.send(new DescribeLogGroupsCommand({}));
  return found.map(({ logGroupName }) => logGroupName);
};
const transcript = (region: string) => ({
  Bucket: `session-audit-acme-${ARCHIVE}-${region}`,
  Key: `sessions/${SANDBOX}/${region}/alice.log`,
});
const orphans = async () => {
  const { status, stdout } = await fleet.run("list", "--orphans");
  return { status, stdout };
};

/** Plans and deploys stacks. Without a bucket of its own, the end of the protection changes nothing in AWS. */
async function deploy(name: string, ...ids: string[]): Promise<void> {
  const planned = await fleet.run("plan", ...ids, "--out", name);
  if (planned.status === 0) return;
  if (planned.status !== 2) throw new Error(`${name}: ${planned.stdout}${planned.stderr}`);
  const deployed = await fleet.run("deploy", name, "--no-converge-check");
  if (deployed.status !== 0) throw new Error(`${name}: ${deployed.stdout}${deployed.stderr}`);
}

beforeAll(async () => {
  fleet = await Fleet.start();
  tools = await OperatorTools.of(fleet);
  fleet.write(mapWith({ [HOME]: {}, [OTHER]: {} }));
  await deploy("everything");
  for (const region of [HOME, OTHER]) {
    const { s3 } = await clientsOf(ARCHIVE, region);
    await s3.send(new PutObjectCommand({ ...transcript(region), Body: "whoami" }));
  }
  await takeOutTooEarly();
  await takeOutRegion();
  await takeOutAccount();
});
afterAll(() => fleet?.stop());

/** What the runbook warns of: the map is changed first. */
async function takeOutTooEarly(): Promise<void> {
  seen["protected"] = await tools.destroy(`session-sandbox-${OTHER}`);
  fleet.write(mapWith({ [HOME]: {} }));
  seen["early"] = { ...(await orphans()), preferences: await preferences(SANDBOX, OTHER) };
  fleet.write(mapWith({ [HOME]: {}, [OTHER]: {} }));
}

async function takeOutRegion(): Promise<void> {
  fleet.write(mapWith({ [HOME]: {}, [OTHER]: { protect: false } }));
  await deploy("unprotected-region", `session-sandbox-${OTHER}`);
  seen["region"] = await tools.destroy(`session-sandbox-${OTHER}`);
  fleet.write(mapWith({ [HOME]: {} }));
  seen["after region"] = {
    ...(await orphans()),
    preferences: { [HOME]: await preferences(SANDBOX, HOME), [OTHER]: await preferences(SANDBOX, OTHER) },
    logGroups: { [HOME]: await logGroups(SANDBOX, HOME), [OTHER]: await logGroups(SANDBOX, OTHER) },
  };
  await deploy("policies-again", "account-sandbox");
  seen["plan after region"] = await fleet.run("plan", "--account", "sandbox", "--out", "after-region");
}

async function takeOutAccount(): Promise<void> {
  fleet.write(mapWith({ [HOME]: {} }, false));
  await deploy("unprotected-account", "--account", "sandbox");
  seen["alone"] = await tools.destroy("account-sandbox");
  seen["account"] = await tools.destroy("account-sandbox", `session-sandbox-${HOME}`);
  fleet.write(mapWith(null));
  seen["after account"] = { ...(await orphans()), preferences: await preferences(SANDBOX, HOME) };
}

const CLEAN = { status: 0, stdout: "Every state belongs to a stack of the map.\n" };

describe("a region that is taken out of the map before its stack is destroyed", () => {
  it("is listed, and its preferences stay in force", () => {
    expect(seen["early"]).toEqual({
      status: 2,
      stdout: expect.stringContaining(`session-sandbox-${OTHER}`) as string,
      preferences: "SSM-SessionManagerRunShell",
    });
  });

  it("cannot be destroyed as long as it is protected", () => {
    expect(seen["protected"]).toMatchObject({
      code: 1,
      output: expect.stringContaining("prevent_destroy") as string,
    });
  });
});

describe("a region that is taken out as the runbook says", () => {
  it("is destroyed by the command of the runbook", () => {
    expect(seen["region"]).toMatchObject({ code: 0 });
  });

  it("has no preferences and no log group any more, and the other region keeps both", () => {
    expect(seen["after region"]).toMatchObject({
      preferences: { [HOME]: "SSM-SessionManagerRunShell", [OTHER]: undefined },
      logGroups: { [HOME]: ["/session-audit/acme/sessions"], [OTHER]: [] },
    });
  });

  it("leaves no state behind", () => {
    expect(seen["after region"]).toMatchObject(CLEAN);
  });

  it("changes nothing else of the account, once its policies are deployed again", () => {
    expect(seen["plan after region"]).toMatchObject({ status: 0 });
  });
});

describe("an account that is taken out as the runbook says", () => {
  it("is not destroyed without the stacks that depend on it", () => {
    expect(seen["alone"]).toMatchObject({
      code: 1,
      output: expect.stringContaining("dependant stacks are not included") as string,
    });
  });

  it("is destroyed by the command of the runbook", () => {
    expect(seen["account"]).toMatchObject({ code: 0 });
  });

  it("has no preferences any more, and leaves no state behind", () => {
    expect(seen["after account"]).toEqual({ ...CLEAN, preferences: undefined });
  });

  it("has its transcripts in the archive still", async () => {
    for (const region of [HOME, OTHER]) {
      const { s3 } = await clientsOf(ARCHIVE, region);
      const { Body } = await s3.send(new GetObjectCommand(transcript(region)));
      expect(await Body!.transformToString()).toBe("whoami");
    }
  });

  it("leaves the other accounts as they are", async () => {
    expect(await fleet.run("plan", "--account", "payments", "--out", "others")).toMatchObject({ status: 0 });
  });
});
