import { parse } from "../../../accounts/reading/parse";
import { withGenerated } from "../../../accounts/reading/generated";
import type { AccountsMap } from "../../../accounts/schema";
import type { SyncSettings } from "../../../accounts/schema/sync";
import type { GeneratedMap } from "../../../fleet/generated-map";
import { syncChanges } from "../../../fleet/sync/changes";
import type { OrganizationAccount } from "../../../fleet/sync/organization-accounts";
import { checkMap } from "../../../stacks/read-organization";
import exampleMap from "../../fixtures/example-map";

const SETTINGS: SyncSettings = {
  homeRegion: "eu-central-1",
  regions: ["eu-central-1", "us-east-1"],
  waves: [
    { wave: "canary", tag: { key: "stage", value: "dev" } },
    { wave: "early", organizationalUnit: "ou-ab12-internal00" },
  ],
};
const REAL: OrganizationAccount = {
  id: "555555555555",
  name: "Shop",
  state: "ACTIVE",
  units: ["r-ab12", "ou-ab12-workloads0"],
  tags: {},
};
const real = (changes: Partial<OrganizationAccount> = {}): OrganizationAccount => ({ ...REAL, ...changes });
const DESCRIBED = { "log-archive": { id: "111111111111" } };
const ARCHIVE = real({ id: "111111111111", name: "Log Archive" });

const sync = (
  organization: readonly OrganizationAccount[],
  generated: GeneratedMap = {},
  { settings = SETTINGS, described = DESCRIBED as Record<string, { id?: unknown }> } = {},
) =>
  syncChanges({
    settings,
    described,
    generated,
    lastWave: "rest",
    organization: organization.some(({ id }) => id === ARCHIVE.id)
      ? organization
      : [ARCHIVE, ...organization],
  });
const SHOP = { id: REAL.id, homeRegion: "eu-central-1", regions: SETTINGS.regions };
const KNOWN: GeneratedMap = { accounts: { shop: SHOP }, "x-names": { [REAL.id]: "Shop" } };

it("describes an account that is new", () => {
  expect(sync([real()])).toEqual({
    changes: [{ kind: "add", account: "shop", id: REAL.id, text: "is new, in wave rest" }],
    generated: KNOWN,
  });
});

it("has nothing to do a second time", () => {
  const { generated } = sync([real(), real({ id: "666666666666", state: "SUSPENDED" })]);
  expect(sync([real(), real({ id: "666666666666", state: "SUSPENDED" })], generated)).toEqual({
    changes: [],
    generated,
  });
});

it.each([
  ["a tag", { tags: { stage: "dev" } }, "canary"],
  ["another value of the tag", { tags: { stage: "prod" } }, undefined],
  ["a unit", { units: ["r-ab12", "ou-ab12-internal00"] }, "early"],
  ["a unit above its own", { units: ["r-ab12", "ou-ab12-internal00", "ou-ab12-deepdeep0"] }, "early"],
  ["both: the first rule", { tags: { stage: "dev" }, units: ["ou-ab12-internal00"] }, "canary"],
  ["neither", {}, undefined],
])("gives an account its wave by %s", (_, changes, wave) => {
  const account = sync([real(changes)]).generated.accounts!["shop"]!;
  expect(account.wave).toBe(wave);
});

it.each([
  ["a rule with a tag and a unit asks for both", { tags: { stage: "dev" } }, undefined],
  ["and has both", { tags: { stage: "dev" }, units: ["ou-ab12-internal00"] }, "canary"],
  ["a tag without a value takes every value", { tags: { team: "any" } }, "early"],
  ["no property of all objects is a tag", { tags: {} }, undefined],
])("decides by rules: %s", (_, changes, wave) => {
  const settings: SyncSettings = {
    ...SETTINGS,
    waves: [
      { wave: "canary", organizationalUnit: "ou-ab12-internal00", tag: { key: "stage", value: "dev" } },
      { wave: "early", tag: { key: "team" } },
      { wave: "early", tag: { key: "constructor" } },
    ],
  };
  expect(sync([real(changes)], {}, { settings }).generated.accounts!["shop"]!.wave).toBe(wave);
});

it("moves an account to another wave, and back to none", () => {
  const early = sync([real({ units: ["ou-ab12-internal00"] })], KNOWN);
  expect(early.changes).toEqual([
    { kind: "move", account: "shop", id: REAL.id, text: "moves from wave rest to early" },
  ]);
  expect(early.generated.accounts).toEqual({ shop: { ...SHOP, wave: "early" } });
  const back = sync([real()], early.generated);
  expect(back.changes.map(({ text }) => text)).toEqual(["moves from wave early to rest"]);
  expect(back.generated).toEqual(KNOWN);
});

it("keeps the name in the map when the name in AWS Organizations changes", () => {
  const { changes, generated } = sync([real({ name: "Web Shop" })], KNOWN);
  expect(changes).toEqual([
    {
      kind: "rename",
      account: "shop",
      id: REAL.id,
      text: 'is now called "Web Shop" in AWS Organizations, and keeps its name in the map',
    },
  ]);
  expect(generated).toEqual({ ...KNOWN, "x-names": { [REAL.id]: "Web Shop" } });
  expect(sync([real({ name: "Web Shop" })], generated).changes).toEqual([]);
});

it.each([
  ["suspended", [real({ state: "SUSPENDED" })], "its state in AWS Organizations is SUSPENDED"],
  ["closing", [real({ state: "PENDING_CLOSURE" })], "its state in AWS Organizations is PENDING_CLOSURE"],
  ["gone", [], "AWS Organizations no longer lists it"],
])(
  "leaves out an account that is %s, with the reason, and takes it back under its name",
  (_, now, reason) => {
    const { changes, generated } = sync(now, KNOWN);
    expect(changes).toEqual([
      { kind: "leave-out", account: "shop", id: REAL.id, text: `leaves the map: ${reason}` },
    ]);
    expect(generated).toEqual({ "x-left-out": { [REAL.id]: { name: "shop", reason } } });
    expect(sync(now, generated).changes).toEqual([]);
    const back = sync([real({ name: "Shop, again" })], generated);
    expect(back.changes).toEqual([
      { kind: "return", account: "shop", id: REAL.id, text: "comes back, in wave rest" },
    ]);
    expect(back.generated["x-left-out"]).toBeUndefined();
  },
);

it.each([
  ["an account", { exclude: [REAL.id] }, "sync.exclude names it"],
  ["a unit above it", { exclude: ["ou-ab12-workloads0"] }, "it is in the unit ou-ab12-workloads0"],
  ["other units only", { organizationalUnits: ["ou-ab12-internal00"] }, "it is in none of the units"],
])("leaves out what the settings leave out: %s", (_, more, reason) => {
  const settings = { ...SETTINGS, ...more };
  expect(sync([real()], {}, { settings }).changes).toEqual([]);
  expect(sync([real()], KNOWN, { settings }).changes[0]!.text).toContain(reason);
});

it("never changes what a person has described, and says when it needs one", () => {
  expect(sync([{ ...ARCHIVE, state: "SUSPENDED" }])).toEqual({
    changes: [
      {
        kind: "attention",
        account: "log-archive",
        id: "111111111111",
        text: expect.stringContaining(
          "described by hand, and its state in AWS Organizations is SUSPENDED",
        ) as string,
      },
    ],
    generated: {},
  });
  // Excluding an account says that sync does not describe it, and nothing about the person's own description.
  expect(sync([], {}, { settings: { ...SETTINGS, exclude: ["111111111111"] } }).changes).toEqual([]);
});

it("hands an account over to the person who describes it, with what other commands have generated", () => {
  const adopt = { "eu-central-1": { preferences: { adopt: true } } };
  const described = { ...DESCRIBED, shop: { id: REAL.id } };
  const { changes, generated } = sync(
    [real()],
    { accounts: { shop: { ...SHOP, regions: adopt } } },
    { described },
  );
  expect(changes.map(({ text }) => text)).toEqual(["leaves the map: the map describes it itself, as shop"]);
  expect(generated).toEqual({ accounts: { shop: { regions: adopt } } });
  expect(sync([real()], generated, { described }).changes).toEqual([]);
});

it("goes on to describe an account for which the map only has settings", () => {
  const described = { ...DESCRIBED, shop: {} };
  const { changes, generated } = sync([real({ units: ["ou-ab12-internal00"] })], KNOWN, { described });
  expect(changes.map(({ kind }) => kind)).toEqual(["move"]);
  expect(generated.accounts!["shop"]).toEqual({ ...SHOP, wave: "early" });
});

it.each([
  ["Payments (EU) — Prod", "payments-eu-prod"],
  ["  123 Numbers first", "numbers-first"],
  ["Größe", "gro-e"],
  ["日本", `account-${REAL.id}`],
  ["a".repeat(60), "a".repeat(50)],
  ["Log Archive", `log-archive-${REAL.id}`],
  [`Log${" x".repeat(30)}`, expect.stringMatching(/^[a-z0-9-]{1,50}$/) as string],
  ["constructor", "constructor"],
])("names %j %s", (name, expected) => {
  const { generated } = sync([real({ name })]);
  const [found] = Object.keys(generated.accounts!);
  expect(found).toEqual(expected);
  // The name is one that a map may have.
  const map: AccountsMap = { ...exampleMap, accounts: { ...exampleMap.accounts } };
  expect(() => checkMap(withGenerated(map, { accounts: generated.accounts }, "g.json"), "map")).not.toThrow();
});

it("gives two accounts of one name two names", () => {
  const { generated } = sync([real(), real({ id: "666666666666" })]);
  expect(Object.keys(generated.accounts!)).toEqual(["shop", "shop-666666666666"]);
});

it.each<[SyncSettings, string]>([
  [{ ...SETTINGS, waves: [{ wave: "canry", tag: { key: "a" } }] }, 'did you mean "canary"?'],
  [{ ...SETTINGS, waves: [{ wave: "canary" }] }, "without both, it would fit every account"],
  [{ ...SETTINGS, homeRegion: "eu-west-1" }, "one of sync.regions"],
])("the map refuses %j", (settings, text) => {
  expect(() => checkMap({ ...exampleMap, sync: settings }, "map")).toThrow(text);
});

it.each([
  ["organizationalUnits", ["Workloads"], "copy the id from the Organizations console"],
  ["exclude", ["123"], "a string of 12 digits, or the id of a unit"],
])("the map refuses sync.%s: %j", (key, value, text) => {
  const { problems } = parse({ ...exampleMap, sync: { ...SETTINGS, [key]: value } });
  expect(problems.map(({ allowed, remedy }) => `${allowed}\n${remedy}`).join("\n")).toContain(text);
});

it("keeps what adopt has noted", () => {
  const adopted = { "eu-central-1": { preferences: { adopt: true } } };
  const generated: GeneratedMap = {
    accounts: { shop: { ...SHOP, regions: adopted } },
    "x-names": { [REAL.id]: "Shop" },
    "x-looked-at": { [REAL.id]: { "eu-central-1": "abc" } },
  };
  expect(sync([real()], generated)).toEqual({ changes: [], generated });
});

it("adds an account once that is listed below two units, in its last one", () => {
  const { changes, generated } = sync([
    real({ units: ["r-ab12", "ou-ab12-workloads0"] }),
    real({ units: ["r-ab12", "ou-ab12-internal00"] }),
  ]);
  expect(changes.map(({ kind, account }) => `${kind} ${account}`)).toEqual(["add shop"]);
  expect(generated.accounts).toEqual({ shop: { ...SHOP, wave: "early" } });
});

it.each([
  ["日本", [`account-${REAL.id}`], `account-${REAL.id}-${REAL.id}`],
  ["Shop", ["shop", `shop-${REAL.id}`], `shop-${REAL.id}-2`],
  ["Shop", ["shop", `shop-${REAL.id}`, `shop-${REAL.id}-2`], `shop-${REAL.id}-3`],
  ["a".repeat(60), ["a".repeat(50), `${"a".repeat(37)}-${REAL.id}`], `${"a".repeat(35)}-${REAL.id}-2`],
])("names %j, while %j are taken, %s", (name, taken, expected) => {
  const described = Object.fromEntries(
    taken.map((one, index): [string, { id: string }] => [one, { id: String(700_000_000_000 + index) }]),
  );
  const { generated } = sync([real({ name })], {}, { described: { ...DESCRIBED, ...described } });
  const [found] = Object.keys(generated.accounts!);
  expect(found).toBe(expected);
  expect(found).toMatch(/^[a-z][a-z0-9-]{0,49}$/);
});
