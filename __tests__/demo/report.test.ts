import type { SessionEvidence } from "../../demo/operators";
import { report } from "../../demo/report";
import type { DemoOutcome } from "../../demo/run";
import type { SessionReport } from "../../demo/session-report";
import { Screen } from "../../processes/terminal";

const TEXT = '{\n  "summary": "alice called StartSession"\n}';
const SESSION: SessionEvidence = {
  wave: "canary",
  account: "sandbox",
  region: "eu-central-1",
  sessionId: "alice-1",
  transcript: {
    place: "s3://session-audit-acme-111111111111-eu-central-1/sessions/222222222222/eu-central-1/alice-1.log",
    text: "sh-5.2$ whoami\n",
  },
  logStream: { place: "/session-audit/acme/sessions/alice-1", lines: ["sh-5.2$ whoami"] },
  notifications: [{ action: "StartSession", who: "alice", instance: "i-1", from: "203.0.113.10" }],
  notificationTexts: [TEXT],
};
const STACK = {
  id: "account-sandbox",
  kind: "account",
  account: "sandbox",
  accountId: "222222222222",
  region: "eu-central-1",
  wave: "canary",
  waves: ["canary"],
  dependsOn: [],
} as const;
const OUTCOME: DemoOutcome = { evidence: [SESSION], stacks: [STACK], changed: [], findings: [], ended: [] };

const SESSIONS: SessionReport = {
  table: ["Sessions of acme", "Covered: 1 target, every witness read to its end."],
  files: { "every line": ".cache/demo/report.ndjson" },
};

function printed(outcome: Partial<DemoOutcome>, { columns = 80, sessions = SESSIONS } = {}) {
  let text = "";
  const screen = new Screen({ write: (more) => (text += more), columns }, { NO_COLOR: "1" });
  const stable = report(screen, { ...OUTCOME, ...outcome }, sessions);
  return { stable, text, lines: text.trimEnd().split("\n") };
}

it("shows what each session left, in lines that fit", () => {
  const { stable, lines } = printed({});
  expect(stable).toBe(true);
  expect(lines).toContain("sandbox, eu-central-1 (wave canary)");
  expect(lines).toContain("  log stream    /session-audit/acme/sessions/alice-1 (1 line)");
  expect(lines).toContain("  notification  StartSession by alice on i-1 from 203.0.113.10");
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
});

it("shows the message as SNS sends it", () => {
  const quoted = TEXT.split("\n").map((line) => `  | ${line}`);
  expect(printed({}).text).toContain(quoted.join("\n"));
});

it.each([
  [1, "1 session, with transcript, log stream and notifications."],
  [2, "2 sessions, each with transcript, log stream and notifications."],
])("counts %d", (number, end) => {
  const { lines } = printed({ evidence: Array.from({ length: number }, () => SESSION) });
  expect(lines.at(-1)).toBe(end);
  expect(lines.at(-2)).toBe("1 stack deployed, second plan without changes in each;");
});

it("ends with one line if it fits", () => {
  expect(printed({}, { columns: 132 }).lines.at(-1)).toBe(
    "1 stack deployed, second plan without changes in each; 1 session, with transcript, log stream and notifications.",
  );
});

it.each<[string, Partial<SessionEvidence>, string]>([
  ["a transcript alone", { logStream: null, notifications: [] }, "1 session, with transcript."],
  ["a log stream alone", { transcript: null, notifications: [] }, "1 session, with log stream."],
  ["no log stream", { logStream: null }, "1 session, with transcript and notifications."],
])("shows %s as all that the map asks for", (_, changes, end) => {
  const { lines, text } = printed({ evidence: [{ ...SESSION, ...changes }] });
  expect(lines.at(-1)).toContain(end);
  expect(text.includes("  transcript ")).toBe(changes.transcript === undefined);
  expect(text.includes("What the reviewer reads")).toBe(changes.transcript === undefined);
  expect(text.includes("  log stream ")).toBe(changes.logStream === undefined);
});

it("says of sessions with different records that each has its own", () => {
  const evidence = [
    { ...SESSION, logStream: null },
    { ...SESSION, transcript: null },
  ];
  expect(printed({ evidence }).lines.at(-1)).toBe(
    "2 sessions, each with the record that its target keeps and notifications.",
  );
});

it("mentions notifications only if there are some", () => {
  const silent = { ...SESSION, notifications: [], notificationTexts: [] };
  const { lines, text } = printed({ evidence: [silent] });
  expect(lines.at(-1)).toBe("1 session, with transcript and log stream.");
  expect(text).not.toContain("subscriber");
});

it("highlights the findings of the security channel and the session that the guard ended", () => {
  const message = { summary: "bob called StartSession", error: "AccessDenied", explanation: "no policy" };
  const finding = { account: "sandbox", region: "eu-central-1", message };
  const { text } = printed({ findings: [finding, finding], ended: [finding] });
  const block = "  ! bob called StartSession\n    AccessDenied: no policy\n";
  const rule = "─".repeat(80);
  expect(text).toContain(`\n${rule}\nThe security channel reports 2 findings\n${rule}\n${block}${block}`);
  expect(text).toContain(`\n${rule}\nThe guard ended 1 session\n${rule}\n${block}`);
});

it("shows a second plan that has changes, and reports a failure", () => {
  const { stable, text, lines } = printed({ changed: [{ stack: STACK, output: "~ update in-place" }] });
  expect(stable).toBe(false);
  expect(text).toContain("account-sandbox is not stable:\n~ update in-place\n");
  expect(lines.at(-1)).toBe("1 of 1 stack would change in a second plan.");
});

it("shows the top of the table of all sessions, and where the report is", () => {
  const { text } = printed({});
  expect(text).toContain(`\n\n${SESSIONS.table.join("\n")}\n\n`);
  expect(text).toContain("\nThe report stays here, every line: .cache/demo/report.ndjson\n");
  const table = Array.from({ length: 30 }, (_, index) => `line ${index}`);
  const long = printed({}, { sessions: { ...SESSIONS, table } });
  expect(long.text).toContain("\nline 23\n… and 6 lines more\n");
});
