import { readFileSync } from "node:fs";
import { CopyObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { AccountsMap } from "../../accounts/schema";
import type { Manifest } from "../../fleet/plan-folder";
import { ROOT_CREDENTIALS } from "../../emulator/clients/identities";
import { OperatorTools } from "../helpers/cdktf";
import { exampleWith } from "../helpers/example";
import { Fleet, STATE_BUCKET, withS3State } from "../helpers/fleet";

// The steps of docs/runbook.md for an archive that moves to another account. The stack of the archive alone shows them.
const STACK = "archive-eu-central-1";

/** One account with sessions, and two accounts that can be the archive. */
const withArchive = (archive: "log-archive" | "vault"): AccountsMap =>
  withS3State(
    exampleWith((map) => {
      const { sandbox, "log-archive": log } = map.accounts;
      const moved = { ...log!, id: "333333333333" };
      map.archive = { account: archive };
      map.accounts = {
        sandbox: { ...sandbox!, wave: "canary" },
        ...(archive === "vault" ? { vault: moved } : { "log-archive": log! }),
      };
    }),
  );

let fleet: Fleet;
let s3: S3Client;
beforeAll(async () => {
  fleet = await Fleet.start();
  s3 = new S3Client({
    endpoint: fleet.emulator.endpoint,
    region: "eu-central-1",
    credentials: ROOT_CREDENTIALS,
    forcePathStyle: true,
  });
  fleet.write(withArchive("log-archive"));
  expect(await fleet.run("plan", STACK, "--out", "first")).toMatchObject({ status: 2 });
  expect(await fleet.run("deploy", "first", "--no-converge-check")).toMatchObject({ status: 0 });
  fleet.write(withArchive("vault"));
});
afterAll(() => fleet.stop());

it("a plan for another account fails while the state is that of the old archive", async () => {
  const { status } = await fleet.run("plan", STACK, "--out", "too-early");
  expect(status).toBe(1);
});

it("a plan creates an archive, and destroys nothing, once the old state is put aside", async () => {
  const key = (name: string) => `session-audit/${name}.tfstate`;
  await s3.send(
    new CopyObjectCommand({
      Bucket: STATE_BUCKET,
      CopySource: `${STATE_BUCKET}/${key(STACK)}`,
      Key: key(`former-${STACK}`),
    }),
  );
  // Nobody may delete a state, so its resources are removed from it.
  fleet.write(withArchive("log-archive"));
  const tools = await OperatorTools.of(fleet);
  expect(await tools.cdktf("synth")).toMatchObject({ code: 0 });
  expect(await tools.terraform(STACK, "init")).toMatchObject({ code: 0 });
  const { output: addresses } = await tools.terraform(STACK, "state", "list");
  const removed = await tools.terraform(STACK, "state", "rm", ...addresses.trim().split(/\s+/));
  expect(removed).toMatchObject({ code: 0 });
  fleet.write(withArchive("vault"));
  expect(await fleet.run("plan", STACK, "--out", "moved")).toMatchObject({ status: 2 });
  const manifest = readFileSync(fleet.path("moved", "manifest.json"), "utf8");
  const [{ summary } = { summary: "" }] = (JSON.parse(manifest) as Manifest).stacks;
  expect(summary).toMatch(/^Plan: [1-9]\d* to add, 0 to change, 0 to destroy\.$/);
  const { stdout: orphans, status: found } = await fleet.run("list", "--orphans");
  expect({ found, orphans }).toMatchObject({ found: 2, orphans: expect.stringContaining(`former-${STACK}`) });
});
