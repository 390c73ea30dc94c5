import { join } from "node:path";
import type { Session } from "@aws-sdk/client-ssm";
import { placesOf } from "../../../fleet/report/places";
import { readTarget } from "../../../fleet/report/read-target";
import type { Filters } from "../../../fleet/report/filters";
import type { AccountsMap } from "../../../accounts/schema";
import { checkMap, readOrganization } from "../../../stacks/read-organization";
import exampleMap from "../../fixtures/example-map";
import { fakeClients, refusal, type FakeTarget } from "./fake-target";

const NOW = new Date("2026-11-24T12:00:00Z");
const PERIOD = { since: new Date("2026-11-20T00:00:00Z"), until: NOW };
const at = (time: string) => new Date(`2026-11-${time}:00Z`);

const organization = (change: Partial<AccountsMap> = {}) => checkMap({ ...exampleMap, ...change }, "map");

const session = (SessionId: string, change: Partial<Session> = {}): Session => ({
  SessionId,
  Status: "Terminated",
  Target: "i-1",
  DocumentName: "SSM-SessionManagerRunShell",
  Owner: "arn:aws:sts::444444444444:assumed-role/operator/alice",
  StartDate: at("23T10:00"),
  EndDate: at("23T11:00"),
  ...change,
});

/** Reads the first target of the example, whose preferences have named its places since the first of November. */
async function read(
  target: FakeTarget,
  filters: Filters = {},
  map = organization(),
  { signal, opens, days = [] }: { signal?: AbortSignal; opens?: string; days?: readonly string[] } = {},
) {
  const [first] = map.targets;
  const { bucket, logGroup } = placesOf(map, first!).rules.transcripts;
  const inputs = {
    s3BucketName: bucket!.name,
    s3KeyPrefix: bucket!.prefix,
    cloudWatchLogGroupName: logGroup!.name,
  };
  const documents = [{ created: at("01T00:00"), content: { inputs } }];
  const { clients, calls } = fakeClients({ documents, ...target });
  const { rows, coverage } = await readTarget(first!, {
    organization: map,
    clients,
    filters,
    period: PERIOD,
    now: NOW,
    details: true,
    signal,
    opens,
    trail: async function* (_target, _clients, sawDay) {
      days.forEach(sawDay);
    },
  });
  return {
    verdicts: Object.fromEntries(rows.map(({ id, verdict }) => [id, verdict.kind])),
    rows,
    coverage,
    calls,
  };
}

const recorded = { objects: { s1: [at("23T11:00")] }, streams: { s1: at("23T10:01") } };

it("finds a recorded session, with the lock of its transcript", async () => {
  const { verdicts, rows, coverage } = await read({ sessions: [session("s1")], ...recorded });
  expect(verdicts).toEqual({ s1: "recorded" });
  expect(rows[0]!.transcript).toMatchObject({ place: "archive", lockMode: "GOVERNANCE", detailsRead: true });
  expect(coverage.covered).toBe(true);
});

it.each([
  [["2026-11-23"], null, "no"],
  [["2026-11-20", "2026-11-24"], "days of which the trail has no file: 2026-11-23.", "unread"],
  // The event history has no files.
  [[], null, "no"],
])("a trail with files of %j covers a session of 2026-11-23, or says: %s", async (days, reason, seen) => {
  const target = { sessions: [session("s1")], ...recorded };
  const { coverage, rows } = await read(target, {}, organization(), { days });
  expect(rows[0]!.witnesses.trail).toBe(seen);
  expect(coverage.covered).toBe(reason === null);
  if (reason !== null) expect(coverage.witnesses.trail.reason).toContain(reason);
});

describe("the log stream of one session, in which another instance has written", () => {
  const message = JSON.stringify({
    eventVersion: "1.0",
    target: { id: "i-2" },
    sessionId: "s1",
    sessionData: ["$ id"],
    userIdentity: { arn: session("s1").Owner },
  });
  const target = { sessions: [session("s1"), session("s2")], ...recorded, messages: [message] };
  const one = { session: "s1" };

  it("contradicts the session where the command opens it", async () => {
    const { verdicts, rows } = await read(target, one, organization(), { opens: "s1" });
    expect(verdicts).toEqual({ s1: "contradicted" });
    expect(rows[0]!.verdict.words.join(" ")).toContain("names the instance i-2");
    expect(rows[0]!.logStream!.claims).toMatchObject([{ sessionId: "s1", instance: "i-2", events: 1 }]);
  });

  it("is not opened by a report that only lists it", async () => {
    const { verdicts, rows, calls } = await read(target, one);
    expect(verdicts).toEqual({ s1: "recorded" });
    expect(rows[0]!.logStream!.claims).toBeNull();
    expect(calls).not.toContain("GetLogEvents");
  });

  it("is not opened with a role that may not read content", async () => {
    const { calls } = await read({ ...target, readsContent: false }, one, organization(), { opens: "s1" });
    expect(calls).not.toContain("GetLogEvents");
  });

  it("is judged without its events where AWS refuses them, which is said where they are shown", async () => {
    const errors = { GetLogEvents: refusal("AccessDeniedException", "no") };
    const { verdicts } = await read({ ...target, errors }, one, organization(), { opens: "s1" });
    expect(verdicts).toEqual({ s1: "recorded" });
  });
});

it("reads the lock alone with a role that may not read content, and says so", async () => {
  const target = { sessions: [session("s1")], ...recorded, readsContent: false };
  const { rows, coverage, calls } = await read(target);
  expect(rows[0]!.transcript).toMatchObject({
    lockMode: "COMPLIANCE",
    retainUntil: "2027-01-01T00:00:00.000Z",
    detailsRead: false,
  });
  expect(coverage).toMatchObject({
    covered: true,
    witnesses: {
      objectDetails: { status: "left-out", reason: expect.stringContaining("locks alone") as string },
    },
  });
  expect(calls).not.toContain("HeadObject");
});

it("takes an object without a lock for what it is", async () => {
  const errors = { GetObjectRetention: refusal("NoSuchObjectLockConfiguration", "no lock") };
  const { rows, coverage } = await read({
    sessions: [session("s1")],
    ...recorded,
    readsContent: false,
    errors,
  });
  expect(rows[0]!.transcript).toMatchObject({ lockMode: null, retainUntil: null });
  expect(coverage.witnesses.objectDetails.status).toBe("left-out");
});

it("says that AWS refused the locks", async () => {
  const errors = { GetObjectRetention: refusal("AccessDenied", "no") };
  const { coverage } = await read({
    sessions: [session("s1")],
    ...recorded,
    readsContent: false,
    errors,
  });
  expect(coverage.witnesses.objectDetails).toMatchObject({
    status: "not-covered",
    reason: "AccessDenied: no",
  });
});

it("looks up whose record it is before it calls a record forged", async () => {
  const sessions = [session("early", { StartDate: at("19T23:00"), EndDate: at("20T01:00") })];
  const objects = { early: [at("20T01:00")], forged: [at("22T00:00")] };
  const { verdicts, calls } = await read({ sessions, objects });
  expect(verdicts).toEqual({ forged: "record-only" });
  expect(calls).toContain("DescribeSessions early");
});

it("does not look up whose record it is that was written after the period", async () => {
  const target = { sessions: [session("s1")], objects: { ...recorded.objects, later: [at("24T12:00")] } };
  const { verdicts, calls } = await read({ ...target, streams: recorded.streams });
  expect(verdicts).toEqual({ s1: "recorded" });
  expect(calls).not.toContain("DescribeSessions later");
});

it("keeps no record that is older than any session of the period, and still takes it for proof of recording", async () => {
  const { verdicts } = await read({
    sessions: [session("s2")],
    objects: { old: [new Date("2026-06-01T00:00:00Z")] },
    documents: [],
  });
  expect(verdicts).toEqual({ s2: "unrecorded" });
});

it("takes a session for older than recording where nothing was ever recorded", async () => {
  const { verdicts } = await read({ sessions: [session("s2")], documents: [] });
  expect(verdicts).toEqual({ s2: "before-recording" });
});

it("counts the first version of the preferences that names the places, whatever came later", async () => {
  const places = placesOf(organization(), organization().targets[0]!).rules.transcripts;
  const inputs = {
    s3BucketName: places.bucket!.name,
    s3KeyPrefix: places.bucket!.prefix,
    cloudWatchLogGroupName: places.logGroup!.name,
  };
  const off = { s3BucketName: "", cloudWatchLogGroupName: "" };
  const documents = [
    { created: at("01T00:00"), content: { inputs: off } },
    { created: at("10T00:00"), content: { inputs } },
    { created: at("23T09:00"), content: { inputs: off } },
    { created: at("23T12:00"), content: { inputs } },
  ];
  expect((await read({ sessions: [session("s2")], documents })).verdicts).toEqual({ s2: "unrecorded" });
});

it("knows since when each of the two places is in force", async () => {
  const { bucket, logGroup } = placesOf(organization(), organization().targets[0]!).rules.transcripts;
  const s3 = { s3BucketName: bucket!.name, s3KeyPrefix: bucket!.prefix };
  const documents = [
    { created: at("01T00:00"), content: { inputs: s3 } },
    { created: at("23T12:00"), content: { inputs: { ...s3, cloudWatchLogGroupName: logGroup!.name } } },
  ];
  const { verdicts, rows } = await read({ sessions: [session("s2")], documents });
  expect(verdicts).toEqual({ s2: "unrecorded" });
  expect(rows[0]!.verdict.words).toEqual([
    "The transcript is missing.",
    "Nothing shows what was done in the session.",
  ]);
});

it("with a filter, is silent about records of other sessions", async () => {
  const sessions = [
    session("s1"),
    session("bob", { Owner: "arn:aws:sts::444444444444:assumed-role/operator/bob" }),
  ];
  const objects = { ...recorded.objects, bob: [at("23T11:00")], forged: [at("22T00:00")] };
  const target = { ...recorded, sessions, objects };
  expect((await read(target, { owner: sessions[0]!.Owner! })).verdicts).toEqual({ s1: "recorded" });
  expect((await read(target, { owner: "alice" })).verdicts).toEqual({ s1: "recorded" });
  expect((await read(target, { session: "s1" })).verdicts).toEqual({ s1: "recorded" });
  expect((await read(target, { session: "forged" })).verdicts).toEqual({ forged: "record-only" });
});

it("leaves streams of other programs alone in a log group that existed before", async () => {
  const streams = { ...recorded.streams, "app/web/1": at("23T10:00") };
  const target = { ...recorded, sessions: [session("s1")], streams };
  expect((await read(target)).verdicts).toEqual({ s1: "recorded", "app/web/1": "record-only" });
  const { payments: _, ...accounts } = exampleMap.accounts;
  const existing = organization({ accounts, logs: { group: { existing: "/acme/sessions" } } });
  expect((await read(target, {}, existing)).verdicts).toEqual({ s1: "recorded" });
});

it.each`
  operation                 | witness          | verdict
  ${"DescribeSessions"}     | ${"history"}     | ${"unread"}
  ${"ListObjectVersions"}   | ${"transcripts"} | ${"unread"}
  ${"DescribeLogStreams"}   | ${"logStreams"}  | ${"unread"}
  ${"ListDocumentVersions"} | ${"preferences"} | ${"recorded"}
`(
  "where $operation is refused, $witness is not covered and a session is $verdict",
  async ({ operation, witness, verdict }) => {
    const errors = { [operation as string]: refusal("AccessDeniedException", "no") };
    const { verdicts, coverage } = await read({ sessions: [session("s1")], ...recorded, errors });
    expect(verdicts).toEqual({ s1: verdict as string });
    expect(coverage).toMatchObject({
      covered: false,
      witnesses: { [witness as string]: { status: "not-covered", reason: "AccessDeniedException: no" } },
    });
  },
);

it.each(["HeadObject", "DescribeInstanceInformation"])(
  "where %s is refused, the target is covered",
  async (operation) => {
    const errors = { [operation]: refusal("AccessDeniedException", "no") };
    const { verdicts, coverage } = await read({ sessions: [session("s1")], ...recorded, errors });
    expect(verdicts).toEqual({ s1: "recorded" });
    expect(coverage.covered).toBe(true);
  },
);

it("says that a bucket which does not exist has no transcripts, and does not call the target covered", async () => {
  const errors = { ListObjectVersions: refusal("NoSuchBucket", "The specified bucket does not exist") };
  const { verdicts, coverage } = await read({ sessions: [session("s2")], errors });
  expect(verdicts).toEqual({ s2: "unrecorded" });
  expect(coverage.covered).toBe(false);
});

it("ends with the reason of an interruption", async () => {
  const controller = new AbortController();
  controller.abort(new Error("interrupted"));
  const reading = read({ sessions: [session("s1")] }, {}, organization(), {
    signal: controller.signal,
  });
  await expect(reading).rejects.toThrow("interrupted");
});

it("knows the bucket of each target, who owns it, and its replica", () => {
  const map = readOrganization(join(__dirname, "..", "..", "fixtures", "replication.yaml"));
  const places = placesOf(
    map,
    map.targets.find(({ account }) => account.name === "shop")!,
  );
  const prefix = "sessions/222222222222/eu-central-1";
  expect(places.transcripts).toMatchObject({
    place: "archive",
    prefix,
    account: { id: "111111111111" },
    region: "eu-central-1",
  });
  expect(places.replica).toMatchObject({
    place: "replica",
    prefix,
    account: { id: "555555555555" },
    region: "eu-west-1",
    bucket: `${places.transcripts!.bucket}-copy`,
  });
  const existing = organization({ transcripts: { bucket: { existing: "acme-sessions" } } });
  expect(placesOf(existing, existing.targets[0]!)).toMatchObject({
    transcripts: { place: "existing", bucket: "acme-sessions", account: { id: "222222222222" } },
    replica: null,
  });
});
