import { POLICY_LIMITS } from "../../../aws/quotas";
import { ALL_REGIONS, partitionOf } from "../../../aws/regions";
import { checkMap } from "../../../stacks/read-organization";
import { subscriptionsWithRole, subscriptionTrust } from "../../../stacks/policies/log-subscription";
import {
  NO_BUCKET,
  OWN_BUCKETS,
  longReaders,
  manyAccounts,
  mapWith,
  type Changes,
} from "../../accounts/rules/good-map";
import { problemsOf } from "../../accounts/rules/problems-of";
import { accepts, refusesAlone } from "../../accounts/rules/refusals";

const COMMERCIAL = ALL_REGIONS.filter((region) => partitionOf(region) === "aws");

refusesAlone("beyond AWS's limits", [
  [
    "a bucket whose name is too long for its region",
    { "organization.name": "a".repeat(15), "accounts.sandbox.regions": ["eu-central-1", "ap-southeast-1"] },
    "organization.name",
    "at most 14 characters here",
    "shorten the organization's name",
  ],
  [
    "a bucket of recordings whose name is too long, although transcripts go to an archive",
    {
      "organization.name": "a".repeat(11),
      "accounts.sandbox.regions": ["eu-central-1", "ap-southeast-1"],
      "remoteDesktop.recordings": "create",
    },
    "organization.name",
    "at most 10 characters here",
    "shorten the organization's name",
  ],
  [
    "more readers than the archive's policy holds",
    { "transcripts.readers": longReaders },
    "transcripts.readers",
    "the archive bucket's policy: it would have",
    "fewer readers",
  ],
  [
    "more readers than the buckets of all accounts hold, once",
    { ...OWN_BUCKETS, "transcripts.readers": longReaders },
    "transcripts.readers",
    "the bucket's policy: it would have",
    "fewer readers",
  ],
  [
    "more readers than one account's buckets hold",
    { ...OWN_BUCKETS, "accounts.payments.transcripts.readers": longReaders },
    "accounts.payments.transcripts.readers",
    "AWS accepts 20480",
    "a pattern with *",
  ],
  [
    "more readers than one region's bucket holds",
    { ...OWN_BUCKETS, "accounts.payments.regions.us-east-1": { transcripts: { readers: longReaders } } },
    'accounts.payments.regions["us-east-1"].transcripts.readers',
    "AWS accepts 20480",
    "fewer readers",
  ],
  [
    "more reporters than the trust policy of a role holds",
    { "access.reporters": longReaders.slice(0, 30) },
    "access.reporters",
    "the trust policy of the report role: it would have",
    "a pattern with *",
  ],
  [
    "more accounts with buckets that name a reader than that reader's policy holds one by one",
    {
      ...OWN_BUCKETS,
      ...manyAccounts,
      "organization.id": undefined,
      "transcripts.organizationReaders": ["arn:aws:iam::400000000007:role/incident-response"],
    },
    "organization.id",
    "the reviewer policy: it would have",
    "set organization.id",
  ],
  [
    "more accounts than the archive's policy holds one by one",
    { ...manyAccounts, "organization.id": undefined },
    "organization.id",
    "the archive bucket's policy: it would have",
    "set organization.id",
  ],
]);

describe("session logs that are forwarded from every region", () => {
  const from = (name: string, change: Changes = {}) =>
    mapWith({
      ...OWN_BUCKETS,
      ...NO_BUCKET,
      "accounts.sandbox.regions": COMMERCIAL,
      "logs.subscription.destinationArn": `arn:aws:logs:{region}:999999999999:destination:${name}`,
      ...change,
    });

  it("are accepted: the trust policy of the role that forwards them names no region twice", () => {
    expect(problemsOf(from("siem"))).toEqual([]);
    const organization = checkMap(from("siem"), "map");
    const sandbox = organization.accounts.find(({ name }) => name === "sandbox")!;
    const trust = subscriptionTrust(subscriptionsWithRole(organization, sandbox));
    expect(JSON.stringify(trust).length).toBeLessThan(POLICY_LIMITS.trust);
  });

  it("are refused if the names of the destinations are too long for the policy of that role", () => {
    const long = from("x".repeat(300));
    expect(problemsOf(long)).toEqual([
      expect.objectContaining({
        path: "accounts.sandbox.regions",
        allowed: expect.stringContaining("the policy of the role that forwards session logs") as string,
      }),
    ]);
    expect(problemsOf(from("x".repeat(300), { "logs.subscription.admittedBy": "account" }))).toEqual([]);
  });
});

it("reports the organization's id as missing", () => {
  const [problem] = problemsOf(mapWith({ ...manyAccounts, "organization.id": undefined }));
  expect(problem).toMatchObject({ path: "organization.id", found: undefined });
});

describe("a good map", () => {
  const inRegions = (count: number) =>
    mapWith({ "accounts.sandbox.regions": [...new Set(["eu-central-1", ...COMMERCIAL])].slice(0, count) });

  it("passes with an account in the 17 regions that AWS enables by default", () => {
    expect(problemsOf(inRegions(17))).toEqual([]);
  });

  it("is refused if an account has more regions than its policies have room for", () => {
    expect(problemsOf(inRegions(COMMERCIAL.length))).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          path: "accounts.sandbox.regions",
          allowed: expect.stringContaining("the instance policy: it would have") as string,
        }),
      ]),
    );
  });

  it("is not refused for policies that it does not create", () => {
    const map = mapWith({ "access.reviewerPolicy": false, "accounts.sandbox.regions": COMMERCIAL });
    expect(problemsOf(map).map(({ path }) => path)).toEqual(["accounts.sandbox.regions"]);
  });
});

accepts([
  [
    "with a name of 14 characters in the region with the longest name",
    {
      "organization.name": "a".repeat(14),
      "accounts.sandbox.regions": ["eu-central-1", "ap-southeast-1"],
    },
  ],
  ["with 600 accounts and the organization's id", manyAccounts],
  [
    "with a role that reads the buckets of 600 accounts without an archive",
    {
      ...OWN_BUCKETS,
      ...manyAccounts,
      "transcripts.organizationReaders": ["arn:aws:iam::400000000007:role/incident-response"],
    },
  ],
]);
