import type { Organization, Target } from "../../../accounts/model/organization";
import { parse } from "../../../accounts/reading/parse";
import { DEFAULTS } from "../../../accounts/model/settings";
import { mergeLevels } from "../../../accounts/model/levels";
import { resolve } from "../../../accounts/model/resolve";
import { mapWith, OWN_BUCKETS, type Changes } from "../rules/good-map";

const organization = (changes: Changes = {}): Organization => {
  const { map, problems } = parse(mapWith(changes));
  if (!map) throw new Error(JSON.stringify(problems));
  return resolve(mergeLevels(map));
};

function target(changes: Changes, account = "payments", region = "us-east-1"): Target {
  const found = organization(changes).targets.find(
    (it) => it.account.name === account && it.region === region,
  );
  if (!found) throw new Error(`no target ${account} ${region}`);
  return found;
}

describe("the settings of a target", () => {
  const IDLE = "preferences.idleTimeoutMinutes";
  const atRegion = (idleTimeoutMinutes: number) => ({
    "accounts.payments.regions.us-east-1": { preferences: { idleTimeoutMinutes } },
  });

  it.each<[string, Changes, number]>([
    ["default where nobody says anything", {}, DEFAULTS.preferences.idleTimeoutMinutes],
    ["are the organization's over the defaults", { [IDLE]: 30 }, 30],
    ["are the account's over the organization's", { [IDLE]: 30, [`accounts.payments.${IDLE}`]: 10 }, 10],
    [
      "are the region's over the account's",
      { [IDLE]: 30, [`accounts.payments.${IDLE}`]: 10, ...atRegion(5) },
      5,
    ],
    ["are the region's over the organization's", { [IDLE]: 30, ...atRegion(5) }, 5],
  ])("%s", (_, changes, minutes) => {
    expect(target(changes).settings.preferences.idleTimeoutMinutes).toBe(minutes);
  });

  it("do not change when another region has settings", () => {
    expect(target(atRegion(5), "payments", "eu-central-1").settings.preferences.idleTimeoutMinutes).toBe(20);
  });

  it("do not change when another account has settings", () => {
    const changes = { [`accounts.payments.${IDLE}`]: 10 };
    expect(target(changes, "sandbox", "eu-central-1").settings.preferences.idleTimeoutMinutes).toBe(20);
  });

  it("combine the keys of a section that different levels set", () => {
    const changes = {
      "transcripts.lifecycle": { glacierAfterDays: 100 },
      "accounts.payments.transcripts": { lifecycle: { expireAfterDays: 900 } },
      "accounts.payments.regions.us-east-1": { transcripts: { objectLock: { days: 10 } } },
    };
    expect(target(changes).settings.transcripts).toMatchObject({
      lifecycle: { glacierAfterDays: 100, expireAfterDays: 900, abortMultipartAfterDays: 7 },
      objectLock: { mode: "governance", days: 10 },
    });
  });

  it("replace lists as a whole", () => {
    const role = (name: string) => `arn:aws:iam::111111111111:role/${name}`;
    const changes = {
      "transcripts.readers": [role("a"), role("b")],
      "accounts.payments.transcripts.readers": [role("c")],
    };
    expect(target(changes).settings.transcripts.readers).toEqual([role("c")]);
  });

  it("combine the tags of all levels", () => {
    const changes = { tags: { team: "a", cost: "1" }, "accounts.payments.tags": { cost: "2" } };
    expect(target(changes).settings.tags).toEqual({ team: "a", cost: "2" });
  });

  it("do not inherit the key of a bucket that an outer level names", () => {
    const keyArn = "arn:aws:kms:us-east-1:444444444444:key/1234abcd";
    const changes = {
      "transcripts.bucket": { existing: "theirs", keyArn },
      "accounts.payments.transcripts.bucket": { existing: "ours" },
    };
    expect(target(changes).settings.transcripts.bucket).toEqual({
      kind: "existing",
      name: "ours",
      keyArn: null,
      accountId: null,
    });
  });

  const KEY = "arn:aws:kms:us-east-1:444444444444:key/1234abcd";
  it.each<[string, Changes, (settings: Target["settings"]) => object, object]>([
    ["a bucket that is created", OWN_BUCKETS, (s) => s.transcripts.bucket, { kind: "created" }],
    [
      "no bucket",
      { "transcripts.bucket": "none", "preferences.enforce.s3": false },
      (s) => s.transcripts.bucket,
      { kind: "none" },
    ],
    [
      "an existing bucket of access logs",
      { "transcripts.accessLogs": { existing: "theirs" } },
      (s) => s.transcripts.accessLogs,
      { kind: "existing", name: "theirs" },
    ],
    ["a log group that is created", {}, (s) => s.logs.group, { kind: "created" }],
    [
      "an existing log group",
      { "logs.group": { existing: "/theirs" } },
      (s) => s.logs.group,
      { kind: "existing", name: "/theirs" },
    ],
    [
      "an existing topic",
      { "notifications.security.topic": { existing: "soc" } },
      (s) => s.notifications.security.topic,
      { kind: "existing", name: "soc" },
    ],
    [
      "an existing key",
      { encryption: { mode: "existing", keyArn: KEY } },
      (s) => s.encryption,
      { mode: "existing", keyArn: KEY, deletionWindowDays: 30, rotationPeriodDays: 365 },
    ],
    [
      "no key",
      { encryption: { mode: "s3-managed" } },
      (s) => s.encryption,
      { mode: "s3-managed", deletionWindowDays: 30, rotationPeriodDays: 365 },
    ],
  ])("have a union for %s", (_, changes, setting, choice) => {
    expect(setting(target(changes).settings)).toEqual(choice);
  });

  it("of an account have the same unions", () => {
    const [account] = organization({ "logs.group": { existing: "/theirs" } }).accounts;
    expect(account!.settings.logs.group).toEqual({ kind: "existing", name: "/theirs" });
  });

  it("refuse an existing key without an ARN, which the rules report before", () => {
    expect(() => organization({ "encryption.mode": "existing" })).toThrow("encryption.keyArn names no key");
  });

  it("have none of the settings that an account has only once", () => {
    expect(Object.keys(target({}).settings).sort()).toEqual([
      "encryption",
      "guard",
      "logs",
      "network",
      "notifications",
      "preferences",
      "prerequisites",
      "protect",
      "remoteDesktop",
      "tags",
      "transcripts",
    ]);
  });

  it("contain no undefined at any depth", () => {
    const holes = (value: unknown): boolean =>
      value === undefined ||
      (typeof value === "object" && value !== null && Object.values(value).some(holes));
    expect(holes(organization())).toBe(false);
  });
});

describe("an organization", () => {
  it("is frozen at every depth", () => {
    const loose = (value: unknown): boolean =>
      typeof value === "object" &&
      value !== null &&
      (!Object.isFrozen(value) || Object.values(value).some(loose));
    expect(loose(organization())).toBe(false);
  });

  it("keeps accounts and regions in the order of the map", () => {
    expect(organization().targets.map(({ account, region }) => `${account.name} ${region}`)).toEqual([
      "sandbox eu-central-1",
      "payments eu-central-1",
      "payments us-east-1",
    ]);
  });

  it("has null for an id that the map does not name", () => {
    expect(organization({ "organization.id": undefined }).id).toBeNull();
  });

  it("is the same for a list of regions as for regions without settings", () => {
    const changes = { "accounts.sandbox.regions": { "eu-central-1": {} } };
    expect(organization(changes)).toEqual(organization());
  });

  it.each([
    ["aws", "eu-central-1"],
    ["aws-us-gov", "us-gov-west-1"],
    ["aws-cn", "cn-northwest-1"],
    ["aws-eusc", "eusc-de-east-1"],
    ["aws-eusc", "eusc-de-west-9"],
  ])("knows partition %s by the home region %s", (partition, homeRegion) => {
    const home = { "accounts.sandbox.homeRegion": homeRegion, "accounts.sandbox.regions": [homeRegion] };
    const changes = { newRegions: ["eusc-de-west-9"], ...home };
    expect(target(changes, "sandbox", homeRegion).account.partition).toBe(partition);
  });
});

describe("the wave of an account", () => {
  it("is the wave that the account names", () => {
    expect(target({}, "sandbox", "eu-central-1").wave).toBe("canary");
  });

  it("is the last wave if the account names none", () => {
    expect(target({ "accounts.payments.wave": undefined }).wave).toBe("rest");
  });

  it('is "all" in a map without waves', () => {
    const changes = {
      waves: undefined,
      "accounts.sandbox.wave": undefined,
      "accounts.payments.wave": undefined,
    };
    expect([organization(changes).waves, target(changes).wave]).toEqual([["all"], "all"]);
  });
});

describe("the archive", () => {
  const regions = (changes: Changes) => organization(changes).archives.map(({ region }) => region);

  it("receives the transcripts of a target", () => {
    expect(target({}).usesArchive).toBe(true);
  });

  it.each<[string, Changes]>([
    ["there is none", OWN_BUCKETS],
    ["the target has a bucket of its own", { "accounts.payments.transcripts.bucket": { existing: "ours" } }],
    ["the target has no bucket", { "accounts.payments.transcripts.bucket": "none" }],
  ])("receives no transcripts where %s", (_, changes) => {
    expect(target(changes).usesArchive).toBe(false);
  });

  it("has one site for each region in use, in the order of their names", () => {
    expect(regions({ "accounts.sandbox.regions": ["us-west-2", "ap-south-1"] })).toEqual([
      "ap-south-1",
      "eu-central-1",
      "us-east-1",
      "us-west-2",
    ]);
  });

  it("has no site in a region where nobody uses it", () => {
    const own = { transcripts: { bucket: { existing: "ours" } } };
    expect(regions({ "accounts.payments.regions.us-east-1": own })).toEqual(["eu-central-1"]);
  });

  it("has no site without an archive account", () => {
    expect(regions(OWN_BUCKETS)).toEqual([]);
  });

  it("has no site while its account is unknown", () => {
    expect(regions({ "archive.account": "constructor" })).toEqual([]);
  });

  it("has the settings of the archive account, not those of its members", () => {
    const changes = {
      "accounts.log-archive.transcripts.objectLock.days": 10,
      "accounts.payments.transcripts.objectLock.days": 20,
    };
    const days = organization(changes).archives.map(({ settings }) => settings.transcripts.objectLock.days);
    expect(days).toEqual([10, 10]);
  });

  it("has the settings that the archive account has in that region", () => {
    const changes = {
      "accounts.log-archive.regions": { "eu-central-1": {}, "us-east-1": { protect: false } },
    };
    expect(organization(changes).archives.map(({ settings }) => settings.protect)).toEqual([true, false]);
  });
});
