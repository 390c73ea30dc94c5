import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AccountsMap } from "../../accounts/schema";
import { isTampering } from "../../demo/findings";
import { refuseUnfit } from "../../demo/needs";
import { COMMANDS } from "../../demo/operators";
import { runDemo, type DemoOutcome } from "../../demo/run";
import { readOrganization } from "../../stacks/read-organization";
import { startEmbedded, type Embedded } from "../helpers/embedded";

// The demo for maps whose sessions are recorded in one place only, or in what exists already.
const REGION = "eu-central-1";
const place = { homeRegion: REGION, regions: [REGION] };
const topic = { existing: "siem" };
const MAP: AccountsMap = {
  organization: { name: "acme" },
  state: { backend: "local", directory: "state" },
  deployment: { mode: "assume-role", role: "session-audit-deploy" },
  trail: "existing",
  access: { attachToRoles: ["app-server"] },
  notifications: { activity: { topic }, security: { topic } },
  accounts: {
    s3: {
      id: "222222222222",
      ...place,
      transcripts: {
        readers: ["arn:aws:iam::222222222222:role/reviewer"],
        accessLogs: { existing: "their-access-logs" },
      },
      logs: { group: "none", streaming: false },
      preferences: { enforce: { cloudWatch: false } },
    },
    logs: {
      id: "333333333333",
      ...place,
      transcripts: { bucket: "none" },
      logs: { group: { existing: "/their/sessions" } },
      preferences: { enforce: { s3: false } },
    },
    theirs: {
      id: "444444444444",
      ...place,
      transcripts: { bucket: { existing: "their-transcripts" } },
      access: {
        attachToRoles: [],
        instanceProfile: true,
        permissionsBoundaryArn: "arn:aws:iam::444444444444:policy/team/limit",
      },
    },
  },
};

let directory: string;
let embedded: Embedded;
let outcome: DemoOutcome;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "session-audit-shapes-"));
  const map = join(directory, "map.json");
  writeFileSync(map, JSON.stringify(MAP));
  refuseUnfit(readOrganization(map), map);
  embedded = await startEmbedded({ organizationTrail: true, recordManagementCalls: isTampering });
  const deployment = embedded.rehearse(map);
  await deployment.synthesize();
  outcome = await runDemo({ deployment, emulator: embedded.emulator });
});
afterAll(async () => {
  await embedded?.stop();
  rmSync(directory, { recursive: true, force: true });
});

const sessionIn = (account: string) => outcome.evidence.find((session) => session.account === account)!;
const typed = COMMANDS.map(([command]) => command);

it.each([
  ["s3", /^s3:\/\/session-audit-acme-222222222222-eu-central-1\/sessions\//, null],
  ["logs", null, /^\/their\/sessions\//],
  ["theirs", /^s3:\/\/their-transcripts\/sessions\//, /^\/session-audit\/acme\/sessions\//],
])("holds a session in %s, and reads its records where they are", (account, transcript, logStream) => {
  const session = sessionIn(account);
  if (transcript === null) expect(session.transcript).toBeNull();
  else {
    expect(session.transcript!.place).toMatch(transcript);
    for (const command of typed) expect(session.transcript!.text).toContain(command);
  }
  if (logStream === null) expect(session.logStream).toBeNull();
  else {
    expect(session.logStream!.place).toMatch(logStream);
    for (const command of typed) expect(session.logStream!.lines.join("\n")).toContain(command);
  }
});

it("hears of the sessions and of findings by topics that exist", () => {
  for (const { notifications } of outcome.evidence) {
    expect(notifications.map(({ action }) => action)).toEqual(["StartSession", "TerminateSession"]);
  }
  expect(outcome.findings.map(({ message }) => message["action"]).sort()).toEqual([
    ...["StartSession", "UpdateDocument"],
  ]);
});

it("deploys what does not change in a second plan", () => {
  expect(outcome.changed).toEqual([]);
});
