import exampleMap from "../../__tests__/fixtures/example-map";
import type { Organization } from "../../accounts/model/organization";
import type { AccountsMap } from "../../accounts/schema";
import { placesOf } from "../../fleet/report/places";

/** Regions of each account, so that 1,000 accounts have 2,000 targets. */
const REGIONS = ["eu-central-1", "us-east-1"];

const FIRST_ACCOUNT = 200000000000;

/** A map with as many targets, two for each account, whose records stay in the account. */
export const mapOfTargets = (targets: number): AccountsMap => ({
  ...exampleMap,
  organization: { name: "acme" },
  deployment: { mode: "assume-role", role: "session-audit-plan" },
  archive: undefined,
  waves: undefined,
  access: { attachToRoles: ["app-server"] },
  transcripts: { readers: ["arn:aws:iam::200000000000:role/session-reviewer"] },
  accounts: Object.fromEntries(
    Array.from({ length: Math.ceil(targets / REGIONS.length) }, (_, index) => [
      `account-${String(index).padStart(4, "0")}`,
      {
        id: String(FIRST_ACCOUNT + index),
        homeRegion: REGIONS[0]!,
        regions: REGIONS.slice(0, Math.min(REGIONS.length, targets - index * REGIONS.length)),
      },
    ]),
  ),
});

/** What the fake needs to know of a target. */
export interface FakeTarget {
  readonly accountId: string;
  readonly region: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly logGroup: string;
  /** Number of sessions of the targets before it. */
  readonly before: number;
  /** Number of its sessions. */
  readonly sessions: number;
}

/** The targets of an organization, with as many sessions in all, evenly spread. */
export const fakeTargets = (organization: Organization, sessions: number): readonly FakeTarget[] =>
  organization.targets.map((target, index, { length }) => {
    const { transcripts, logGroup } = placesOf(organization, target);
    const before = (count: number) => Math.floor((count * sessions) / length);
    return {
      accountId: target.account.id,
      region: target.region,
      logGroup: logGroup!.name,
      bucket: transcripts!.bucket,
      prefix: transcripts!.prefix,
      before: before(index),
      sessions: before(index + 1) - before(index),
    };
  });
