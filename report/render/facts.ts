import { clip, prose, visible } from "../../pages/visible";
import type { RecordSeen, Seen, SessionRow, StreamClaim, Transcript, Witness } from "../model";
import { MEANINGS } from "../verdicts";
import { durationWords, type Times } from "./times";

/** The parts of the evidence about a session, in the order in which they are shown. */
export const GROUPS = [
  "Finding",
  "Session",
  "Person",
  "Witnesses",
  "CloudTrail event",
  "Transcript in S3",
  "Replica in S3",
  "Log stream",
] as const;
export type Group = (typeof GROUPS)[number];

/** One line of the evidence. */
export interface Fact {
  readonly group: Group;
  readonly label: string;
  /** The value in words; null: there is none, and no line. */
  readonly value: (row: SessionRow, times: Times) => string | null;
}

const SEEN: Readonly<Record<Seen, string>> = {
  yes: "knows the session",
  no: "does not know the session",
  unread: "could not be read, or was not asked",
};
const RECORD: Readonly<Record<RecordSeen, string>> = {
  present: "exists and has content",
  empty: "exists and is empty",
  absent: "does not exist",
  unread: "could not be read, or was not asked",
  none: "the map names no place for it",
};
const PLACES: Readonly<Record<Transcript["place"], string>> = {
  own: "the bucket of the account and region",
  archive: "the archive",
  existing: "a bucket that existed before",
  replica: "the replica",
};

/** What each witness is called. */
export const WITNESS_NAMES: Readonly<Record<Witness, string>> = {
  history: "Session history",
  trail: "CloudTrail",
  transcripts: "Transcripts",
  replica: "Replica",
  logStreams: "Log streams",
  preferences: "Preferences",
  objectDetails: "Locks and checksums",
  instances: "Names of instances",
};

const number = (value: number): string => value.toLocaleString("en-US");
const bytes = (value: number | null | undefined): string | null =>
  value === null || value === undefined ? null : `${number(value)} ${value === 1 ? "byte" : "bytes"}`;
const yesNo = (value: boolean | null | undefined): string | null =>
  value === null || value === undefined ? null : value ? "yes" : "no";

type Get = Fact["value"];
const group = (name: Group, ...facts: readonly (readonly [label: string, value: Get])[]): Fact[] =>
  facts.map(([label, value]) => ({ group: name, label, value }));

const unread = "unknown: AWS refused to say, or was not asked";
/** A detail that only `HeadObject` gives. */
const detail = (object: Transcript, value: string | null, none: string): string =>
  value ?? (object.detailsRead ? none : unread);

function objectFacts(name: Group, of: (row: SessionRow) => Transcript | null): Fact[] {
  const get =
    (value: (object: Transcript, times: Times) => string | null): Get =>
    (row, times) => {
      const object = of(row);
      return object === null ? null : value(object, times);
    };
  return group(
    name,
    ["Bucket", get(({ bucket }) => bucket)],
    ["Kind of bucket", get(({ place }) => PLACES[place])],
    ["Key", get(({ key }) => key)],
    [
      "Version id",
      get(({ versionId }) => (versionId === "null" ? "null: written without versioning" : versionId)),
    ],
    ["Versions", get(({ versions }) => `${number(versions)}; the SSM Agent writes one`)],
    ["Deleted", get(({ deleted }) => (deleted ? "yes: a delete marker hides the object" : "no"))],
    ["Size", get(({ size }) => bytes(size))],
    ["ETag", get(({ etag }) => etag)],
    ["Checksum", get((object) => detail(object, object.checksum, "S3 keeps none"))],
    ["Stored by S3", get(({ time }, { exact }) => exact(time))],
    ["First stored", get(({ time, firstTime }, { exact }) => (firstTime === time ? null : exact(firstTime)))],
    ["Object Lock", get((object) => detail(object, object.lockMode, "none"))],
    ["Locked until", get(({ retainUntil }, { exact }) => (retainUntil === null ? null : exact(retainUntil)))],
    ["Legal hold", get(({ legalHold, detailsRead }) => (detailsRead ? yesNo(legalHold) : unread))],
    ["Replication", get((object) => detail(object, object.replicationStatus, "not replicated"))],
    ["KMS key", get((object) => detail(object, object.kmsKey, "none: another encryption"))],
  );
}

const DURATION: Get = ({ durationSeconds }) => {
  if (durationSeconds === null) return null;
  const words = durationWords(durationSeconds);
  return durationSeconds < 60 ? words : `${words} (${number(durationSeconds)} s)`;
};

const claimWords = ({ sessionId, instance, owner, events }: StreamClaim): string => {
  const names = [sessionId && `session ${sessionId}`, instance && `instance ${instance}`, owner].filter(
    Boolean,
  );
  return `${names.join(", ") || "nobody: plain text"} (${number(events)} ${events === 1 ? "event" : "events"})`;
};

/** Everything that is known about a session, in plain words. Each value is on one line, and every character can be seen. */
export const FACTS: readonly Fact[] = [
  ...group(
    "Finding",
    ["Verdict", ({ verdict }) => MEANINGS[verdict.kind].title],
    ["Meaning", ({ verdict }) => MEANINGS[verdict.kind].means],
    ["About this session", ({ verdict }) => verdict.words.join(" ") || null],
  ),
  ...group(
    "Session",
    ["Session id", ({ id }) => id],
    ["Account", ({ account, accountId }) => `${account} (${accountId})`],
    ["Region", ({ region }) => region],
    ["Instance", ({ instance }) => instance ?? "unknown"],
    ["Name of the instance", ({ instanceName }) => instanceName],
    ["Platform", ({ platform }) => platform],
    ["Start", ({ start }, { exact }) => exact(start)],
    ["End", ({ end }, { exact }) => (end === null ? "open, or unknown" : exact(end))],
    ["Duration", DURATION],
    ["Status", ({ status }) => status],
    ["Document", ({ document }) => document ?? "the preferences document"],
    [
      "Parameters",
      ({ documentParameters }) =>
        Object.entries(documentParameters ?? {})
          .map(([name, values]) => `${name}: ${values.join(", ")}`)
          .join("; ") || null,
    ],
    ["Access type", ({ accessType }) => accessType],
    ["Reason", ({ reason }) => reason ?? "none given"],
  ),
  ...group(
    "Person",
    ["Person", ({ person }) => person?.name ?? "unknown"],
    ["Role", ({ person }) => person?.role ?? null],
    ["Name of the role session", ({ person }) => person?.sessionName ?? null],
    ["Source identity", ({ person }) => person?.sourceIdentity ?? null],
    ["User of Identity Center", ({ person }) => person?.identityCenterUser ?? null],
    ["Principal", ({ owner }) => owner],
  ),
  ...group(
    "Witnesses",
    ["Session history", ({ witnesses }) => SEEN[witnesses.history]],
    ["CloudTrail", ({ witnesses }) => SEEN[witnesses.trail]],
    ["Transcript", ({ witnesses }) => RECORD[witnesses.transcript]],
    ["Log stream", ({ witnesses }) => RECORD[witnesses.logStream]],
  ),
  ...group(
    "CloudTrail event",
    ["Event id", ({ trail }) => trail?.eventId ?? null],
    ["Time", ({ trail }, { exact }) => (trail === null ? null : exact(trail.time))],
    ["Source IP address", ({ trail }) => trail?.sourceIp ?? null],
    ["User agent", ({ trail }) => trail?.userAgent ?? null],
    ["MFA", ({ trail }) => (trail === null ? null : (yesNo(trail.mfa) ?? "the event does not say"))],
    ["Issuer of the credentials", ({ trail }) => trail?.issuer ?? null],
  ),
  ...objectFacts("Transcript in S3", ({ transcript }) => transcript),
  ...objectFacts("Replica in S3", ({ replica }) => replica),
  ...group(
    "Log stream",
    ["Log group", ({ logStream }) => logStream?.group ?? null],
    ["Name", ({ logStream }) => logStream?.name ?? null],
    ...(
      [
        ["Created", "created"],
        ["First event", "firstEvent"],
        ["Last event", "lastEvent"],
        ["Last event received", "lastIngestion"],
      ] as const
    ).map(([label, field]): readonly [string, Get] => [
      label,
      ({ logStream }, { exact }) => {
        const time = logStream?.[field] ?? null;
        return time === null ? null : exact(time);
      },
    ]),
    ["Size", ({ logStream }) => bytes(logStream?.bytes)],
    [
      "Written, as its events say, by",
      ({ logStream }) => logStream?.claims?.map(claimWords).join("; ") || null,
    ],
    [
      "Masked",
      ({ logStream }) =>
        logStream === null
          ? null
          : logStream.masked
            ? "yes: a data protection policy masks parts of the text"
            : "no",
    ],
  ),
];

/** Characters of a value. The JSON output has all of a longer one. */
const LONGEST = 4_000;

/** Values of the facts about a session, in their order; null: no line. */
export const factsOf = (row: SessionRow, times: Times): (string | null)[] =>
  FACTS.map(({ label, value }) => {
    const text = value(row, times);
    if (text === null) return null;
    return clip(label === "About this session" ? prose(text) : visible(text), LONGEST);
  });
