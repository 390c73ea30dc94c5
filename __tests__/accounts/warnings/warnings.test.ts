import { WARNING_IDS } from "../../../accounts/schema/accept";
import { read } from "../../helpers/documents";
import { OWN_BUCKETS, READER, type Changes } from "../rules/good-map";
import { EMAIL, TODAY, warningsOf } from "./warnings-of";

const SLACK = { platform: "slack", workspaceId: "T0123ABCD", channelId: "C0123ABCD" };
const ROLE = "arn:aws:iam::111111111111:role/break-glass";
const GUARDRAILS = {
  managementAccount: { id: "999999999999", homeRegion: "us-east-1" },
  organizationalUnits: ["ou-ab12-cdefgh34"],
  breakGlassRoles: [ROLE],
};

const openWith = (changes: Changes, now = TODAY) =>
  warningsOf(changes, now).open.map(({ warning, path, others }) => [warning, path, others]);

it("a map that says who is notified and who can record has no warnings", () => {
  expect(openWith({})).toEqual([]);
});

type Case = readonly [title: string, changes: Changes, warning: string, path: string, others: number];

const CASES: readonly Case[] = [
  [
    "no subscriber of the activity channel",
    { "notifications.activity.subscribers": [] },
    "activity-unheard",
    "notifications.activity.subscribers",
    0,
  ],
  [
    "no subscriber of the activity channel in one account",
    { "accounts.payments.notifications": { activity: { subscribers: [] } } },
    "activity-unheard",
    "accounts.payments.notifications.activity.subscribers",
    0,
  ],
  [
    "no subscriber of the activity channel in two accounts",
    {
      "accounts.sandbox.notifications": { activity: { subscribers: [] } },
      "accounts.payments.notifications": { activity: { subscribers: [] } },
    },
    "activity-unheard",
    "accounts.sandbox.notifications.activity.subscribers",
    1,
  ],
  [
    "no subscriber of the security channel, in targets and in the archive",
    { "notifications.security.subscribers": [] },
    "security-unheard",
    "notifications.security.subscribers",
    0,
  ],
  [
    "no subscriber of the security channel in an account that keeps its findings",
    { "accounts.payments.notifications": { security: { subscribers: [], central: false } } },
    "security-unheard",
    "accounts.payments.notifications.security.subscribers",
    0,
  ],
  [
    "no subscriber of the central topics, whatever the archive account has",
    {
      "notifications.central": { account: "log-archive", region: "eu-central-1" },
      "notifications.security.subscribers": [],
      "accounts.log-archive.notifications": { security: { subscribers: [EMAIL] } },
    },
    "security-unheard",
    "notifications.security.subscribers",
    0,
  ],
  [
    "no subscriber of the central topic for sessions",
    {
      "notifications.central": { account: "payments", region: "us-east-1" },
      "notifications.activity.subscribers": [],
    },
    "activity-unheard",
    "notifications.activity.subscribers",
    0,
  ],
  [
    "no role that gets the permission to record",
    { "access.attachToRoles": [] },
    "no-role-can-record",
    "access.attachToRoles",
    0,
  ],
  ["no protection anywhere", { protect: false }, "nothing-protected", "protect", 0],
  [
    "no enforcement in the last wave",
    { "accounts.payments.preferences": { enforce: { s3: false, cloudWatch: false } } },
    "not-enforced-late",
    "accounts.payments.preferences.enforce",
    0,
  ],
  [
    "compliance mode in the archive",
    { "transcripts.objectLock": { mode: "compliance", days: 2555 } },
    "compliance-lock",
    "transcripts.objectLock",
    0,
  ],
  [
    "compliance mode in the buckets of two accounts",
    {
      ...OWN_BUCKETS,
      "transcripts.readers": [],
      "accounts.sandbox.transcripts": { objectLock: { mode: "compliance" } },
      "accounts.payments.transcripts": { objectLock: { mode: "compliance" } },
    },
    "compliance-lock",
    "accounts.sandbox.transcripts.objectLock",
    1,
  ],
  ["a lock of a day", { "transcripts.objectLock": { days: 1 } }, "lock-of-days", "transcripts.objectLock", 0],
  [
    "guardrails without a role for emergencies",
    { guardrails: { ...GUARDRAILS, breakGlassRoles: [] } },
    "no-break-glass",
    "guardrails.breakGlassRoles",
    0,
  ],
  [
    "a reader whose account the map does not have",
    { "transcripts.organizationReaders": ["arn:aws:iam::666666666666:role/auditor"] },
    "reader-outside",
    "transcripts.organizationReaders",
    0,
  ],
  [
    "a document that guardrails allow and the guard ends",
    {
      guardrails: { ...GUARDRAILS, allowedDocuments: ["AWS-StartPortForwardingSession"] },
      "accounts.payments.guard": { enabled: true },
    },
    "allowed-then-ended",
    "guardrails.allowedDocuments",
    0,
  ],
  [
    "an archive in the management account",
    { guardrails: { ...GUARDRAILS, managementAccount: { id: "111111111111", homeRegion: "eu-central-1" } } },
    "archive-in-management",
    "archive.account",
    0,
  ],
];

it("every warning has a case", () => {
  expect([...new Set(CASES.map(([, , warning]) => warning))].sort()).toEqual([...WARNING_IDS].sort());
});

it.each(CASES)("warns of %s", (_title, changes, warning, path, others) => {
  expect(openWith(changes)).toEqual([[warning, path, others]]);
});

it.each<[string, Changes]>([
  [
    "a topic that exists, whose subscribers the map does not know",
    { "notifications.activity": { topic: { existing: "alerts" } } },
  ],
  ["a channel that is off", { "notifications.activity": { enabled: false } }],
  [
    "findings that a subscriber of the archive's channel gets",
    {
      "notifications.security.subscribers": [],
      "accounts.log-archive.notifications": { security: { subscribers: [EMAIL] } },
    },
  ],
  [
    "a chat channel only",
    {
      "notifications.activity.subscribers": [],
      "notifications.activity.chat": [SLACK],
    },
  ],
  ["an instance profile instead of roles", { "access.attachToRoles": [], "access.instanceProfile": true }],
  [
    "host management instead of roles",
    { "access.attachToRoles": [], "access.defaultHostManagementRole": "DefaultHostManagement" },
  ],
  [
    "no role where nothing is enforced",
    {
      "access.attachToRoles": [],
      "preferences.enforce": { s3: false, cloudWatch: false },
      waves: ["rest"],
      "accounts.sandbox.wave": "rest",
    },
  ],
  [
    "no enforcement in the first wave",
    { "accounts.sandbox.preferences": { enforce: { s3: false, cloudWatch: false } } },
  ],
  ["enforcement of one of two records", { "preferences.enforce": { cloudWatch: false } }],
  ["an account without protection", { "accounts.sandbox.protect": false }],
  ["a governance lock of 30 days", { "transcripts.objectLock": { days: 30 } }],
  ["no lock", { "transcripts.objectLock": { mode: "off" } }],
  ["guardrails with a role for emergencies", { guardrails: GUARDRAILS }],
  [
    "a document that both allow",
    {
      guardrails: { ...GUARDRAILS, allowedDocuments: ["AWS-StartPortForwardingSession"] },
      guard: { enabled: true, allowedDocuments: ["AWS-StartPortForwardingSession"] },
    },
  ],
  ["a reader of an account without targets", { "transcripts.readers": [READER] }],
])("does not warn of %s", (_title, changes) => {
  expect(openWith(changes).map(([warning]) => warning)).toEqual([]);
});

describe("an accepted warning", () => {
  const accept = (until: string) => [{ warning: "lock-of-days", because: "This is a playground.", until }];
  const short = { "transcripts.objectLock": { days: 1 } };

  it("is not open until the end of its last day, and is listed with its reason", () => {
    const { open, accepted } = warningsOf({ ...short, accept: accept("2026-11-26") });
    expect(open).toEqual([]);
    expect(accepted).toMatchObject([
      { warning: "lock-of-days", because: "This is a playground.", until: "2026-11-26" },
    ]);
  });

  it("is open again on the next day, with the acceptance that is over", () => {
    expect(openWith({ ...short, accept: accept("2026-11-25") })).toEqual([
      ["lock-of-days", "transcripts.objectLock", 0],
      ["acceptance-over", "accept[0].until", 0],
    ]);
  });

  it("is itself a warning if the map does not lead to it", () => {
    expect(openWith({ accept: accept("2027-11-26") })).toEqual([
      ["acceptance-without-warning", "accept[0]", 0],
    ]);
  });

  it("silences no other warning", () => {
    expect(openWith({ ...short, protect: false, accept: accept("2027-11-26") })).toEqual([
      ["nothing-protected", "protect", 0],
    ]);
  });
});

it("each warning has a section in the documentation", () => {
  const sections = [...read("docs/warnings.md").matchAll(/^## `(.*)`$/gm)].map(([, id]) => id);
  expect(sections).toEqual([...WARNING_IDS, "acceptance-over", "acceptance-without-warning"]);
});
