import { manyAccounts, mapWith } from "../rules/good-map";
import { problemsOf } from "../rules/problems-of";

describe("a map with many faults", () => {
  it("reports all of them at once, each with its path", () => {
    const faults = {
      "organization.name": "ACME",
      "state.directory": "/tmp",
      "deployment.role": "a role",
      waves: "canary",
      "accounts.sandbox.id": 12,
      "accounts.sandbox.homeRegion": "Frankfurt",
      "accounts.payments.regions.us-east-1": { protect: "no", logs: { retentionDays: 8 } },
      "accounts.payments.colour": "red",
      "encryption.mode": "dsse",
      "preferences.idleTimeoutMinutes": 99,
      tags: { "aws:x": "y" },
    };
    expect(
      problemsOf(mapWith(faults))
        .map(({ path }) => path)
        .sort(),
    ).toEqual([
      "accounts.payments.colour",
      'accounts.payments.regions["us-east-1"].logs.retentionDays',
      'accounts.payments.regions["us-east-1"].protect',
      "accounts.sandbox.homeRegion",
      "accounts.sandbox.id",
      "deployment.role",
      "encryption.mode",
      "organization.name",
      "preferences.idleTimeoutMinutes",
      "state.directory",
      'tags["aws:x"]',
      "waves",
    ]);
  });

  it("reports all contradicting values at once", () => {
    const faults = {
      "archive.account": "logs",
      "accounts.sandbox.wave": "never",
      "accounts.sandbox.id": "111111111111",
      "accounts.sandbox.regions": ["eu-central-1", "eu-central-1"],
      "accounts.payments.homeRegion": "eu-west-1",
      "deployment.role": "arn:aws:iam::444444444444:role/deploy",
      "preferences.maximumDurationMinutes": 1080,
      "preferences.runAs": { enabled: true },
      "transcripts.lifecycle": { expireAfterDays: 1, noncurrentExpireAfterDays: 1 },
      "encryption.mode": "existing",
      trail: "none",
    };
    expect(
      problemsOf(mapWith(faults))
        .map(({ path }) => path)
        .sort(),
    ).toEqual([
      "accounts.payments.homeRegion",
      "accounts.sandbox.id",
      "accounts.sandbox.regions[1]",
      "accounts.sandbox.wave",
      "archive.account",
      "deployment.role",
      "encryption.keyArn",
      "preferences.maximumDurationMinutes",
      "preferences.runAs.defaultUser",
      "trail",
      "transcripts.lifecycle.expireAfterDays",
    ]);
  });

  it("reports every bad element of a list", () => {
    const regions = ["eu-central-1", "eu-west-9", 12];
    expect(problemsOf(mapWith({ "accounts.sandbox.regions": regions })).map(({ path }) => path)).toEqual([
      "accounts.sandbox.regions[1]",
      "accounts.sandbox.regions[2]",
    ]);
  });

  it("reports a fault in the organization's settings once, no matter how many targets have it", () => {
    const map = mapWith({ ...manyAccounts, "preferences.maximumDurationMinutes": 10 });
    expect(problemsOf(map).map(({ path }) => path)).toEqual(["preferences.idleTimeoutMinutes"]);
  });
});
