import {
  OWN_BUCKETS,
  NO_LOGS,
  key,
  longReaders,
  manyAccounts,
  mapWith,
  type Changes,
} from "../rules/good-map";
import { problemsOf } from "../rules/problems-of";

describe("a map whose values have the wrong shape or contradict each other", () => {
  const paths = (changes: Changes) =>
    problemsOf(mapWith(changes))
      .map(({ path }) => path)
      .sort();
  const LONG = { "transcripts.readers": longReaders };
  const UNKNOWN_WAVE = { "accounts.sandbox.wave": "carnary" };

  it.each<[string, Changes, string[]]>([
    [
      "an account id that is a number, and an unknown wave there",
      { "accounts.sandbox.id": 222222222222, ...UNKNOWN_WAVE },
      ["accounts.sandbox.id", "accounts.sandbox.wave"],
    ],
    [
      "an account id that lost its zeros, which another has",
      { "accounts.payments.id": 1222222222, "accounts.sandbox.id": "001222222222" },
      ["accounts.payments.id"],
    ],
    [
      "an account id that is no id, and an unknown wave elsewhere",
      { "accounts.sandbox.id": "x", "accounts.payments.wave": "carnary" },
      ["accounts.payments.wave", "accounts.sandbox.id"],
    ],
    [
      "an organization, state and deployment that are none, and an unknown wave",
      { organization: "acme", state: undefined, deployment: { mode: "x" }, ...UNKNOWN_WAVE },
      ["accounts.sandbox.wave", "deployment.mode", "organization", "state"],
    ],
    [
      "a setting out of range, and others that do not go together",
      { "logs.retentionDays": 8, ...NO_LOGS, "logs.streaming": true },
      ["logs.retentionDays", "logs.streaming"],
    ],
    [
      "the same section at fault in one account and in another",
      {
        "accounts.sandbox.encryption.mode": "dsse",
        "accounts.payments.encryption.mode": "existing",
      },
      ["accounts.payments.encryption.keyArn", "accounts.sandbox.encryption.mode"],
    ],
    [
      "a key that is like none, and settings next to it",
      { "preferences.colour": "red", "preferences.runAs.enabled": true },
      ["preferences.colour", "preferences.runAs.defaultUser"],
    ],
    [
      "an element of one list, and of another list",
      { "accounts.sandbox.regions": ["eu-central-1", "x"], waves: ["canary", "rest", "rest"] },
      ["accounts.sandbox.regions[1]", "waves[2]"],
    ],
    [
      "a misspelt key that must be there, and an unknown wave there",
      {
        "accounts.sandbox.homeRegion": undefined,
        "accounts.sandbox.hmoeRegion": "eu-central-1",
        ...UNKNOWN_WAVE,
      },
      ["accounts.sandbox.hmoeRegion", "accounts.sandbox.wave"],
    ],
    [
      "a setting out of range, and policies beyond their limits",
      { "preferences.idleTimeoutMinutes": 99, ...LONG },
      ["preferences.idleTimeoutMinutes", "transcripts.readers"],
    ],
  ])("reports both: %s", (_, changes, expected) => {
    expect(paths(changes)).toEqual(expected);
  });

  it.each<[string, Changes, string[]]>([
    [
      "the archive account, which was removed with its id",
      { "accounts.log-archive.id": "x" },
      ['accounts["log-archive"].id'],
    ],
    [
      "the archive account, whose name is misspelt",
      {
        "accounts.log-archive": undefined,
        "accounts.Log-archive": { id: "111111111111", homeRegion: "eu-central-1", regions: [] },
      },
      ['accounts["Log-archive"]'],
    ],
    [
      "the only account, which was removed",
      { ...OWN_BUCKETS, "accounts.payments": undefined, "accounts.sandbox.id": "x" },
      ["accounts.sandbox.id"],
    ],
    [
      "the home region, where a region is misspelt",
      { "accounts.sandbox.regions": ["eu-centrl-1", "us-east-1"] },
      ["accounts.sandbox.regions[0]"],
    ],
    ["waves of accounts, where the list is no list", { waves: "canary" }, ["waves"]],
    ["waves of accounts, where one is misspelt", { waves: ["Canary", "rest"] }, ["waves[0]"]],
    [
      "the key of an encryption mode that is misspelt",
      { "accounts.sandbox.encryption": { mode: "exsting", keyArn: key("eu-central-1") } },
      ["accounts.sandbox.encryption.mode"],
    ],
    [
      "the trail that a channel with an invalid switch may need",
      { trail: "none", "notifications.activity.enabled": "no", "notifications.security.enabled": false },
      ["notifications.activity.enabled"],
    ],
    [
      "the trail that a misspelt section would need",
      { trail: "none", notification: { activity: { enabled: false }, security: { enabled: false } } },
      ["notification"],
    ],
    [
      "streaming that is set in the wrong place",
      { ...NO_LOGS, "logs.streaming": undefined, "preferences.streaming": false },
      ["preferences.streaming"],
    ],
    [
      "enforcement, where one of its keys is like none",
      { ...NO_LOGS, "preferences.enforce": { cw: false } },
      ["preferences.enforce.cw"],
    ],
    [
      "a lock that is misspelt, which expiry depends on",
      {
        "transcripts.objectLock.mode": "of",
        "transcripts.lifecycle": { expireAfterDays: 10, noncurrentExpireAfterDays: 1 },
      },
      ["transcripts.objectLock.mode"],
    ],
    [
      "an expiry that is no number, which the expiry of noncurrent versions depends on",
      { "transcripts.lifecycle": { expireAfterDays: "never", noncurrentExpireAfterDays: 30 } },
      ["transcripts.lifecycle.expireAfterDays"],
    ],
    [
      "partitions, where the first account was removed",
      {
        "accounts.log-archive.homeRegion": "x",
        "accounts.payments": undefined,
        "accounts.sandbox.homeRegion": "cn-north-1",
        "accounts.sandbox.regions": ["cn-north-1"],
        "accounts.den": { id: "333333333333", homeRegion: "eu-central-1", regions: ["eu-central-1"] },
        "transcripts.readers": [],
      },
      ['accounts["log-archive"].homeRegion'],
    ],
    [
      "what a limit would be without the organization",
      { "organization.id": "x", ...manyAccounts },
      ["organization.id"],
    ],
  ])("reports no problem that only follows from another: %s", (_, changes, expected) => {
    expect(paths(changes)).toEqual(expected);
  });

  it("is read completely even if it contains itself", () => {
    const map = mapWith({ ...UNKNOWN_WAVE, colour: {} }) as { colour: { self?: unknown } };
    map.colour.self = map;
    expect(problemsOf(map).map(({ path }) => path)).toEqual(["colour", "accounts.sandbox.wave"]);
  });

  it("is not changed", () => {
    const map = mapWith({ "accounts.sandbox.id": 12, ...UNKNOWN_WAVE });
    const before = JSON.stringify(map);
    problemsOf(map);
    expect(JSON.stringify(map)).toBe(before);
  });
});
