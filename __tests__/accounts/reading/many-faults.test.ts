import { manyAccounts, mapWith } from "../rules/good-map";
import { problemsOf } from "../rules/problems-of";

describe("a map with many faults", () => {
  it("reports all of them at once, each with its path", () => {
    const faults = {
      "organization.name": "ACME",
      "state.directory": "/tmp",
      "deployment.role": "a role",
      waves: "canary",
      "accounts.lab.id": 12,
      "accounts.lab.homeRegion": "Frankfurt",
      "accounts.shop.regions.us-east-1": { protect: "no", logs: { retentionDays: 8 } },
      "accounts.shop.colour": "red",
      "encryption.mode": "dsse",
      "preferences.idleTimeoutMinutes": 99,
      tags: { "aws:x": "y" },
    };
    expect(
      problemsOf(mapWith(faults))
        .map(({ path }) => path)
        .sort(),
    ).toEqual([
      "accounts.lab.homeRegion",
      "accounts.lab.id",
      "accounts.shop.colour",
      'accounts.shop.regions["us-east-1"].logs.retentionDays',
      'accounts.shop.regions["us-east-1"].protect',
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
      "accounts.lab.wave": "never",
      "accounts.lab.id": "111111111111",
      "accounts.lab.regions": ["eu-central-1", "eu-central-1"],
      "accounts.shop.homeRegion": "eu-west-1",
      "deployment.role": "arn:aws:iam::222222222222:role/deploy",
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
      "accounts.lab.id",
      "accounts.lab.regions[1]",
      "accounts.lab.wave",
      "accounts.shop.homeRegion",
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
    expect(problemsOf(mapWith({ "accounts.lab.regions": regions })).map(({ path }) => path)).toEqual([
      "accounts.lab.regions[1]",
      "accounts.lab.regions[2]",
    ]);
  });

  it("reports a fault in the organization's settings once, no matter how many targets have it", () => {
    const map = mapWith({ ...manyAccounts, "preferences.maximumDurationMinutes": 10 });
    expect(problemsOf(map).map(({ path }) => path)).toEqual(["preferences.idleTimeoutMinutes"]);
  });
});
