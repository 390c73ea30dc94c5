import type { Organization } from "../../../accounts/model/organization";
import { alike } from "../../../stacks/limits/alike";
import { centralLimits } from "../../../stacks/limits/central";
import { exampleOrganization } from "../policies/helpers";

const example = exampleOrganization();
const limitsOf = (organization: Organization) => centralLimits(organization, alike(organization));
/** The example organization with more accounts, and without an id by which a policy could admit them. */
const withAccounts = (count: number): Organization => ({
  ...example,
  id: null,
  accounts: Array.from({ length: count }, (_, index) => ({
    ...example.accounts[0]!,
    id: String(400_000_000_000 + index),
  })),
});

it("the policy of the central bus holds 250 accounts one by one", () => {
  expect(limitsOf(withAccounts(250))).toEqual([]);
});

it("more accounts than the policy of the central bus holds are reported once for each archive region", () => {
  expect(limitsOf(withAccounts(400))).toEqual(
    Array(example.archives.length).fill(
      expect.objectContaining({
        path: "organization.id",
        found: undefined,
        allowed: expect.stringMatching(
          /^what fits into the policy of the central bus: it would have \d+ characters, and AWS accepts 10240$/,
        ) as string,
      }),
    ),
  );
});

it("any number of accounts fits if they are admitted by their organization", () => {
  expect(limitsOf({ ...withAccounts(1000), id: example.id })).toEqual([]);
});

it("ignored roles that make the pattern for the central channel too long are reported", () => {
  const ignoredRoles = Array.from(
    { length: 5 },
    (_, index) => `arn:aws:iam::1:role/${"p".repeat(400)}${index}`,
  );
  const archives = example.archives.map((site) => ({
    ...site,
    settings: {
      ...site.settings,
      notifications: {
        ...site.settings.notifications,
        security: { ...site.settings.notifications.security, ignoredRoles },
      },
    },
  }));
  expect(limitsOf({ ...example, archives })[0]).toMatchObject({
    path: "notifications.security.ignoredRoles",
    allowed: expect.stringContaining("the pattern of the rule for the central channel") as string,
  });
});

it("a name of an organization that makes the name of a forwarding role too long is reported", () => {
  const [problem] = limitsOf({ ...example, name: "a".repeat(40) });
  expect(problem).toMatchObject({
    path: "organization.name",
    allowed: expect.stringMatching(
      /the role "session-audit-a+-[\w-]+-central" of the central channel/,
    ) as string,
  });
});

it("a name of an organization that makes the name of the role for an account's events too long is reported", () => {
  const name = "a".repeat(25);
  const found = limitsOf({ ...example, name }).map(({ allowed }) => allowed);
  expect(found).toEqual(
    expect.arrayContaining([
      expect.stringMatching(
        /the role "session-audit-a+-us-east-1-account-central" of the central channel would have 65/,
      ),
    ]),
  );
  expect(limitsOf({ ...example, name: "a".repeat(20) })).toEqual([]);
});

describe("the channels of notifications.central", () => {
  const one = exampleOrganization({
    notifications: { central: { account: "log-archive", region: "eu-central-1" } },
  });
  const allowedIn = (organization: Organization) => limitsOf(organization).map(({ allowed }) => allowed);

  it("fit as the map has them", () => {
    expect(one.central).not.toBeNull();
    expect(limitsOf(one)).toEqual([]);
  });

  it("have no name of a forwarding role that IAM refuses", () => {
    // "session-audit-", the name, "-eu-central-1-activity-central": 64 characters.
    const longest = "a".repeat(64 - "session-audit--eu-central-1-activity-central".length);
    expect(limitsOf({ ...one, name: longest })).toEqual([]);
    // One name for each target, of which the map's check reports one.
    expect(allowedIn({ ...one, name: `${longest}a` })).toContainEqual(
      expect.stringMatching(/-eu-central-1-activity-central" of the central channel would have 65/),
    );
  });

  it("admit any number of accounts by the organization, and report too many that are admitted one by one", () => {
    const accounts = Array.from({ length: 400 }, (_, index) => ({
      ...one.accounts[0]!,
      id: String(400_000_000_000 + index),
    }));
    expect(limitsOf({ ...one, accounts: [...one.accounts, ...accounts] })).toEqual([]);
    const found = limitsOf({ ...one, id: null, accounts: [...one.accounts, ...accounts] });
    // The bus of sessions and the bus of findings.
    expect(found).toMatchObject(
      Array(2).fill({
        path: "organization.id",
        allowed: expect.stringContaining("the central bus") as string,
      }),
    );
  });

  it("have no pattern that EventBridge refuses", () => {
    const ignoredRoles = Array.from(
      { length: 20 },
      (_, index) => `arn:aws:iam::111111111111:role/${"r".repeat(60)}${index}`,
    );
    const { security } = one.central!.settings.notifications;
    const settings = {
      ...one.central!.settings,
      notifications: { ...one.central!.settings.notifications, security: { ...security, ignoredRoles } },
    };
    expect(allowedIn({ ...one, central: { ...one.central!, settings } })).toEqual([
      expect.stringContaining("the pattern of the rule for the central channel"),
    ]);
  });
});
