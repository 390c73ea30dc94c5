import { mapWith, type Changes } from "./good-map";
import { oneProblem, problemsOf } from "./problems-of";

const MAINTAINED: Changes = { "prerequisites.maintain": ["ssm-agent"] };
const TAGGED = { tag: "SessionManager", values: ["yes"] };

/** A change to the good map, and the one problem that it must cause: the path, what is allowed, and the remedy. */
it.each<[title: string, changes: Changes, path: string, allowed: string, remedy: string]>([
  [
    "a section that is a flag",
    { prerequisites: true },
    "prerequisites",
    "an object with maintain",
    "section",
  ],
  [
    "an unknown prerequisite",
    { "prerequisites.maintain": ["ssm-agnet"] },
    "prerequisites.maintain[0]",
    '"ssm-agent" or "linux-tools"',
    'did you mean "ssm-agent"?',
  ],
  [
    "a prerequisite twice",
    { "prerequisites.maintain": ["ssm-agent", "ssm-agent"] },
    "prerequisites.maintain[1]",
    "each prerequisite once",
    "remove the repetition",
  ],
  [
    "a schedule with a month",
    { ...MAINTAINED, "prerequisites.schedule": "cron(0 3 1 JAN ? *)" },
    "prerequisites.schedule",
    "less than 31 days",
    "State Manager accepts no month",
  ],
  [
    "applyOnlyAtCronInterval with a rate",
    { ...MAINTAINED, "prerequisites.applyOnlyAtCronInterval": true },
    "prerequisites.applyOnlyAtCronInterval",
    "false while prerequisites.schedule is a rate",
    "cron expression",
  ],
  ["no targets", { ...MAINTAINED, "prerequisites.targets": [] }, "prerequisites.targets", '"all"', "write"],
  [
    "targets by instance",
    { ...MAINTAINED, "prerequisites.targets": "i-0123456789abcdef0" },
    "prerequisites.targets",
    '"all", or a list of 1 to 5',
    'write "all"',
  ],
  [
    "six targets",
    { ...MAINTAINED, "prerequisites.targets": "abcdef".split("").map((tag) => ({ tag, values: ["x"] })) },
    "prerequisites.targets",
    "1 to 5 objects",
    "write",
  ],
  [
    "a tag's key with tag: before it and a plus",
    { ...MAINTAINED, "prerequisites.targets": [{ tag: "tag:a+b", values: ["x"] }] },
    "prerequisites.targets[0].tag",
    "1 to 128 letters",
    "without tag:",
  ],
  [
    "a tag without values",
    { ...MAINTAINED, "prerequisites.targets": [{ tag: "a", values: [] }] },
    "prerequisites.targets[0].values",
    "1 to 50 values",
    "list the values",
  ],
  [
    "a tag twice",
    { ...MAINTAINED, "prerequisites.targets": [TAGGED, { ...TAGGED, values: ["no"] }] },
    "prerequisites.targets[1].tag",
    "each tag once",
    "in one target",
  ],
  [
    "no concurrency",
    { ...MAINTAINED, "prerequisites.maxConcurrency": "0" },
    "prerequisites.maxConcurrency",
    "from 1%",
    '"10%"',
  ],
  [
    "a concurrency without quotes",
    { ...MAINTAINED, "prerequisites.maxConcurrency": 10 },
    "prerequisites.maxConcurrency",
    "in quotes",
    '"10"',
  ],
  [
    "more errors than instances",
    { ...MAINTAINED, "prerequisites.maxErrors": "101%" },
    "prerequisites.maxErrors",
    "to 100%",
    '"10%"',
  ],
  [
    "a severity in lower case",
    { ...MAINTAINED, "prerequisites.complianceSeverity": "high" },
    "prerequisites.complianceSeverity",
    '"CRITICAL" or "HIGH"',
    'did you mean "HIGH"?',
  ],
  [
    "a schedule without prerequisites",
    { "prerequisites.schedule": "rate(7 days)" },
    "prerequisites.schedule",
    "nothing unless prerequisites.maintain is not empty",
    "change prerequisites.maintain",
  ],
  [
    "targets without prerequisites, in a region",
    {
      ...MAINTAINED,
      "accounts.payments.regions": {
        "eu-central-1": {},
        "us-east-1": { prerequisites: { maintain: [], targets: [TAGGED] } },
      },
    },
    'accounts.payments.regions["us-east-1"].prerequisites.targets',
    "no effect here",
    "remove it",
  ],
  [
    "a role of Default Host Management that is named already",
    { "accounts.sandbox.access": { attachToRoles: ["hosts"], defaultHostManagementRole: "hosts" } },
    "accounts.sandbox.access.defaultHostManagementRole",
    "attachToRoles does not list",
    "remove the role from attachToRoles",
  ],
  [
    "a role of Default Host Management with its path",
    { "access.defaultHostManagementRole": "service-role/hosts" },
    "access.defaultHostManagementRole",
    "1 to 64 letters",
    'write "hosts", the name alone',
  ],
  [
    "Default Host Management where there are no sessions",
    { "accounts.log-archive.access": { defaultHostManagementRole: "hosts" } },
    'accounts["log-archive"].access.defaultHostManagementRole',
    "null, or nothing",
    "regions in use",
  ],
])("refuses %s", (_, changes, path, allowed, remedy) => {
  expect(problemsOf(mapWith(changes))).toEqual(oneProblem(path, allowed, remedy));
});

it.each<[string, Changes]>([
  ["everything, everywhere", { "prerequisites.maintain": ["ssm-agent", "linux-tools"] }],
  [
    "one thing on some instances, at night",
    {
      "accounts.sandbox.prerequisites": {
        maintain: ["linux-tools"],
        schedule: "cron(0 3 ? * SUN *)",
        applyOnlyAtCronInterval: true,
        targets: [TAGGED, { tag: "Stage", values: ["test", "production"] }],
        maxConcurrency: "5",
        maxErrors: "0",
        complianceSeverity: "UNSPECIFIED",
      },
    },
  ],
  [
    "Default Host Management",
    { "access.defaultHostManagementRole": "AWSSystemsManagerDefaultEC2InstanceManagementRole" },
  ],
])("accepts %s", (_, changes) => expect(problemsOf(mapWith(changes))).toEqual([]));
