import { oncePer, recordingReads } from "../../../accounts/model/once-per";
import { accountBehind, type Organization } from "../../../accounts/model/organization";
import { checkMap } from "../../../stacks/read-organization";
import { observed } from "../../../stacks/synthesis/observed";
import exampleMap from "../../fixtures/example-map";

const organization = checkMap(exampleMap, "map");
const PAYMENTS = "444444444444";

/** What is noted of an organization while something is read of it. */
const notedIn = (read: (of: typeof organization) => unknown): string[] => {
  const seen = observed(organization);
  return [...recordingReads(() => read(seen.organization)).reads].sort();
};

it("notes one account that is searched, and not the list in which it is", () => {
  const noted = notedIn((of) => accountBehind(of, { id: PAYMENTS }).homeRegion);
  expect(noted).toEqual([`accounts.${PAYMENTS}`, `accounts.${PAYMENTS}.homeRegion`]);
});

it("notes a list that is looked at, and the parts of items that are read", () => {
  const noted = notedIn((of) => of.archives.map(({ region }) => region));
  expect(noted).toEqual([
    "archives",
    "archives.111111111111/eu-central-1.region",
    "archives.111111111111/us-east-1.region",
  ]);
});

it("gives a list another digest if the item at a place is another one or has other parts", () => {
  const { digestOf } = observed(organization);
  const [first, ...others] = organization.accounts;
  const turned = { ...organization, accounts: [...others, first!] };
  const renamed = { ...organization, accounts: [{ ...first!, formerName: "x" }, ...others] };
  expect(digestOf("accounts")).toBe(observed({ ...organization }).digestOf("accounts"));
  expect(digestOf("accounts")).not.toBe(observed(turned).digestOf("accounts"));
  expect(digestOf("accounts")).not.toBe(observed(renamed).digestOf("accounts"));
});

describe("the digest of a part", () => {
  const digestOf = (value: unknown) =>
    observed({ ...organization, state: value as typeof organization.state }).digestOf("state");

  it("is the same for equal values, however V8 keeps their texts", () => {
    const text = "a text that has the length of a digest, or is even a little longer";
    // V8 keeps the second text with two bytes for each character, because the text that it is cut from needs them.
    const wide = `\u20ac${text}`.slice(1);
    expect(digestOf({ text: wide, list: [1, null] })).toBe(digestOf({ text, list: [1, null] }));
  });

  it.each([
    [{ a: 1 }, { a: "1" }],
    [{ a: undefined }, {}],
    [{ a: null }, { a: undefined }],
    [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
    [["a", "b"], ["a,b"]],
    [[], {}],
    [new Map([["a", 1]]), { a: 1 }],
    [new Set(["a"]), ["a"]],
    [{ a: 1n }, { a: 1 }],
  ])("is another one for another value: %p, %p", (one, other) => {
    expect(digestOf(one)).not.toBe(digestOf(other));
  });

  it.each([[{ a: new Date(0) }], [{ a: () => 1 }], [{ a: Symbol("a") }]])(
    "refuses a value that is not plain data: %p",
    (value) => {
      expect(() => digestOf(value)).toThrow("Not plain data");
    },
  );
});

it("shows another name and id of one account wherever its items say them, as long as it is disguised", () => {
  const seen = observed(organization);
  const as = { name: "another", id: "555555555555" };
  const identities = () => [
    accountBehind(seen.organization, as) ?? null,
    seen.organization.accounts.find(({ name }) => name === "another") ?? null,
    ...seen.organization.targets.filter(({ account }) => account.id === as.id),
  ];
  expect(seen.disguised({ account: PAYMENTS, as }, identities)).toHaveLength(4);
  expect(identities()).toEqual([null, null]);
});

describe("what is computed once for the organization", () => {
  const AS = { account: PAYMENTS, as: { name: "another", id: "555555555555" } };
  const namesIn = () => oncePer(({ accounts }: Organization) => accounts.map(({ name }) => name).join());

  it("is about the account as it is, also if it is first asked for while the account is disguised", () => {
    const seen = observed(organization);
    const names = namesIn();
    expect(seen.disguised(AS, () => names(seen.organization))).toContain("another");
    expect(names(seen.organization)).toContain("payments");
    expect(names(seen.organization)).not.toContain("another");
  });

  it("is about the disguised account meanwhile, also if it was asked for before", () => {
    const seen = observed(organization);
    const names = namesIn();
    expect(names(seen.organization)).toContain("payments");
    expect(seen.disguised(AS, () => names(seen.organization))).not.toContain("payments");
  });
});
