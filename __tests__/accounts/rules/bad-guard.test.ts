import { key, mapWith, type Changes } from "./good-map";
import { problemsOf } from "./problems-of";

const ON = { "guard.enabled": true };
const LONG = Array.from({ length: 50 }, (_, index) =>
  `Acme-${String(index).padStart(2, "0")}`.padEnd(128, "x"),
);

it.each<[title: string, changes: Changes, path: string, allowed: string, remedy: string]>([
  ["a word for a flag", { "guard.enabled": "on" }, "guard.enabled", "true or false", "without quotes"],
  [
    "a document by its ARN",
    { ...ON, "guard.allowedDocuments": ["arn:aws:ssm:eu-central-1:444444444444:document/Acme"] },
    "guard.allowedDocuments[0]",
    "the name of a Session document",
    'write "Acme", the name alone',
  ],
  [
    "a key of another account, with which its table would be encrypted",
    {
      "accounts.sandbox.encryption": { mode: "existing", keyArn: key("eu-central-1") },
      "accounts.sandbox.guard": { enabled: true },
    },
    "accounts.sandbox.encryption.keyArn",
    "a key of account 222222222222 (sandbox)",
    "name a key of this account",
  ],
  [
    "a document twice",
    { ...ON, "guard.allowedDocuments": ["Acme-Shell", "Acme-Shell"] },
    "guard.allowedDocuments[1]",
    "each document once",
    "remove",
  ],
  [
    "the preferences, which need no permission",
    { ...ON, "guard.allowedDocuments": ["SSM-SessionManagerRunShell"] },
    "guard.allowedDocuments[0]",
    "other than the preferences",
    "remove it",
  ],
  [
    "more documents than a rule's pattern holds",
    { ...ON, "guard.allowedDocuments": LONG },
    "guard.allowedDocuments",
    "AWS accepts 2048",
    "allow fewer documents",
  ],
  [
    "a check every minute",
    { ...ON, "guard.checkTranscriptsEveryMinutes": 1 },
    "guard.checkTranscriptsEveryMinutes",
    "15 to 1440",
    "or null for never",
  ],
  [
    "no time for uploads",
    { ...ON, "guard.gracePeriodMinutes": 0 },
    "guard.gracePeriodMinutes",
    "5 to 1440",
    "write 5, the least",
  ],
  [
    "one run at a time",
    { ...ON, "guard.reservedConcurrency": 1 },
    "guard.reservedConcurrency",
    "2 to 100",
    "delay the end of a session",
  ],
  [
    "a guard that reports to nobody",
    { ...ON, "notifications.security.enabled": false },
    "guard.enabled",
    "reports to the security channel",
    "notifications.security.enabled: true",
  ],
  [
    "a guard that reports to nobody in one account",
    { ...ON, "accounts.sandbox.notifications.security.enabled": false },
    "accounts.sandbox.guard.enabled",
    "reports to the security channel",
    "leave the guard out",
  ],
  [
    "a guard without work",
    { ...ON, "guard.terminate": false, "guard.checkTranscriptsEveryMinutes": null },
    "guard.enabled",
    "it would do nothing",
    "guard.terminate: true",
  ],
  [
    "a guard without a trail, which gets no events",
    { ...ON, "accounts.sandbox.trail": "none" },
    "accounts.sandbox.trail",
    '"existing" or "create" while notifications are on',
    "trail",
  ],
  [
    "settings of a guard that nobody turned on",
    { "guard.gracePeriodMinutes": 60 },
    "guard.gracePeriodMinutes",
    "nothing unless guard.enabled is true",
    "change guard.enabled",
  ],
  [
    "settings of a guard that is off in one account",
    { ...ON, "accounts.sandbox.guard": { enabled: false, reservedConcurrency: 2 } },
    "accounts.sandbox.guard.reservedConcurrency",
    "nothing unless guard.enabled is true",
    "remove it",
  ],
  [
    "allowed documents, of a guard that ends no session",
    { ...ON, "guard.terminate": false, "guard.allowedDocuments": ["Acme-Shell"] },
    "guard.allowedDocuments",
    "nothing unless guard.terminate is true",
    "change guard.terminate",
  ],
  [
    "a grace period, of a guard that looks for nothing",
    { ...ON, "guard.checkTranscriptsEveryMinutes": null, "guard.gracePeriodMinutes": 60 },
    "guard.gracePeriodMinutes",
    "nothing unless guard.checkTranscriptsEveryMinutes is a number",
    "change guard.checkTranscriptsEveryMinutes",
  ],
  [
    "an organization whose name is too long for the guard's role",
    {
      ...ON,
      "organization.name": "a".repeat(30),
      "notifications.security.accountChanges": false,
      "transcripts.bucket": { existing: "theirs" },
      "transcripts.readers": undefined,
      archive: undefined,
      "accounts.log-archive": undefined,
      "accounts.sandbox": { id: "222222222222", homeRegion: "ap-southeast-1", regions: ["ap-southeast-1"] },
    },
    "organization.name",
    "IAM accepts 64",
    "shorten",
  ],
])("refuses %s", (_title, changes, path, allowed, remedy) => {
  const problems = problemsOf(mapWith(changes));
  expect(problems.map((problem) => problem.path)).toEqual([path]);
  expect(problems[0]!.allowed).toContain(allowed);
  expect(problems[0]!.remedy).toContain(remedy);
});

it.each<[string, Changes]>([
  ["a guard", ON],
  ["a guard in one region", { "accounts.payments.regions.us-east-1": { guard: { enabled: true } } }],
  [
    "settings for those accounts that turn theirs on",
    { "guard.gracePeriodMinutes": 60, "accounts.sandbox.guard.enabled": true },
  ],
  ["a guard that ends no session", { ...ON, "guard.terminate": false }],
  ["a guard that looks for nothing", { ...ON, "guard.checkTranscriptsEveryMinutes": null }],
])("accepts %s", (_title, changes) => {
  expect(problemsOf(mapWith(changes))).toEqual([]);
});
