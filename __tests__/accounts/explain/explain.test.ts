import { explain, type EffectiveSetting } from "../../../accounts/explain";
import { mergeLevels } from "../../../accounts/model/levels";
import { valueAt } from "../../../accounts/model/merge";
import { parse } from "../../../accounts/reading/parse";
import type { AccountsMap } from "../../../accounts/schema";
import exampleMap from "../../fixtures/example-map";

const MAP: AccountsMap = {
  ...exampleMap,
  logs: { retentionDays: 90 },
  accounts: {
    ...exampleMap.accounts,
    "log-archive": {
      ...exampleMap.accounts["log-archive"]!,
      transcripts: { objectLock: { mode: "governance", days: 400 }, prefix: "kept" },
    },
    payments: {
      ...exampleMap.accounts["payments"]!,
      logs: { retentionDays: 180, masking: { enabled: true } },
      regions: { "eu-central-1": {}, "us-east-1": { logs: { retentionDays: 731 } } },
    },
  },
};
const parsed = parse(MAP).map!;
const { account, settings, regions } = explain(parsed, "payments");
const inRegion = (region: string) => regions.find((one) => one.region === region)!.settings;
const pick = (from: readonly EffectiveSetting[], setting: string) =>
  from.find((one) => one.setting === setting);

it.each<[string, readonly EffectiveSetting[], EffectiveSetting]>([
  [
    "a region",
    inRegion("us-east-1"),
    {
      setting: "logs.retentionDays",
      value: 731,
      saidAt: 'accounts.payments.regions["us-east-1"].logs.retentionDays',
    },
  ],
  [
    "an account",
    inRegion("eu-central-1"),
    { setting: "logs.retentionDays", value: 180, saidAt: "accounts.payments.logs.retentionDays" },
  ],
  [
    "the organization",
    settings,
    {
      setting: "transcripts.lifecycle.glacierInstantRetrievalAfterDays",
      value: 90,
      saidAt: "transcripts.lifecycle.glacierInstantRetrievalAfterDays",
    },
  ],
  ["nowhere", settings, { setting: "preferences.enforce.s3", value: true, saidAt: null }],
  [
    "the archive, whose bucket it is",
    inRegion("eu-central-1"),
    {
      setting: "transcripts.objectLock.days",
      value: 400,
      saidAt: 'accounts["log-archive"].transcripts.objectLock.days',
    },
  ],
  [
    "the account, because that bucket is not its own",
    inRegion("eu-central-1"),
    { setting: "transcripts.bucket", value: "create", saidAt: null },
  ],
])("finds a setting that is set in %s", (_, from, expected) => {
  expect(pick(from, expected.setting)).toEqual(expected);
});

it("has every setting of the account exactly once, in the order of docs/map.md", () => {
  const names = settings.map(({ setting }) => setting);
  expect(new Set(names).size).toBe(names.length);
  const sections = [...new Set(names.map((name) => name.split(/[.[]/)[0]))];
  expect(sections).toEqual(Object.keys(account.settings));
});

it.each(["eu-central-1", "us-east-1"])("has the archive's settings in their places in %s", (region) => {
  const order = inRegion(region).map(({ setting }) => setting);
  const once = new Set(["access", "trail"]);
  expect(order).toEqual(
    settings.map(({ setting }) => setting).filter((name) => !once.has(name.split(".")[0]!)),
  );
});

it("has the values that the stacks are made from", () => {
  const targets = mergeLevels(parsed).targets.filter((target) => target.account.name === "payments");
  expect(targets).toHaveLength(2);
  for (const target of targets) {
    const own = inRegion(target.region).filter(({ setting }) => !setting.startsWith("transcripts."));
    for (const { setting, value } of own) {
      const path = setting.replaceAll(/\["([^"]+)"\]/g, ".$1").split(".");
      expect([setting, value]).toEqual([setting, valueAt(target.settings, path)]);
    }
  }
});

it.each([
  ["guard.gracePeriodMinutes", "guard.enabled is true"],
  ["logs.masking.custom", undefined],
  ["preferences.runAs.byTagOnly", "preferences.runAs.enabled is true"],
])("says whether %s has an effect", (setting, unless) => {
  expect(pick(settings, setting)!.unless).toBe(unless);
});

it("throws for an account that the map does not have", () => {
  expect(() => explain(parsed, "nobody")).toThrow('The map has no account "nobody".');
});

it("a subscriber of the organization is not in force in an account if it belongs to the central topics", () => {
  const map = parse({
    ...MAP,
    notifications: { ...MAP.notifications, central: { account: "log-archive", region: "eu-central-1" } },
  }).map!;
  expect(pick(explain(map, "payments").settings, "notifications.activity.subscribers")).toMatchObject({
    value: [],
    saidAt: "notifications.central",
  });
});
