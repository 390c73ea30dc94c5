import type { NotExpected } from "../guard/expected-records";
import type { HistorySession } from "./evidence";
import type { Verdict } from "./model";
import { listed, presentWords, verdict } from "./sentences";
import { tunnelOf } from "./tunnels";
import type { RecordingSince, VerdictProps } from "./verdict-props";

/** The reasons in the order in which they answer: the first that holds for a record is the verdict. */
const ORDER: readonly NotExpected[] = [
  ...(["not started", "other document", "before recording", "past retention", "no destination"] as const),
];

/** The verdict on a session that should leave no record. */
export function notExpected(
  history: HistorySession,
  reasons: readonly NotExpected[],
  { rules, since, now, seen }: VerdictProps,
): Verdict {
  const reason = ORDER.find((one) => reasons.includes(one))!;
  const records = [
    ...(seen.transcript === "present" ? ["transcript"] : []),
    ...(seen.logStream === "present" ? ["log stream"] : []),
  ];
  const unexpected = records.length > 0 ? [`It has nevertheless left a ${listed(records)}.`] : [];
  switch (reason) {
    case "not started":
      return verdict("failed", `Session Manager lists the session as ${history.status}.`, ...unexpected);
    case "other document":
      return otherDocument(history.document!, unexpected);
    case "before recording":
      if (records.length > 0) return verdict("recorded", presentWords(records));
      return verdict("before-recording", beginningWords(firstOf(since), now));
    case "past retention": {
      if (records.length > 0) return verdict("recorded", presentWords(records));
      const { bucket, logGroup } = rules.transcripts;
      const days = [bucket?.keptDays, logGroup?.keptDays].filter((kept) => typeof kept === "number");
      return verdict("past-retention", `The map keeps records for ${days.join(" and ")} days.`);
    }
    case "no destination":
      return verdict("no-destination", ...unexpected);
  }
}

const beginningWords = (since: Date, now: Date) =>
  since >= now
    ? "The preferences have never named the places of the map: nothing has been recorded there yet."
    : `Recording in the present places began at ${since.toISOString()}.`;

function otherDocument(document: string, unexpected: readonly string[]): Verdict {
  const tunnel = tunnelOf(document);
  const used = `The session used the document ${document}.`;
  return verdict(tunnel ?? "other-document", used, ...unexpected);
}

const firstOf = ({ transcript, logStream }: RecordingSince) =>
  transcript < logStream ? transcript : logStream;
