import type { AccountsMap } from "../../accounts/schema";
import { checkMap } from "../../stacks/read-organization";
import { stacksOf } from "../../stacks/stack-graph";
import { exampleWith, synthesize } from "../helpers/synth";

/** Accounts with everything whose name may stand in a stack: chat channels, a replica, and sharers of endpoints. */
const deployed = (change: (map: AccountsMap) => void = () => undefined) =>
  exampleWith((map) => {
    map.accounts["storefront"]!.transcripts = { replication: { account: null, region: "us-west-2" } };
    delete map.archive;
    delete map.accounts["log-archive"];
    map.transcripts = {};
    map.accounts["payments"]!.notifications = {
      security: { chat: [{ platform: "slack", workspaceId: "T0123ABCD", channelId: "C0123ABCD" }] },
    };
    change(map);
  });

const rename = (map: AccountsMap, name: string, to: string) => {
  const { [name]: account, ...others } = map.accounts;
  map.accounts = { ...others, [to]: { ...account!, formerName: name } };
};

const asJson = (map: AccountsMap) =>
  Object.fromEntries([...synthesize(map)].map(([id, { json }]) => [id, json]));

describe.each(["payments", "storefront", "sandbox"])("an account that is renamed from %s", (name) => {
  const before = deployed();
  const after = deployed((map) => rename(map, name, "renamed"));

  it("keeps every byte of every stack", () => {
    expect(asJson(after)).toEqual(asJson(before));
  });

  it("is selected by its new name", () => {
    const stacks = stacksOf(checkMap(after, "map.yaml"));
    const own = stacks.filter(({ account }) => account === "renamed").map(({ id }) => id);
    const ownBefore = stacksOf(checkMap(before, "map.yaml"))
      .filter(({ account }) => account === name)
      .map(({ id }) => id);
    expect(own.length).toBeGreaterThan(1);
    expect(own.sort()).toEqual(ownBefore.sort());
    expect(stacks.filter(({ account }) => account === name)).toEqual([]);
  });
});

it("an archive account that is renamed keeps every byte of every stack", () => {
  const renamed = exampleWith((map) => {
    rename(map, "log-archive", "archive");
    map.archive = { account: "archive" };
  });
  expect(asJson(renamed)).toEqual(asJson(exampleWith(() => undefined)));
});

it("an account that is renamed without its former name gets other stacks", () => {
  const renamed = deployed((map) => {
    rename(map, "payments", "billing");
    delete map.accounts["billing"]!.formerName;
  });
  expect(Object.keys(asJson(renamed))).toContain("account-billing");
});
