import {
  GetBucketPolicyCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import type { AccountsMap } from "../../accounts/schema";
import { clientConfig } from "../../demo/people";
import { Clients } from "../../emulator/clients/clients";
import exampleMap from "../fixtures/example-map";
import { OperatorTools, type Ran } from "../helpers/cdktf";
import { Fleet, withS3State } from "../helpers/fleet";

/** "Stop replicating" of docs/runbook.md, step by step and with the commands that the page names. */
const [ARCHIVE, SANDBOX] = ["111111111111", "222222222222"];
const [HOME, AWAY] = ["eu-central-1", "us-east-1"];
const [SOURCE, COPY] = [
  `session-audit-acme-${ARCHIVE}-${HOME}`,
  `session-audit-acme-${ARCHIVE}-${HOME}-copy`,
];
const STACK = `replica-log-archive-${HOME}`;

/** An archive with the given settings, and one account that writes there. */
const mapWith = (settings: object): AccountsMap => {
  const { waves: _, ...rest } = exampleMap;
  return withS3State({
    ...rest,
    access: { attachToRoles: [] },
    notifications: { activity: { enabled: false }, security: { enabled: false } },
    accounts: {
      "log-archive": { ...exampleMap.accounts["log-archive"]!, otherRegions: { [HOME]: settings } },
      sandbox: { id: SANDBOX, homeRegion: HOME, regions: [HOME] },
    },
  } as AccountsMap);
};
const REPLICATED = { transcripts: { replication: { region: AWAY } } };

let fleet: Fleet;
let tools: OperatorTools;
/** What each step has shown, in the order of the steps. */
const seen: Record<string, unknown> = {};

/** Plans and deploys stacks. */
async function deploy(name: string, ids: readonly string[], ...options: string[]): Promise<void> {
  const planned = await fleet.run("plan", ...ids, "--out", name);
  if (planned.status !== 2) throw new Error(`${name}: ${planned.stdout}${planned.stderr}`);
  const deployed = await fleet.run("deploy", name, "--no-converge-check", ...options);
  if (deployed.status !== 0) throw new Error(`${name}: ${deployed.stdout}${deployed.stderr}`);
}
const s3In = async (region: string) => new Clients(await clientConfig(fleet.emulator, ARCHIVE, region)).s3;
/** The Sid of the statement that refuses deletion, if the bucket has it. */
const refusal = async (region: string, Bucket: string) =>
  /RefuseDeletion/.exec(
    (await (await s3In(region)).send(new GetBucketPolicyCommand({ Bucket }))).Policy!,
  )?.[0];

beforeAll(async () => {
  fleet = await Fleet.start();
  tools = await OperatorTools.of(fleet);
  fleet.write(mapWith(REPLICATED));
  await deploy("everything", []);
  const transcript = { Key: `sessions/${SANDBOX}/${HOME}/alice.log`, Body: "whoami" };
  await (await s3In(HOME)).send(new PutObjectCommand({ ...transcript, Bucket: SOURCE }));
  await (await s3In(AWAY)).send(new PutObjectCommand({ ...transcript, Bucket: COPY }));
  seen["protected"] = await tools.destroy(STACK, "--ignore-missing-stack-dependencies");

  fleet.write(mapWith({ ...REPLICATED, protect: false }));
  await deploy("unprotected", [STACK], "--stack", STACK);
  seen["refusals"] = { source: await refusal(HOME, SOURCE), copy: await refusal(AWAY, COPY) };
  seen["without the option"] = await tools.destroy(STACK);
  const destroyed = await tools.destroy(STACK, "--ignore-missing-stack-dependencies");
  if (destroyed.code !== 0) throw new Error(destroyed.output);

  fleet.write(mapWith({ transcripts: { replication: null } }));
  await deploy("source", [`archive-${HOME}`]);
  seen["orphans"] = await fleet.run("list", "--orphans");
});
afterAll(() => fleet?.stop());

it("the replica is not destroyed as long as it is protected", () => {
  expect(seen["protected"]).toMatchObject({
    code: 1,
    output: expect.stringContaining("prevent_destroy") as string,
  });
});

it("the source stays protected while the replica is not", () => {
  expect(seen["refusals"]).toEqual({ source: "RefuseDeletion", copy: undefined });
});

it("cdktf refuses to destroy the replica of an archive alone without its option", () => {
  const { code, output } = seen["without the option"] as Ran;
  expect({ code, output }).toMatchObject({
    code: 1,
    output: expect.stringContaining("dependant stacks are not included") as string,
  });
});

it("the copy is destroyed with everything in it, and the source keeps its transcripts", async () => {
  await expect((await s3In(AWAY)).send(new HeadBucketCommand({ Bucket: COPY }))).rejects.toMatchObject({
    name: "NotFound",
  });
  const Key = `sessions/${SANDBOX}/${HOME}/alice.log`;
  await (await s3In(HOME)).send(new HeadObjectCommand({ Bucket: SOURCE, Key }));
});

it("leaves no state behind once the source no longer replicates", () => {
  expect(seen["orphans"]).toMatchObject({ status: 0 });
});
