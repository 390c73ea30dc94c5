import { NO_LOGS, type Changes } from "./good-map";
import { accepts, refuses, type Case } from "./refusals";

refuses("of sessions", [
  ...(
    [
      [0, "write 1, the least"],
      [61, "write 60, the most"],
      [20.5, "write a whole number, like 21"],
      ["20", "write 20, without quotes"],
      [null, "from 1 to 60, without quotes"],
    ] as const
  ).map(([idle, remedy]): Case => [
    `an idle timeout of ${JSON.stringify(idle)}`,
    { "preferences.idleTimeoutMinutes": idle },
    "preferences.idleTimeoutMinutes",
    "a whole number of minutes from 1 to 60",
    remedy,
  ]),
  ...[20, 10].map((maximum): Case => [
    `a maximum of ${maximum} with 20 idle minutes`,
    { "preferences.maximumDurationMinutes": maximum },
    "preferences.idleTimeoutMinutes",
    `less than maximumDurationMinutes, which is ${maximum}`,
    "raise the maximum",
  ]),
  ...(
    [
      [0, "or null for no maximum"],
      [1441, "or null for no maximum"],
      ["60", "write 60, without quotes"],
    ] as const
  ).map(([maximum, remedy]): Case => [
    `a maximum of ${JSON.stringify(maximum)}`,
    { "preferences.maximumDurationMinutes": maximum },
    "preferences.maximumDurationMinutes",
    "a whole number of minutes from 1 to 1440, or null",
    remedy,
  ]),
  ...(
    [
      [1040, "1039 or 1100"],
      [1080, "1039 or 1100"],
      [1099, "1039 or 1100"],
      [1140, "1139 or 1200"],
      [1199, "1139 or 1200"],
      [1240, "1239 or 1300"],
      [1299, "1239 or 1300"],
      [1340, "1339 or 1400"],
      [1399, "1339 or 1400"],
    ] as const
  ).map(([maximum, near]): Case => [
    `a maximum of ${maximum}, in a gap of the service's pattern`,
    { "preferences.maximumDurationMinutes": maximum },
    "preferences.maximumDurationMinutes",
    "1 to 1039, 1100 to 1139",
    `use ${near}`,
  ]),
  [
    "run-as without a user",
    { "preferences.runAs.enabled": true },
    "preferences.runAs.defaultUser",
    "a user name while runAs.enabled is true",
    "exists on every instance",
  ],
  [
    "run-as by tag only, with a user to fall back to",
    { "preferences.runAs": { enabled: true, byTagOnly: true, defaultUser: "ops" } },
    "preferences.runAs.defaultUser",
    "null while runAs.byTagOnly is true",
    "set preferences.runAs.defaultUser: null",
  ],
  [
    "run-as by tag only in an account, with the organization's user to fall back to",
    {
      "preferences.runAs": { enabled: true, defaultUser: "ops" },
      "accounts.sandbox.preferences": { runAs: { byTagOnly: true } },
    },
    "accounts.sandbox.preferences.runAs.defaultUser",
    "null while runAs.byTagOnly is true",
    "or remove byTagOnly",
  ],
  [
    "run-as as ssm-user, which nothing creates",
    { "preferences.runAs": { enabled: true, defaultUser: "ssm-user" } },
    "preferences.runAs.defaultUser",
    "each new instance would refuse every session",
    "preferences.runAs.ssmUserExists: true",
  ],
  [
    "run-as by tag only without run-as",
    { "accounts.sandbox.preferences": { runAs: { byTagOnly: true } } },
    "accounts.sandbox.preferences.runAs.byTagOnly",
    "nothing unless preferences.runAs.enabled is true",
    "remove it, or change preferences.runAs.enabled",
  ],
  [
    "ssm-user that exists, without run-as",
    { "preferences.runAs": { ssmUserExists: true, defaultUser: "ssm-user" } },
    "preferences.runAs.ssmUserExists",
    "nothing unless preferences.runAs.enabled is true",
    "remove it",
  ],
  [
    "ssm-user that exists, beside another user",
    { "preferences.runAs": { enabled: true, defaultUser: "ops", ssmUserExists: true } },
    "preferences.runAs.ssmUserExists",
    "nothing unless preferences.runAs.defaultUser is ssm-user",
    "change preferences.runAs.defaultUser",
  ],
  [
    "run-as as root",
    { "preferences.runAs": { enabled: true, defaultUser: "root" } },
    "preferences.runAs.defaultUser",
    "other than root",
    "name a user without sudo: a session as root can remove its own transcript",
  ],
  [
    "a profile as a list",
    { "preferences.shellProfile.linux": [] },
    "preferences.shellProfile.linux",
    "4096",
    'write one text, with \\n between the commands: ""',
  ],
  ...(["linux", "windows"] as const).map((system): Case => [
    `a profile with a parameter of the document, on ${system}`,
    { [`preferences.shellProfile.${system}`]: "echo hello\necho {{ user }}" },
    `preferences.shellProfile.${system}`,
    "without {{",
    "reads {{ as a parameter of the document",
  ]),
]);

refuses("of settings that contradict each other", [
  [
    "enforcement of logs without a group",
    { ...NO_LOGS, "preferences.enforce.cloudWatch": true },
    "preferences.enforce.cloudWatch",
    'while logs.group is "none"',
    "create a log group",
  ],
  [
    "enforcement of logs without a customer key",
    { "encryption.mode": "s3-managed", "preferences.encryptSessionData": false },
    "preferences.enforce.cloudWatch",
    "would refuse every session",
    '"customer-managed"',
  ],
]);

accepts([
  ...[1, 21, 1039, 1100, 1139, 1200, 1239, 1300, 1339, 1400, 1440, null].map((maximum): [string, Changes] => [
    `with a maximum of ${maximum}`,
    {
      "preferences.idleTimeoutMinutes": 1,
      "preferences.maximumDurationMinutes": maximum === 1 ? 2 : maximum,
    },
  ]),
  ["with an idle timeout of 60", { "preferences.idleTimeoutMinutes": 60 }],
  ["with run-as by tag only", { "preferences.runAs": { enabled: true, byTagOnly: true } }],
  [
    "with run-as as ssm-user, which an image has",
    { "preferences.runAs": { enabled: true, defaultUser: "ssm-user", ssmUserExists: true } },
  ],
  [
    "with run-as by tag only in one account",
    {
      "preferences.runAs": { enabled: true, defaultUser: "ops" },
      "accounts.sandbox.preferences": { runAs: { byTagOnly: true, defaultUser: null } },
    },
  ],
  ["with a shell profile that has braces", { "preferences.shellProfile.linux": "f() { echo ${HOME}; }\nf" }],
]);
