import { CHANGES, changedMap, mapDifference, ROLLOUT_MAP } from "../../../demo/rollout/map";
import { checkMap } from "../../../stacks/read-organization";
import { stacksOf } from "../../../stacks/stack-graph";

const ACCEPTABLE = CHANGES.filter(({ isAcceptable }) => isAcceptable);

describe("the map of the rollout demo", () => {
  it.each([
    ["without changes", []],
    ["with all changes", CHANGES],
    ["with the acceptable change", ACCEPTABLE],
  ])("is valid %s, and has the same stacks", (_, changes) => {
    const ids = stacksOf(checkMap(changedMap(changes), "acme.json")).map(({ id }) => id);
    expect(ids).toEqual(stacksOf(checkMap(ROLLOUT_MAP, "acme.json")).map(({ id }) => id));
  });

  it("stays as it is when a changed copy is made", () => {
    const before = JSON.stringify(ROLLOUT_MAP);
    changedMap(CHANGES);
    expect(JSON.stringify(ROLLOUT_MAP)).toBe(before);
  });

  it("gets each change that the demo tells of", () => {
    expect(mapDifference(ROLLOUT_MAP, changedMap(CHANGES))).toEqual([
      "- notifications.activity.subscribers: { protocol: email, endpoint: soc@example.com }",
      "+ transcripts.readers: arn:aws:iam::111111111111:role/data-science",
      "+ accounts.storefront.preferences.enforce.s3: false",
      "+ accounts.storefront.preferences.enforce.cloudWatch: false",
      "+ accounts.payments.logs.retentionDays: 30",
    ]);
  });

  it("is deployed with one of the changes only", () => {
    expect(mapDifference(ROLLOUT_MAP, changedMap(ACCEPTABLE))).toEqual([
      "- notifications.activity.subscribers: { protocol: email, endpoint: soc@example.com }",
    ]);
  });
});

describe("the difference of two maps", () => {
  it("has a setting with both values where its value changes", () => {
    const after = { ...ROLLOUT_MAP, logs: { retentionDays: 30 as const } };
    expect(mapDifference(ROLLOUT_MAP, after)).toEqual([
      "- logs.retentionDays: 365",
      "+ logs.retentionDays: 30",
    ]);
  });

  it("does not depend on the order of a list", () => {
    const after = { ...ROLLOUT_MAP, waves: [...ROLLOUT_MAP.waves!].reverse() };
    expect(mapDifference(ROLLOUT_MAP, after)).toEqual([]);
  });
});
