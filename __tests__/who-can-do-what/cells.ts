import type { Policy } from "../../stacks/policies/policy";
import { without, type Actor } from "../stacks/policies/helpers";
import {
  changesArchive,
  changesKey,
  changesRecording,
  deletesKey,
  deletesLog,
  deletesTranscript,
  encrypts,
  readsLog,
  readsTranscript,
  writesLog,
  writesTranscript,
} from "./requests";
import { ARCHIVE, PAYMENTS, SANDBOX, type Request } from "./world";

/** What AWS must answer to some requests: `refused` by a statement that denies them, or `no` in one way or another. */
export interface Asked {
  readonly who: Actor;
  readonly requests: readonly Request[];
  readonly answer: "yes" | "no" | "refused";
}

/** A cell of the table: its words in docs/security.md, and the requests that prove them. */
export interface Cell {
  readonly says: string;
  readonly asked: readonly Asked[];
}

/** A row of the table: its first cell, and the others by the heads of their columns. */
export interface Row {
  readonly who: string;
  /** Whether guardrails bind the caller. The row must be true in each case. */
  readonly guardrails: readonly boolean[];
  readonly cells: Readonly<Record<string, Cell>>;
}

const asking =
  (answer: Asked["answer"]) =>
  (who: Actor, ...requests: readonly (readonly Request[])[]): Asked => ({
    who,
    requests: requests.flat(),
    answer,
  });
export const yes = asking("yes");
export const no = asking("no");
export const refused = asking("refused");

/** A cell with the words that it has in the table. */
export const cell = (says: string, ...asked: readonly Asked[]): Cell => ({ says, asked });

/** A row. The cells are in the order of the columns. */
export const row = (
  who: string,
  guardrails: readonly boolean[],
  record: Cell,
  transcripts: Cell,
  logs: Cell,
  remove: Cell,
  change: Cell,
): Row => ({
  who,
  guardrails,
  cells: {
    "record a session": record,
    "read transcripts": transcripts,
    "read session logs": logs,
    "delete or change a record": remove,
    "change the recording": change,
  },
});

const EVERYBODY = [ARCHIVE, SANDBOX, PAYMENTS];

/** Requests about each account of the map. */
export const each = (make: (account: string) => Request[], accounts = EVERYBODY) => accounts.flatMap(make);

const others = (own: string) => EVERYBODY.filter((account) => account !== own);

/* The cells of somebody who may do nothing in them. */
export const records = (who: Actor) => cell("no", no(who, each(writesTranscript), each(writesLog)));
export const reads = (who: Actor) => cell("no: refused", refused(who, each(readsTranscript)));
export const readsNoLogs = (who: Actor) => cell("no", no(who, each(readsLog)));
export const deletes = (who: Actor) =>
  cell("no", no(who, each(deletesTranscript), each(deletesLog), deletesKey()));
export const changes = (who: Actor) =>
  cell("no", no(who, each(changesRecording), changesKey(), changesArchive()));

/** The cell of somebody who reads the session logs of one account. */
export const readsOwnLogs = (who: Actor, own: string) =>
  cell("own account", yes(who, readsLog(own)), no(who, each(readsLog, others(own))));

/** Writes records of one account, and of no other. */
export const writesOwn = (who: Actor, own: string): Asked[] => [
  yes(who, writesTranscript(own), encrypts(), writesLog(own)),
  no(who, each(writesTranscript, others(own)), each(writesLog, others(own))),
];

/** The requests, where the map does not keep the roles of instances. */
export const withoutKeptRoles = (requests: readonly Request[]): Request[] =>
  requests.map((request) => ({ ...request, withoutKeptRoles: true }));

/** The requests, after the policy of the bucket has lost statements. */
export const changed = (requests: readonly Request[], ...sids: readonly string[]): Request[] =>
  requests.map((request) => ({ ...request, after: (policy: Policy) => without(policy, ...sids) }));
