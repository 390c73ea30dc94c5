import type { Target } from "../../accounts/model/organization";
import type { Coverage, SessionRow, Witness } from "../../report/model";
import { TargetEvidence } from "../../report/target-evidence";
import type { Clients, TargetClients } from "../target-clients";
import type { Outcome } from "./coverage";
import { passes } from "./filters";
import { placesOf } from "./places";
import { TargetReader, type ReadProps } from "./target-reader";

/** What a report has of one target. */
export interface ReadTarget {
  readonly coverage: Coverage;
  readonly rows: readonly SessionRow[];
}

/**
 * Reads all witnesses of a target, and judges its sessions. What AWS refuses becomes part of the coverage.
 * @throws the reason of an aborted signal
 */
export async function readTarget(target: Target, props: ReadProps): Promise<ReadTarget> {
  const found = await readOnce(target, { ...props, opens: undefined });
  const { session } = props.filters;
  if (session === undefined || found.rows.length === 0) return found;
  // Since when records are expected also follows from the records of other sessions. One session is therefore judged as
  // in a report about all of them, and most targets, which do not have it, are only asked for this one.
  const all = await readOnce(target, { ...props, filters: {}, details: false });
  const details = new Map(found.rows.map(({ id, transcript, replica }) => [id, { transcript, replica }]));
  const rows = all.rows.flatMap((row) => (details.has(row.id) ? [{ ...row, ...details.get(row.id) }] : []));
  const { objectDetails } = found.coverage.witnesses;
  const witnesses = { ...all.coverage.witnesses, objectDetails };
  return { coverage: { ...all.coverage, witnesses, rows: rows.length }, rows };
}

async function readOnce(target: Target, props: ReadProps): Promise<ReadTarget> {
  const { organization, clients, filters, period, now, signal } = props;
  const places = placesOf(organization, target);
  const { account, region } = target;
  const facts = { account: account.name, accountId: account.id, region, rules: places.rules };
  const evidence = new TargetEvidence(facts);
  const opened: Clients[] = [];
  const open = (...[owner, at]: Parameters<TargetClients["of"]>): Clients => {
    const made = clients.of(owner, at);
    opened.push(made);
    return made;
  };
  try {
    const reader = new TargetReader(evidence, places, open(account, region), open, props);
    const outcomes = await reader.read(target);
    const read = {
      history: outcomes.history.read,
      trail: outcomes.trail.read,
      transcripts: outcomes.transcripts.read,
      logStreams: outcomes.logStreams.read,
    };
    const rows = [...evidence.rows({ read, since: reader.since(), now })].filter(
      (row) => isInPeriod(row, period) && passes(row, filters, places.rules.preferences),
    );
    return { coverage: coverageOf(facts, outcomes, rows.length), rows };
  } finally {
    for (const one of opened) one.close();
    signal?.throwIfAborted();
  }
}

const isInPeriod = ({ start }: SessionRow, { since, until }: ReadProps["period"]) =>
  start >= since.toISOString() && start < until.toISOString();

/** Witnesses without which a report does not show every session, or not truly. */
const NEEDED: readonly Witness[] = [
  "history",
  "trail",
  "transcripts",
  "replica",
  "logStreams",
  "preferences",
];

function coverageOf(
  { account, accountId, region }: { account: string; accountId: string; region: string },
  outcomes: Readonly<Record<Witness, Outcome>>,
  rows: number,
): Coverage {
  const witnesses = Object.fromEntries(
    Object.entries(outcomes).map(([witness, { coverage }]) => [witness, coverage]),
  ) as Coverage["witnesses"];
  const isOff = witnesses.transcripts.status === "none" && witnesses.logStreams.status === "none";
  const covered = !isOff && NEEDED.every((witness) => witnesses[witness].status !== "not-covered");
  return { type: "coverage", account, accountId, region, covered, witnesses, rows };
}
