import type { TargetResult } from "../../../fleet/adopt/model";
import { overlay } from "../../../fleet/adopt/overlay";
import type { GeneratedMap } from "../../../fleet/generated-map";

const ID = "111111111111";
const REGION = "eu-central-1";
const target = (
  more: Partial<Omit<TargetResult, "document">> = {},
  document: object | null = {},
): TargetResult => ({
  account: "shop",
  accountId: ID,
  region: REGION,
  stack: `session-shop-${REGION}`,
  adopt: false,
  seen: false,
  exists: document !== null,
  changes: [],
  lines: [],
  document: document && {
    sha256: "abc",
    latestVersion: "1",
    defaultVersion: "1",
    owner: "x",
    isOwn: false,
    ...document,
  },
  ...more,
});
const ABSENT = { is: "absent" } as const;
const CHANGE = { path: "x", before: ABSENT, after: ABSENT, effect: "other", why: null } as const;
const adopted = { preferences: { adopt: true } };
const SEEN = { "x-looked-at": { [ID]: { [REGION]: "abc" } } };
const ADOPTED: GeneratedMap = { accounts: { shop: { regions: { [REGION]: adopted } } }, ...SEEN };
const SYNCED = { id: ID, homeRegion: REGION, regions: [REGION, "us-east-1"] };

it.each<[string, GeneratedMap, TargetResult, GeneratedMap, readonly string[]]>([
  ["adopts preferences of an account of the map", {}, target(), ADOPTED, ["adopt"]],
  [
    "makes an object of the regions of a generated account",
    { accounts: { shop: SYNCED }, "x-names": { [ID]: "Shop" } },
    target(),
    {
      accounts: { shop: { ...SYNCED, regions: { [REGION]: adopted, "us-east-1": {} } } },
      "x-names": { [ID]: "Shop" },
      ...SEEN,
    },
    ["adopt"],
  ],
  [
    "keeps other settings of the region",
    {
      accounts: {
        shop: { regions: { [REGION]: { preferences: { idleTimeoutMinutes: 5 }, protect: false } } },
      },
    },
    target(),
    {
      accounts: {
        shop: {
          regions: { [REGION]: { preferences: { idleTimeoutMinutes: 5, adopt: true }, protect: false } },
        },
      },
      ...SEEN,
    },
    ["adopt"],
  ],
  ["notes what the map adopts itself", {}, target({ adopt: true }), SEEN, ["look"]],
  [
    "notes another content",
    ADOPTED,
    target({ adopt: true }, { sha256: "def" }),
    { ...ADOPTED, "x-looked-at": { [ID]: { [REGION]: "def" } } },
    ["look"],
  ],
  ["changes nothing twice", ADOPTED, target({ adopt: true }), ADOPTED, []],
  ["leaves its own preferences alone", {}, target({}, { isOwn: true }), {}, []],
  [
    "leaves its own preferences alone that the map imports",
    {},
    target({ adopt: true }, { isOwn: true }),
    {},
    [],
  ],
  [
    "notes its own preferences that the map imports and would change",
    {},
    target({ adopt: true, changes: [CHANGE] }, { isOwn: true }),
    SEEN,
    ["look"],
  ],
  ["leaves what nobody could look at", ADOPTED, target({ exists: null, adopt: true }, null), ADOPTED, []],
  ["forgets what is gone", ADOPTED, target({ adopt: true, exists: false }, null), {}, ["forget"]],
  ["has nothing to forget", {}, target({ exists: false }, null), {}, []],
  [
    "forgets in a generated account, which keeps its region",
    { accounts: { shop: { ...SYNCED, regions: { [REGION]: adopted } } }, ...SEEN },
    target({ adopt: true, exists: false }, null),
    { accounts: { shop: { ...SYNCED, regions: { [REGION]: {} } } } },
    ["forget"],
  ],
])("%s", (_, generated, found, next, kinds) => {
  const result = overlay(generated, [found]);
  expect(result.generated).toEqual(next);
  expect(result.changes.map(({ kind }) => kind)).toEqual(kinds);
});

it("changes nothing of what it was given", () => {
  const before = JSON.stringify(ADOPTED);
  overlay(ADOPTED, [target({ adopt: true, exists: false }, null)]);
  overlay(ADOPTED, [target({ account: "other", accountId: "222222222222" })]);
  expect(JSON.stringify(ADOPTED)).toBe(before);
});
