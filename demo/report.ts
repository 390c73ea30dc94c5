import type { Format, Screen } from "../processes/terminal";
import type { Finding } from "./findings";
import type { SessionEvidence } from "./operators";
import type { DemoOutcome } from "./run";
import type { SessionReport } from "./session-report";
import { count } from "./steps";

/** Lines of the report's table that are shown. */
const TABLE_LINES = 24;

/** Prints what a run of the demo has shown. @returns whether no stack has changes in its second plan */
export function report(
  screen: Screen,
  { evidence, stacks, changed, findings, ended }: DemoOutcome,
  sessions: SessionReport,
): boolean {
  for (const session of evidence) printSession(screen, session);
  const first = evidence.find(({ transcript }) => transcript !== null);
  if (first) {
    heading(screen, `What the reviewer reads in the transcript of ${first.sessionId}`);
    quote(screen, first.transcript!.text.trimEnd());
  }
  const text = evidence.flatMap(({ notificationTexts }) => notificationTexts)[0];
  if (text !== undefined) {
    heading(screen, "What a subscriber of the activity channel gets from SNS, by e-mail for example");
    quote(screen, text);
  }
  if (findings.length > 0) {
    alarm(screen, `The security channel reports ${count(findings.length, "finding")}`, "yellow");
    for (const finding of findings) printFinding(screen, finding);
  }
  if (ended.length > 0) {
    alarm(screen, `The guard ended ${count(ended.length, "session")}`, "red");
    for (const finding of ended) printFinding(screen, finding);
  }
  printReport(screen, sessions);
  screen.print();
  for (const { stack, output } of changed) screen.printLine(`${stack.id} is not stable:\n${output}`);
  if (changed.length > 0) {
    const text = `${changed.length} of ${count(stacks.length, "stack")} would change in a second plan.`;
    screen.print(text, { format: "red" });
    return false;
  }
  summary(screen, stacks.length, evidence);
  return true;
}

function printSession(screen: Screen, session: SessionEvidence): void {
  const { account, region, wave, sessionId, transcript, logStream } = session;
  heading(screen, `${account}, ${region} (wave ${wave})`);
  const row = (label: string, text: string) => screen.print(text, { first: `  ${label.padEnd(14)}` });
  row("session", sessionId);
  if (transcript)
    row("transcript", `${transcript.place} (${count(Buffer.byteLength(transcript.text), "byte")})`);
  if (logStream) row("log stream", `${logStream.place} (${count(logStream.lines.length, "line")})`);
  for (const { action, who, instance, from } of session.notifications) {
    row("notification", `${action} by ${who}${instance ? ` on ${instance}` : ""} from ${from}`);
  }
}

function printFinding(screen: Screen, { message }: Finding): void {
  const { summary: text = "", error, explanation } = message;
  screen.print(text, { first: "  ! ", format: "bold" });
  if (error) screen.print(`${error}: ${explanation}`, { first: "    " });
}

/** The top of the table, and where the whole report is. */
function printReport(screen: Screen, { table, files }: SessionReport): void {
  heading(screen, "What session-audit report says of all sessions");
  screen.print();
  for (const line of table.slice(0, TABLE_LINES)) screen.printLine(line);
  const left = table.length - TABLE_LINES;
  if (left > 0) screen.print(`… and ${count(left, "line")} more`);
  screen.print();
  for (const [what, file] of Object.entries(files)) {
    screen.print(file, { first: `The report stays here, ${what}: ` });
  }
}

function heading(screen: Screen, text: string): void {
  screen.print();
  screen.print(text, { format: "bold" });
}

/** A heading that stands out without colours as well. */
function alarm(screen: Screen, text: string, format: Format): void {
  const rule = "─".repeat(screen.width);
  screen.print();
  for (const line of [rule, text, rule]) screen.print(line, { format });
}

function quote(screen: Screen, text: string): void {
  for (const line of text.split("\n")) screen.print(line, { first: "  | ", rest: "  | " });
}

/** What the sessions have left, in words. */
function recordsOf(evidence: readonly SessionEvidence[]): string {
  const everywhere = (record: "transcript" | "logStream") =>
    evidence.every((session) => session[record] !== null);
  const records = [
    ...(everywhere("transcript") ? ["transcript"] : []),
    ...(everywhere("logStream") ? ["log stream"] : []),
  ];
  const left = [
    ...(records.length > 0 ? records : ["the record that its target keeps"]),
    ...(evidence.every(({ notifications }) => notifications.length > 0) ? ["notifications"] : []),
  ];
  const last = left.pop()!;
  return left.length === 0 ? last : `${left.join(", ")} and ${last}`;
}

/** One line, or two where the screen is too narrow for one. */
function summary(screen: Screen, stacks: number, evidence: readonly SessionEvidence[]): void {
  const records = recordsOf(evidence);
  const each = evidence.length === 1 ? "with" : "each with";
  const deployed = `${count(stacks, "stack")} deployed, second plan without changes in each;`;
  const recorded = `${count(evidence.length, "session")}, ${each} ${records}.`;
  const line = `${deployed} ${recorded}`;
  for (const text of line.length <= screen.width ? [line] : [deployed, recorded]) {
    screen.print(text, { format: "green" });
  }
}
