import { changed } from "../../accounts/arbitrary-maps";
import { mapWith, type Changes } from "../../accounts/rules/good-map";
import { oneProblem, problemsOf } from "../../accounts/rules/problems-of";

const GROUP = { existing: `/${"a".repeat(200)}` };
const ROLES = Array.from(
  { length: 5 },
  (_, index) => `arn:aws:iam::444444444444:role/${"p".repeat(150)}/deploy${index}`,
);

/** Changes that make patterns too long, the path of the cause, and a value there that is short enough. */
const CAUSES: readonly (readonly [string, Changes, path: string, short: unknown, remedy: string])[] = [
  [
    "a log group of the organization",
    { "logs.group": GROUP },
    "logs.group.existing",
    "/sessions",
    "a log group with a shorter name",
  ],
  [
    "a log group of an account",
    { "accounts.sandbox.logs.group": GROUP },
    "accounts.sandbox.logs.group.existing",
    "/sessions",
    "a log group with a shorter name",
  ],
  [
    "a log group of a region, although the organization has one with another name",
    { "logs.group": { existing: "/sessions" }, "accounts.payments.regions.us-east-1.logs.group": GROUP },
    'accounts.payments.regions["us-east-1"].logs.group.existing',
    "/sessions",
    "a log group with a shorter name",
  ],
  [
    "ignored roles of the organization",
    { "notifications.security.ignoredRoles": ROLES },
    "notifications.security.ignoredRoles",
    [],
    "ignore fewer roles",
  ],
  [
    "ignored roles of an account",
    { "accounts.sandbox.notifications.security.ignoredRoles": ROLES },
    "accounts.sandbox.notifications.security.ignoredRoles",
    [],
    "ignore fewer roles",
  ],
  [
    "ignored roles, although the log group is an existing one",
    { "logs.group": { existing: "/s" }, "notifications.security.ignoredRoles": ROLES },
    "notifications.security.ignoredRoles",
    [],
    "ignore fewer roles",
  ],
];

/** The steps of a path in an error. */
const stepsOf = (path: string) => path.replaceAll(/\["([^"]+)"\]/g, ".$1").split(".");

describe.each(CAUSES)("a pattern that is too long because of %s", (_title, changes, path, short, remedy) => {
  it("is reported once, where the map sets the cause", () => {
    expect(problemsOf(mapWith(changes))).toEqual(oneProblem(path, "the pattern of the rule for", remedy));
  });

  it("is short enough with a shorter value at that path", () => {
    expect(problemsOf(changed(mapWith(changes), { path: stepsOf(path), value: short }))).toEqual([]);
  });
});

it("names a setting of the organization if the map has one account alone", () => {
  const only = { sandbox: { id: "222222222222", homeRegion: "eu-central-1", regions: ["eu-central-1"] } };
  const alone = mapWith({
    accounts: only,
    archive: undefined,
    "logs.group": GROUP,
    "transcripts.readers": undefined,
  });
  expect(problemsOf(alone).map(({ path }) => path)).toEqual(["logs.group.existing"]);
});

it("names readers of the organization if the map has one account alone", () => {
  const only = { sandbox: { id: "222222222222", homeRegion: "eu-central-1", regions: ["eu-central-1"] } };
  const readers = Array.from(
    { length: 100 },
    (_, n) => `arn:aws:iam::222222222222:role/${"p".repeat(60)}/r${n}`,
  );
  const alone = mapWith({ accounts: only, archive: undefined, "transcripts.readers": readers });
  expect(problemsOf(alone).map(({ path }) => path)).toEqual(["transcripts.readers"]);
});

describe("patterns of roles that are reported", () => {
  const withUnmaskRoles = (...unmaskRoles: readonly string[]) =>
    problemsOf(mapWith({ "logs.masking.enabled": true, "accounts.sandbox.access.unmaskRoles": unmaskRoles }));

  it.each([
    ["four with * in the middle", ["a*b", "c*d", "e*f", "people/g*h"]],
    ["four with * at both ends", ["*a*", "*b*", "*c*", "*d*"]],
    ["three with seven *", ["a*b*c*d", "e*f*g", "h*i*j"]],
  ])("are refused if EventBridge would call them too complex: %s", (_title, roles) => {
    const problem = oneProblem("accounts.sandbox", "at most 3 patterns with *", "accountChanges: false");
    expect(withUnmaskRoles(...roles)).toEqual(problem);
  });

  it.each([
    ["three with six *", ["*a*", "*b*", "*c*"]],
    ["any number with * at one end", ["a*", "b*", "c*", "d*", "people/*e", "*f", "*g", "h"]],
  ])("pass with %s", (_title, roles) => {
    expect(withUnmaskRoles(...roles)).toEqual([]);
  });

  it("pass in an account that reports no changes of roles", () => {
    const changes = {
      "logs.masking.enabled": true,
      "accounts.sandbox.access.unmaskRoles": ["a*b", "c*d", "e*f", "g*h"],
      "accounts.sandbox.notifications.security.accountChanges": false,
    };
    expect(problemsOf(mapWith(changes))).toEqual([]);
  });
});
