import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { recordingReads } from "../../../accounts/model/once-per";
import type { Account, Organization, Target } from "../../../accounts/model/organization";
import { digestOfText } from "../../../stacks/kit/digest";
import { names, stackIds } from "../../../stacks/names";
import { checkMap } from "../../../stacks/read-organization";
import { declaredStacks, type DeclaredStack } from "../../../stacks/stack-graph";
import { stackBuilder, type StackFiles } from "../../../stacks/synthesis/build";
import { notingBuild } from "../../../stacks/synthesis/build-all";
import { observed } from "../../../stacks/synthesis/observed";
import { summarized } from "../../../stacks/synthesis/reads";
import { countBuilt, withTwins, type Made } from "../../../stacks/synthesis/twins";
import exampleMap from "../../fixtures/example-map";
import { ALL_MAPS } from "../../helpers/all-maps";

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "session-audit-twins-"))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/**
 * Names and ids of further accounts: the shortest, the longest, the first and the last, those that look like something
 * that a stack has for another reason, and those of the placeholders.
 */
const IDENTITIES: readonly (readonly [name: string, id: string])[] = [
  ["plain-name", "200000000001"],
  ["another-plain-name", "200000000002"],
  ["a", "000000000000"],
  ["z", "999999999999"],
  ["y".repeat(63), "100000000000"],
  ["zzzzzz", "999999999998"],
  ["a-0-0", "000000000001"],
  ["session", "111111111112"],
  ["us-east-1", "012345678901"],
  ["eu-central-1", "888888888888"],
  ["session-audit", "777777777777"],
  ["account", "123123123123"],
  ["aws-kms-key", "121212121212"],
  ["created", "210210210210"],
  ["root", "101010101010"],
];

/** Twins of each account: every third identity, from the next one on for the next account. */
const EVERY = 3;
let turn = 0;

/** The organization with twins of an account beside it. Rules of maps would refuse some of them. */
function withTwinsOf(organization: Organization, account: Account): Organization {
  const taken = new Set(organization.accounts.flatMap(({ name, id }) => [name, id]));
  const first = turn++ % EVERY;
  const identities = IDENTITIES.filter((_, index) => index % EVERY === first);
  const twins = identities
    .filter(([name, id]) => !taken.has(name) && !taken.has(id))
    .map(([name, id]): Account => {
      const { formerName: _, ...rest } = account;
      const { partition } = account;
      const targets = account.targets.map((target): Target => ({
        ...target,
        account: { name, id, partition },
      }));
      return { ...rest, name, id, targets };
    });
  const accounts = [...organization.accounts, ...twins];
  return { ...organization, accounts, targets: accounts.flatMap(({ targets }) => targets) };
}

/** Every stack of an organization as it is built and as twins are made, and how often something was built for the latter. */
function bothWays(organization: Organization): {
  stacks: DeclaredStack[];
  built: Made[];
  twins: Made[];
  builds: number;
} {
  const seen = observed(organization);
  const stacks = declaredStacks(seen.organization);
  const build = notingBuild(seen, stackBuilder(seen.organization, directory));
  const built = stacks.map((stack) => {
    const { value: files, reads } = recordingReads(() => build(stack));
    return { files, reads: summarized(reads) };
  });
  let builds = 0;
  const make = withTwins(seen, (stack) => (builds++, build(stack)));
  return { stacks, built, twins: stacks.map(make), builds };
}

describe.each(ALL_MAPS)("%s", (_name, map) => {
  it("gives every twin of every account the files that are built for it, and the same record of what was read", () => {
    const organization = checkMap(map, "map");
    const different: string[] = [];
    let compared = 0;
    for (const account of organization.accounts) {
      const { stacks, built, twins } = bothWays(withTwinsOf(organization, account));
      stacks.forEach(({ id }, index) => {
        compared++;
        if (!sameFiles(twins[index]!, built[index]!)) different.push(id);
        else if (twins[index]!.reads.join() !== built[index]!.reads.join()) different.push(`reads of ${id}`);
      });
    }
    expect(different).toEqual([]);
    expect(compared).toBeGreaterThan(5);
  });
});

const sameFiles = (one: Made, other: Made): boolean =>
  one.files.size === other.files.size &&
  [...one.files].every(([name, content]) =>
    Buffer.from(content).equals(Buffer.from(other.files.get(name) ?? "")),
  );

const NUMBER = 12;
const idOf = (index: number) => String(200000000000 + index * 7001);
const isAlike = ({ accountId }: DeclaredStack) => accountId.startsWith("200000");

/** The example with accounts that differ by names and ids alone. */
function alike(naming: (index: number) => string, rest: Partial<Organization> = {}): Organization {
  const organization = { ...checkMap(exampleMap, "map"), ...rest };
  const account = organization.accounts.find(({ name }) => name === "payments")!;
  const others = Array.from({ length: NUMBER }, (_, index): Account => {
    const identity = { name: naming(index), id: idOf(index) };
    const targets = account.targets.map((target) => ({
      ...target,
      account: { ...target.account, ...identity },
    }));
    return { ...account, ...identity, targets };
  });
  const accounts = [...organization.accounts, ...others];
  return { ...organization, accounts, targets: accounts.flatMap(({ targets }) => targets) };
}

it("builds four of the stacks that differ by names and ids alone, however many there are", () => {
  const { stacks, builds } = bothWays(alike((index) => `account-${index}`));
  // Those of the account of the example are like the others: one of itself, and two of its regions.
  const others = stacks.filter((stack) => !isAlike(stack) && stack.account !== "payments");
  expect(stacks.length).toBe(others.length + 3 * (NUMBER + 1));
  expect(builds).toBe(others.length + 3 * 4);
  expect(countBuilt(stacks)).toBe(builds);
});

describe("a stack that does more with a name or an id than to write it is built", () => {
  const json = (value: object): StackFiles => new Map([["cdk.tf.json", JSON.stringify(value)]]);

  /** How many stacks of kind `account` are built, after the comparison of all with what is built. */
  function buildsOf(
    stackOf: (account: Account, organization: Organization) => StackFiles,
    naming = (index: number) => `account-${index}`,
    rest: Partial<Organization> = {},
  ): number {
    const seen = observed(alike(naming, rest));
    let builds = 0;
    const build = ({ subject }: DeclaredStack) => (builds++, stackOf(subject as Account, seen.organization));
    const make = withTwins(seen, build);
    const stacks = declaredStacks(seen.organization).filter(
      (stack) => stack.kind === "account" && isAlike(stack),
    );
    const twins = stacks.map(make);
    const counted = builds;
    for (const [index, stack] of stacks.entries())
      expect([...twins[index]!.files]).toEqual([...build(stack)]);
    return counted;
  }

  it("no: it writes both, and a digest of both", () => {
    const stackOf = (account: Account, { name }: Organization) =>
      json({
        id: stackIds.account(account),
        text: `${digestOfText(`${account.id} of ${name}`, 12)} "${account.id}"`,
      });
    expect(buildsOf(stackOf)).toBe(4);
  });

  it.each<[string, (account: Account, organization: Organization) => StackFiles, number?]>([
    [
      "a digest of an id that nobody knows of",
      ({ id }) => json({ a: names.prefix({ organization: String(Number(id) % 97) }) }),
    ],
    ["the order of ids", ({ id }) => json({ first: id < "200000020000" })],
    ["the length of names", ({ name }) => json({ short: name.length < 10 })],
    ["a part of names", ({ name }) => json({ counts: name.includes("count") })],
    ["the order of names", ({ name }) => json({ first: name < "account-3" })],
    ["a key beside others", ({ id }) => json({ [id]: 1, other: 2 })],
    [
      "a look at all accounts",
      ({ id }, { accounts }) => json({ at: accounts.findIndex((one) => one.id === id) }),
    ],
    [
      "a number of accounts with lower ids",
      ({ id }, { accounts }) => json({ at: accounts.filter((one) => one.id < id).length }),
    ],
  ])("%s", (_what, stackOf) => {
    expect(buildsOf(stackOf)).toBeGreaterThanOrEqual(NUMBER);
  });

  it("a name that is one of the texts that it reads", () => {
    const stackOf = ({ name, settings }: Account) =>
      json({ same: Object.keys(settings.tags).includes(name) });
    const tag = Object.keys(checkMap(exampleMap, "map").accounts[0]!.settings.tags)[0]!;
    expect(tag).toBeDefined();
    const namedLikeTheTag = (index: number) => (index === NUMBER - 1 ? tag : `account-${index}`);
    expect(buildsOf(stackOf, namedLikeTheTag)).toBe(5);
  });

  it("an id that occurs in something that it reads", () => {
    const stackOf = ({ id }: Account, organization: Organization) =>
      json({ own: organization.id?.includes(id) });
    expect(buildsOf(stackOf, undefined, { id: `o-${idOf(NUMBER - 1)}` })).toBe(5);
  });

  it("a name that is shorter than the placeholders", () => {
    const stackOf = ({ name }: Account) => json({ short: name.length < 3 });
    expect(buildsOf(stackOf, (index) => (index === NUMBER - 1 ? "ab" : `account-${index}`))).toBe(5);
  });
});
