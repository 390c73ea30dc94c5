import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeRecordedFleet } from "../../bench/recorded-fleet";
import { run } from "../../fleet/cli";
import { runProgram } from "../helpers/run-program";

let folder: string;
let json: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "session-audit-review-"));
  writeRecordedFleet(folder, 2);
  const { stacks } = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as {
    stacks: { id: string }[];
  };
  json = join(folder, stacks[1]!.id, "plan.json");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const review = () => runProgram(run, ["review", folder, "--format", "json"]);

it("reviews the plans of a folder", async () => {
  expect(await review()).toMatchObject({ status: 0 });
});

it("reads a manifest that an editor has written with a byte order mark", async () => {
  const file = join(folder, "manifest.json");
  writeFileSync(file, `\ufeff${readFileSync(file, "utf8")}`);
  expect(await review()).toMatchObject({ status: 0 });
});

it("escapes what a terminal would obey in the manifest", async () => {
  writeFileSync(join(folder, "manifest.json"), "\u001b[2J\u009b\u202e");
  const { status, stderr } = await review();
  expect(status).toBe(1);
  expect(stderr).not.toMatch(/[\u001b\u009b\u202e]/);
});

it.each<[what: string, change: (text: string) => string]>([
  ["says less", (text) => text.replace(/"resource_changes":\[/, '"resource_changes":[],"others":[')],
  ["says the same in other bytes", (text) => `${text}\n`],
  ["is another text", () => "{}"],
])("reviews no plan whose JSON %s than the planned one", async (_, change) => {
  writeFileSync(json, change(readFileSync(json, "utf8")));
  expect(await review()).toMatchObject({
    status: 1,
    stdout: "",
    stderr: expect.stringMatching(/not what was planned[\s\S]*the plan as JSON has the checksum/) as string,
  });
});

it.each(["../account-0", "..", "", "a/b", "/etc", "-x", "a\\b"])(
  "refuses a folder whose manifest has a stack %j, which is no part of a path",
  async (id) => {
    const file = join(folder, "manifest.json");
    const { stacks, ...manifest } = JSON.parse(readFileSync(file, "utf8")) as { stacks: object[] };
    writeFileSync(file, JSON.stringify({ ...manifest, stacks: stacks.map((stack) => ({ ...stack, id })) }));
    expect(await review()).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("stacks.0.id") as string,
    });
  },
);

it("refuses a folder of an older version, whose manifest has no checksums of what is reviewed", async () => {
  const file = join(folder, "manifest.json");
  const { stacks, ...manifest } = JSON.parse(readFileSync(file, "utf8")) as { stacks: object[] };
  const older = stacks.map((stack) => ({ ...stack, jsonSha256: undefined }));
  writeFileSync(file, JSON.stringify({ ...manifest, version: 1, stacks: older }));
  expect(await review()).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(
      /: version: [\s\S]*Plan again with this version of session-audit/,
    ) as string,
  });
});
