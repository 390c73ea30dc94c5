import type { Change, PolicyChange, Review } from "../../../review/model";
import {
  findingCounts,
  findingsInOrder,
  foldedSummary,
  groupsInOrder,
  policiesInOrder,
  statementsInOrder,
  strengthInOrder,
} from "../../../review/render/order";
import {
  attribute,
  change,
  finding,
  group,
  known,
  NONE,
  reviewWith,
  stack,
  strength,
} from "../../fixtures/review/build";
import { EXAMPLE } from "../../fixtures/reviews";

const found = (severity: "critical" | "high" | "low", at: string | null, stacks = ["s"]) =>
  finding(severity, "rule", severity, { detail: "", remedy: "", at, stacks });

const policy = (direction: PolicyChange["direction"]): PolicyChange => ({
  kind: "policy",
  direction,
  statements: [],
});
const withPolicy = (address: string, direction: PolicyChange["direction"]): Change =>
  change(address, {
    attributes: [attribute("policy", known(""), known(""), { meaning: policy(direction) })],
  });

const review = (other: Partial<Review>): Review => ({ ...reviewWith([]), ...other });
const addresses = (one: Review) => groupsInOrder(one, "groups").map((each) => each.change.address);

describe("changes are in the order", () => {
  it("of the worst finding about one of their objects", () => {
    const groups = ["a", "b", "c", "d"].map((address) => group(change(address), ["s"]));
    const findings = [
      found("low", "c"),
      found("critical", "b", ["other"]),
      found("high", "d"),
      found("critical", null),
    ];
    expect(addresses(review({ groups, findings }))).toEqual(["d", "c", "a", "b"]);
  });

  it("of what happens, what takes something away first", () => {
    const kinds = [
      "read",
      "create",
      "move",
      "delete",
      "import",
      "update",
      "forget",
      "replace",
      "deferred",
    ] as const;
    const groups = kinds.map((kind) => group(change(kind, { kind }), ["s"]));
    expect(addresses(review({ groups }))).toEqual([
      ...["delete", "replace", "forget", "update", "create", "move", "import", "deferred", "read"],
    ]);
  });

  it("of the direction of their policies, then of the number of stacks", () => {
    const groups = [
      group(change("few"), ["s"]),
      group(change("many"), ["s", "t"]),
      ...(["narrower", "maybe-wider", "other", "wider"] as const).map((one) =>
        group(withPolicy(one, one), ["s"]),
      ),
    ];
    expect(addresses(review({ groups }))).toEqual([
      "wider",
      "other",
      "maybe-wider",
      "narrower",
      "many",
      "few",
    ]);
  });
});

it("policies that permit more come first, then those in most stacks", () => {
  const groups = [
    group(withPolicy("narrow", "narrower"), ["s", "t", "u"]),
    group(withPolicy("one", "wider"), ["s"]),
    group(withPolicy("two", "wider"), ["s", "t"]),
    group(change("none"), ["s"]),
  ];
  expect(policiesInOrder(review({ groups })).map((one) => one.group.change.address)).toEqual([
    "two",
    "one",
    "narrow",
  ]);
});

it("statements that permit more come first", () => {
  const [first] = policiesInOrder(EXAMPLE);
  expect(statementsInOrder(first!.policy).map(({ direction }) => direction)).toEqual([
    "wider",
    "maybe-wider",
  ]);
});

it("findings are in the order of their severity, and as they were within one", () => {
  const findings = [found("low", "a"), found("critical", "b"), found("high", "c"), found("critical", "d")];
  expect(findingsInOrder(review({ findings })).map(({ places }) => places[0]!.address)).toEqual([
    "b",
    "d",
    "c",
    "a",
  ]);
  expect([...findingCounts(review({ findings }))]).toEqual([
    ["critical", 2],
    ["high", 1],
    ["low", 1],
  ]);
});

it("qualities that get weaker come first, then those that get stronger", () => {
  const rows = strength(1, { guard: { weaker: ["s"] }, recordedToS3: { stronger: ["s"] } });
  const order = strengthInOrder(review({ strength: rows })).map(({ quality }) => quality);
  expect(order.slice(0, 3)).toEqual(["guard", "recordedToS3", "recordedToCloudWatch"]);
});

describe("the rows of waves and accounts", () => {
  const rows = (...stacks: Parameters<typeof reviewWith>[0]) =>
    foldedSummary(reviewWith(stacks)).map(({ row, accounts }) => [
      row.wave,
      ...accounts.map(({ account }) => account),
    ]);

  it("are one for accounts of a wave with equal numbers", () => {
    expect(rows(stack("a", "r"), stack("b", "r"), stack("c", "r", { wave: "canary" }))).toEqual([
      ["rest", "a", "b"],
      ["canary", "c"],
    ]);
  });

  it.each([
    ["another number of changes", { counts: { ...NONE, update: 1 }, result: "changes" as const }],
    ["a stack that failed", { result: "failed" as const }],
    ["a stack that changes, without objects", { result: "changes" as const }],
  ])("are two for accounts with %s", (_name, other) => {
    expect(rows(stack("a", "r"), stack("b", "r", other))).toHaveLength(2);
  });

  it("have the account first that loses most, within its wave", () => {
    const losing = (name: string, count: number, wave: string) =>
      stack(name, "r", { wave, counts: { ...NONE, delete: count } });
    expect(rows(losing("a", 1, "canary"), losing("b", 9, "rest"), losing("c", 2, "canary"))).toEqual([
      ["canary", "c"],
      ["canary", "a"],
      ["rest", "b"],
    ]);
  });
});
