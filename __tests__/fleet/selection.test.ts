import fc from "fast-check";
import exampleMap from "../fixtures/example-map";
import { globMatcher, select } from "../../fleet/selection";
import { checkMap } from "../../stacks/read-organization";
import { SLACK } from "../fixtures/chat";
import { holds } from "../helpers/property";
import { exampleWith, synthesize } from "../helpers/synth";
import { GUARDRAILS } from "../stacks/policies/guardrails/helpers";
import { stacksOf } from "../../stacks/stack-graph";

const stacks = stacksOf(checkMap(exampleMap, "map"));
const ids = (selection: Parameters<typeof select>[1]) => select(stacks, selection).map(({ id }) => id);

it("lists exactly the stacks that are synthesized", () => {
  expect(stacks.map(({ id }) => id).sort()).toEqual([...synthesize().keys()].sort());
});

it("lists each stack after all its dependencies", () => {
  const order = stacks.map(({ id }) => id);
  for (const { id, dependsOn } of stacks) {
    for (const before of dependsOn) expect(order.indexOf(before)).toBeLessThan(order.indexOf(id));
  }
});

it("names all dependencies that cdktf has for each stack, including indirect ones", () => {
  const map = exampleWith((m) => {
    m.notifications!.security = { chat: [SLACK] };
  });
  const views = synthesize(map);
  const behind = (id: string): string[] =>
    views.get(id)!.waitsFor.flatMap((before) => [...behind(before), before]);
  const waiting = Object.fromEntries(
    stacksOf(checkMap(map, "map")).map(({ id, dependsOn }) => [id, [...dependsOn].sort()]),
  );
  expect(waiting).toEqual(
    Object.fromEntries([...views.keys()].map((id) => [id, [...new Set(behind(id))].sort()])),
  );
});

it("puts the accounts of a wave before those of the next", () => {
  const waves = stacks.flatMap(({ wave }) => (wave === null ? [] : [wave]));
  expect([...new Set(waves)]).toEqual(["canary", "early", "rest"]);
  expect(waves).toEqual([...waves].sort());
});

it("selects a wave with all its dependencies", () => {
  expect(ids({ waves: ["canary"] })).toEqual([
    "archive-eu-central-1",
    "account-log-archive",
    "account-sandbox",
    "session-sandbox-eu-central-1",
  ]);
});

it("selects an account with all its dependencies", () => {
  expect(ids({ accounts: ["storefront"] })).toEqual([
    "archive-us-east-1",
    "account-storefront",
    "session-storefront-us-east-1",
  ]);
});

it("selects a kind of stack, for the step of a rollout before any session stack", () => {
  expect(ids({ kinds: ["archive", "account"] })).toEqual(
    stacks.filter(({ kind }) => kind !== "session").map(({ id }) => id),
  );
});

describe("guardrails", () => {
  const guarded = stacksOf(checkMap({ ...exampleMap, guardrails: GUARDRAILS }, "map"));
  const last = {
    id: "guardrails",
    kind: "guardrails",
    account: "(management)",
    accountId: "999999999999",
    region: "us-east-1",
  };

  it("come last, belong to no wave, and depend on nothing", () => {
    expect(guarded.at(-1)).toEqual({ ...last, wave: null, waves: [], dependsOn: [] });
    expect(guarded.slice(0, -1)).toEqual(stacks);
  });

  it("are the same stacks that are synthesized", () => {
    const synthesized = synthesize({ ...exampleMap, guardrails: GUARDRAILS });
    expect(guarded.map(({ id }) => id).sort()).toEqual([...synthesized.keys()].sort());
  });

  it("are selected by their kind alone, and belong to no wave", () => {
    const selected = (selection: Parameters<typeof select>[1]) =>
      select(guarded, selection).map(({ id }) => id);
    expect(selected({ kinds: ["guardrails"] })).toEqual(["guardrails"]);
    for (const wave of ["canary", "early", "rest"])
      expect(selected({ waves: [wave] })).not.toContain("guardrails");
    expect(selected({ accounts: ["payments"] })).not.toContain("guardrails");
  });

  it("belong to the account that the map describes", () => {
    const managementAccount = { id: "444444444444", homeRegion: "eu-central-1" };
    const map = checkMap({ ...exampleMap, guardrails: { ...GUARDRAILS, managementAccount } }, "map");
    expect(stacksOf(map).at(-1)).toMatchObject({ account: "payments", region: "eu-central-1" });
  });
});

it("selects everything without options", () => expect(ids({})).toEqual(stacks.map(({ id }) => id)));

describe("with chat", () => {
  const map = exampleWith((m) => {
    m.accounts["payments"]!.notifications = { activity: { chat: [SLACK] } };
    m.accounts["log-archive"]!.notifications = { security: { chat: [SLACK] } };
  });
  const all = stacksOf(checkMap(map, "map"));
  const selected = (selection: Parameters<typeof select>[1]) => select(all, selection).map(({ id }) => id);

  it("lists exactly the stacks that are synthesized", () => {
    expect(all.map(({ id }) => id).sort()).toEqual([...synthesize(map).keys()].sort());
  });

  it("lists an account's chat stack after the stacks of its topics, and after their dependencies", () => {
    expect(selected({ accounts: ["payments"], kinds: ["chat"] })).toEqual([
      "archive-eu-central-1",
      "archive-us-east-1",
      "account-payments",
      "session-payments-eu-central-1",
      "session-payments-us-east-1",
      "chat-payments",
    ]);
  });

  it("leaves the archive account's chat stack out of a wave that does not need all of its archives", () => {
    expect(selected({ waves: ["canary"] })).toEqual([
      "archive-eu-central-1",
      "account-log-archive",
      "account-sandbox",
      "session-sandbox-eu-central-1",
    ]);
  });

  it("lists the archive account's chat stack, after its archives, in the first wave after which all of these exist", () => {
    expect(selected({ waves: ["early"], kinds: ["chat"] })).toEqual([
      "archive-eu-central-1",
      "archive-us-east-1",
      "chat-log-archive",
    ]);
  });

  it("lists the archive account's chat stack in a later wave that needs all of its archives", () => {
    expect(selected({ waves: ["rest"] })).toContain("chat-log-archive");
  });
});

describe("waves whose regions differ", () => {
  // canary: eu-central-1; early and rest: us-east-1. Both archives are replicated to an account of their own.
  const map = exampleWith((m) => {
    // Without a central channel, because that of a replica is beside the archive of another region.
    const security = { chat: [SLACK], central: false };
    m.accounts["backup"] = {
      id: "555555555555",
      homeRegion: "eu-west-1",
      regions: [],
      notifications: { security },
    };
    m.accounts["log-archive"]!.notifications = { security: { chat: [SLACK] } };
    m.accounts["payments"]!.homeRegion = "us-east-1";
    m.accounts["payments"]!.regions = ["us-east-1"];
    m.transcripts!.replication = { account: "backup", region: "eu-west-1" };
  });
  const all = stacksOf(checkMap(map, "map"));
  const selected = (selection: Parameters<typeof select>[1]) => select(all, selection).map(({ id }) => id);

  it("the first wave takes the archive and the replica of its own region, and the accounts that own them", () => {
    expect(selected({ waves: ["canary"] })).toEqual([
      "archive-eu-central-1",
      "replica-log-archive-eu-central-1",
      "account-log-archive",
      "account-backup",
      "account-sandbox",
      "session-sandbox-eu-central-1",
    ]);
  });

  it("a wave after which all archives exist takes the chat stacks, with the archives of other waves", () => {
    expect(selected({ waves: ["early"] })).toEqual(
      expect.arrayContaining(["chat-log-archive", "chat-backup", "archive-eu-central-1"]),
    );
  });

  it("a later wave of one region takes neither chat stacks nor the archives of other regions", () => {
    expect(selected({ waves: ["rest"] })).toEqual([
      "archive-us-east-1",
      "replica-log-archive-us-east-1",
      "account-log-archive",
      "account-backup",
      "account-payments",
      "session-payments-us-east-1",
    ]);
  });

  it("the waves one after the other take every stack, each after all stacks that it depends on", () => {
    const taken = new Set<string>();
    for (const wave of ["canary", "early", "rest"]) {
      for (const { id, dependsOn } of select(all, { waves: [wave] })) {
        expect(dependsOn.filter((before) => !taken.has(before))).toEqual([]);
        taken.add(id);
      }
    }
    expect([...taken].sort()).toEqual(all.map(({ id }) => id).sort());
  });

  it("selects the archives of a wave by their kind", () => {
    expect(selected({ waves: ["canary"], kinds: ["archive"] })).toEqual(["archive-eu-central-1"]);
  });

  it("an account that owns nothing but the replica of a target's bucket goes with the target's wave", () => {
    const own = structuredClone(map);
    own.transcripts!.replication = null;
    own.archive = undefined;
    delete own.accounts["log-archive"];
    own.accounts["sandbox"]!.transcripts = { replication: { account: "backup", region: "eu-west-1" } };
    const waves = stacksOf(checkMap(own, "map")).filter(({ account }) => account === "backup");
    expect(waves.map(({ id, wave, waves }) => [id, wave, waves])).toEqual([
      ["account-backup", null, ["canary"]],
      ["chat-backup", "canary", ["canary"]],
    ]);
  });
});

describe("globs", () => {
  it("match what their regular expression matches", () =>
    holds(
      2_000,
      fc.property(
        fc.string({ unit: fc.constantFrom("a", "b", "-", ".", "*", "?"), maxLength: 8 }),
        fc.string({ unit: fc.constantFrom("a", "b", "-", "."), maxLength: 8 }),
        (glob, text) => {
          const pattern = glob.replaceAll(".", "\\.").replaceAll(/\*+/g, ".*").replaceAll("?", ".");
          expect(globMatcher(glob)(text)).toBe(new RegExp(`^${pattern}$`).test(text));
        },
      ),
    ));

  it("are matched without trying every division of the text", () => {
    const text = "a".repeat(200);
    expect(globMatcher("*".repeat(100) + "x")(text)).toBe(false);
    expect(globMatcher("*a".repeat(100) + "x")(text)).toBe(false);
    expect(globMatcher("*a".repeat(100) + "*")(text)).toBe(true);
  });
});
