import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Workspace, WORKSPACE_VARIABLE } from "../../fleet/workspace";
import { checkMap } from "../../stacks/read-organization";
import exampleMap from "../fixtures/example-map";

const ID = "account-sandbox";
let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "session-audit-workspace-"))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

it("keeps the configuration of a stack whose input has not changed, and builds it without the cache", async () => {
  const workspace = await Workspace.open({ [WORKSPACE_VARIABLE]: directory }, "plan");
  const organization = checkMap(exampleMap, "map");
  // A file that is written again is a new file, which is renamed to its place.
  const fileAfter = async (options = {}) => {
    await workspace.synthesize(organization, [ID], options);
    return statSync(join(workspace.directoryOf(ID), "cdk.tf.json")).ino;
  };
  const first = await fileAfter();
  expect(await fileAfter()).toBe(first);
  expect(await fileAfter({ cache: false })).not.toBe(first);
  await workspace.close();
});

const openHere = () => Workspace.open({ [WORKSPACE_VARIABLE]: directory }, "plan");

it("is for one command at a time", async () => {
  const workspace = await openHere();
  await expect(openHere()).rejects.toThrow(
    `session-audit plan (process ${process.pid}) works in this project`,
  );
  await workspace.close();
  await (await openHere()).close();
});

it("does not wait for a command that has ended without giving it back", async () => {
  const { pid } = spawnSync(process.execPath, ["--version"]);
  writeFileSync(join(directory, "lock"), JSON.stringify({ pid, command: "drift" }));
  await (await openHere()).close();
});

it.each(["", "{", "null"])("is not taken if its lock is %j, and says what to do", async (content) => {
  writeFileSync(join(directory, "lock"), content);
  await expect(openHere()).rejects.toThrow(/does not say which command[\s\S]*remove this file/);
});
