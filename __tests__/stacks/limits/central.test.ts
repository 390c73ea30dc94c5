import type { Organization } from "../../../accounts/model/organization";
import { centralLimits } from "../../../stacks/limits/central";
import { exampleOrganization } from "../policies/helpers";

const example = exampleOrganization();
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
  expect(centralLimits(withAccounts(250))).toEqual([]);
});

it("more accounts than the policy of the central bus holds are reported once for each archive region", () => {
  expect(centralLimits(withAccounts(400))).toEqual(
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
  expect(centralLimits({ ...withAccounts(1000), id: example.id })).toEqual([]);
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
  expect(centralLimits({ ...example, archives })[0]).toMatchObject({
    path: "notifications.security.ignoredRoles",
    allowed: expect.stringContaining("the pattern of the rule for the central channel") as string,
  });
});

it("a name of an organization that makes the name of a forwarding role too long is reported", () => {
  const [problem] = centralLimits({ ...example, name: "a".repeat(40) });
  expect(problem).toMatchObject({
    path: "organization.name",
    allowed: expect.stringMatching(
      /the role "session-audit-a+-[\w-]+-central" of the central channel/,
    ) as string,
  });
});
