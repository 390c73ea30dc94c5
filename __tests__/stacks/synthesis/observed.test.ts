import { recordingReads } from "../../../accounts/model/once-per";
import { accountBehind } from "../../../accounts/model/organization";
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
