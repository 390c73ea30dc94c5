import { READER, mapWith } from "./good-map";
import { problemsOf } from "./problems-of";
import { refuses, type Case } from "./refusals";

refuses("of an archive account", [
  [
    "an account that the map does not have",
    { "archive.account": "logarchive" },
    "archive.account",
    "log-archive, sandbox",
    '"log-archive"?',
  ],
  [
    "the name of a property that every JavaScript object has",
    { "archive.account": "constructor" },
    "archive.account",
    "sandbox, payments",
    "describe",
  ],
  [
    "no bucket of its own",
    { "accounts.log-archive.transcripts.bucket": "none" },
    'accounts["log-archive"].transcripts.bucket',
    '"create" for the archive account',
    "leave archive out",
  ],
  [
    "a bucket that exists",
    { "accounts.log-archive.transcripts.bucket": { existing: "my-bucket" } },
    'accounts["log-archive"].transcripts.bucket',
    '"create" for the archive account',
    "leave archive out",
  ],
  ...Object.entries({
    prefix: "other",
    objectLock: { days: 10 },
    lifecycle: { glacierAfterDays: 30 },
    accessLogs: "none",
    accessLogsExpireAfterDays: 30,
    readers: [READER],
  }).flatMap(([setting, value]): Case[] => [
    [
      `a member's ${setting}`,
      { [`accounts.payments.transcripts.${setting}`]: value },
      `accounts.payments.transcripts.${setting}`,
      "nothing: this account's transcripts go to the bucket of the archive account log-archive",
      'in accounts["log-archive"]',
    ],
    [
      `a member's ${setting} in one region`,
      { "accounts.payments.regions.us-east-1": { transcripts: { [setting]: value } } },
      `accounts.payments.regions["us-east-1"].transcripts.${setting}`,
      "nothing: this account's transcripts go to the bucket",
      "set it for the organization",
    ],
  ]),
]);

describe("a map with many faults", () => {
  it("reports settings of a member that have no effect, at each level that sets them", () => {
    const prefix = { transcripts: { prefix: "other" } };
    const map = mapWith({
      "accounts.payments.transcripts": prefix.transcripts,
      "accounts.payments.regions.us-east-1": prefix,
    });
    expect(
      problemsOf(map)
        .map(({ path }) => path)
        .sort(),
    ).toEqual([
      'accounts.payments.regions["us-east-1"].transcripts.prefix',
      "accounts.payments.transcripts.prefix",
    ]);
  });
});
