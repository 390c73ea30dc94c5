import { destinationKind, type DestinationKind } from "../model/log-destination";
import { valueAt } from "../model/merge";
import type { Account, Organization, Target } from "../model/merged";
import type { Path } from "../reading/problems";
import type { ParsedMap } from "../schema";
import { DEFAULTS, type MergedSettings } from "../model/settings";

/** A target, an archive in a region, or a trail. */
type User = Pick<Target, "settings" | "usesArchive">;

/** Settings that have an effect only while another one has a certain value. */
interface Dependent {
  readonly settings: readonly string[];
  readonly dependsOn: string;
  /** What it is for, unless for all. */
  readonly concerns?: (user: User) => boolean;
  readonly works: (settings: MergedSettings) => boolean;
  readonly unless: string;
}

const DEPENDENTS: readonly Dependent[] = [
  {
    settings: [
      "transcripts.readers",
      "transcripts.objectLock",
      "transcripts.lifecycle",
      "transcripts.accessLogs",
      "transcripts.accessLogsExpireAfterDays",
      "transcripts.replication",
    ],
    dependsOn: "transcripts.bucket",
    works: ({ transcripts }) => transcripts.bucket === "create",
    unless: 'transcripts.bucket is "create"',
  },
  {
    settings: ["transcripts.accessLogsExpireAfterDays"],
    dependsOn: "transcripts.accessLogs",
    // What a member says of the archive's bucket is another fault.
    concerns: ({ usesArchive }) => !usesArchive,
    // Without a bucket it's the bucket's absence that is reported.
    works: ({ transcripts }) => transcripts.bucket !== "create" || transcripts.accessLogs === "create",
    unless: 'transcripts.accessLogs is "create"',
  },
  {
    settings: ["logs.retentionDays", "logs.class"],
    dependsOn: "logs.group",
    works: ({ logs }) => logs.group === "create",
    unless: 'logs.group is "create"',
  },
  {
    settings: ["logs.subscription", "logs.masking"],
    dependsOn: "logs.group",
    works: ({ logs }) => logs.group !== "none",
    unless: 'logs.group is "create" or an existing log group',
  },
  {
    settings: ["filterPattern", "distribution", "admittedBy"].map(
      (setting) => `logs.subscription.${setting}`,
    ),
    dependsOn: "logs.subscription.destinationArn",
    // Without a log group it's the group's absence that is reported.
    works: ({ logs }) => logs.group === "none" || logs.subscription.destinationArn !== null,
    unless: "logs.subscription.destinationArn says where to",
  },
  {
    settings: ["logs.subscription.distribution"],
    dependsOn: "logs.subscription.destinationArn",
    works: ({ logs }) => !sendsTo(logs, ["deliverystream", "function"]),
    unless: "logs.subscription.destinationArn is a destination or a Kinesis stream",
  },
  {
    settings: ["logs.subscription.admittedBy"],
    dependsOn: "logs.subscription.destinationArn",
    works: ({ logs }) => !sendsTo(logs, ["stream", "deliverystream", "function"]),
    unless: "logs.subscription.destinationArn is a destination",
  },
  {
    settings: ["identifiers", "custom", "findingsLogGroup"].map((setting) => `logs.masking.${setting}`),
    dependsOn: "logs.masking.enabled",
    works: ({ logs }) => logs.group === "none" || logs.masking.enabled,
    unless: "logs.masking.enabled is true",
  },
  {
    settings: ["access.unmaskRoles"],
    dependsOn: "logs.masking.enabled",
    works: ({ logs }) => logs.group !== "none" && logs.masking.enabled,
    unless: "logs.masking.enabled is true",
  },
  {
    settings: ["encryption.deletionWindowDays", "encryption.rotationPeriodDays"],
    dependsOn: "encryption.mode",
    works: ({ encryption }) => encryption.mode === "customer-managed",
    unless: 'encryption.mode is "customer-managed"',
  },
  {
    settings: [
      ...["terminate", "allowedDocuments", "checkTranscriptsEveryMinutes", "gracePeriodMinutes"],
      "reservedConcurrency",
    ].map((setting) => `guard.${setting}`),
    dependsOn: "guard.enabled",
    works: ({ guard }) => guard.enabled,
    unless: "guard.enabled is true",
  },
  {
    settings: ["guard.allowedDocuments"],
    dependsOn: "guard.terminate",
    // A guard that is off is another fault.
    concerns: ({ settings: { guard } }) => guard.enabled,
    works: ({ guard }) => guard.terminate,
    unless: "guard.terminate is true",
  },
  {
    settings: ["guard.gracePeriodMinutes"],
    dependsOn: "guard.checkTranscriptsEveryMinutes",
    concerns: ({ settings: { guard } }) => guard.enabled,
    works: ({ guard }) => guard.checkTranscriptsEveryMinutes !== null,
    unless: "guard.checkTranscriptsEveryMinutes is a number",
  },
  ...(["activity", "security"] as const).map((channel): Dependent => ({
    settings: [`notifications.${channel}.chat`],
    dependsOn: `notifications.${channel}.enabled`,
    works: ({ notifications }) => notifications[channel].enabled,
    unless: `notifications.${channel}.enabled is true`,
  })),
  ...(["activity", "security"] as const).map((channel): Dependent => ({
    settings: [`notifications.${channel}.subscribers`],
    dependsOn: `notifications.${channel}.topic`,
    works: ({ notifications }) => notifications[channel].topic === "create",
    unless: `notifications.${channel}.topic is "create": whoever owns an existing topic subscribes to it`,
  })),
  {
    settings: [
      ...["schedule", "applyOnlyAtCronInterval", "targets", "maxConcurrency", "maxErrors"],
      "complianceSeverity",
    ].map((setting) => `prerequisites.${setting}`),
    dependsOn: "prerequisites.maintain",
    works: ({ prerequisites }) => prerequisites.maintain.length > 0,
    unless: "prerequisites.maintain names something",
  },
];

function sendsTo({ subscription }: MergedSettings["logs"], kinds: readonly DestinationKind[]): boolean {
  const { destinationArn } = subscription;
  return destinationArn !== null && kinds.includes(destinationKind(destinationArn));
}

/** What the bucket of a trail that is made follows, whatever becomes of transcripts. */
const OF_TRAIL = ["objectLock", "lifecycle", "accessLogsExpireAfterDays"].map(
  (setting) => `transcripts.${setting}`,
);

/** Whether an account's trail takes a setting, said for the account or for one of its regions. */
export const trailTakes = (account: Account, region: string | null, setting: string) =>
  account.settings.trail === "create" &&
  (region ?? account.homeRegion) === account.homeRegion &&
  OF_TRAIL.includes(setting);

/** A setting that is said in vain, and why. */
export interface Vain {
  readonly at: Path;
  readonly because: readonly Path[];
  readonly allowed: string;
  readonly remedy: string;
}

/** Whose settings count at a level of the map, and whether something there takes a setting besides. */
interface Level {
  readonly path: Path;
  readonly users: readonly User[];
  readonly taken: (setting: string) => boolean;
}

/** Settings that a level of the map says, and that have no effect in anything below it. */
export function vainSettings(map: ParsedMap, organization: Organization): Vain[] {
  const { accounts } = organization;
  const ofAccounts = accounts.flatMap((account) => levelsOf(organization, account));
  const whole: Level = {
    path: [],
    users: accounts.flatMap((account) => usersOf(organization, account)),
    taken: (setting) => accounts.some((account) => trailTakes(account, null, setting)),
  };
  return DEPENDENTS.flatMap((dependent) => {
    const deciding = dependent.dependsOn.split(".");
    // For the organization, only where it says itself what makes its own words void, or nobody says otherwise.
    const isSaid = valueAt(map, deciding) !== undefined || !dependent.works(DEFAULTS);
    const levels = isSaid ? [whole, ...ofAccounts] : ofAccounts;
    return levels
      .map((level) => ({ ...level, users: level.users.filter(dependent.concerns ?? (() => true)) }))
      .filter(({ users }) => users.length > 0 && !users.some(({ settings }) => dependent.works(settings)))
      .flatMap(({ path, taken }) =>
        dependent.settings
          .filter((setting) => !taken(setting))
          .map((setting) => [...path, ...setting.split(".")])
          .filter((at) => says(valueAt(map, at)))
          .map((at) => ({
            at,
            because: [
              [...path, ...deciding],
              [...path, "trail"],
              // An account that is set aside, or a region of it, might be one that uses the setting.
              [...(path.length > 0 ? path : ["accounts", "*"]), "regions"],
            ],
            allowed: `nothing unless ${dependent.unless}: it would have no effect here`,
            remedy: `remove it, or change ${dependent.dependsOn}`,
          })),
      );
  });
}

/** An empty list or section says nothing, nor does "none". */
const says = (value: unknown) =>
  typeof value === "object" && value !== null
    ? Object.keys(value).length > 0
    : value !== undefined && value !== null;

function levelsOf(organization: Organization, account: Account): Level[] {
  const regions = account.targets.map(({ region }): Level => ({
    path: ["accounts", account.name, "regions", region],
    users: usersOf(organization, account, region),
    taken: (setting) => trailTakes(account, region, setting),
  }));
  const whole: Level = {
    path: ["accounts", account.name],
    users: usersOf(organization, account),
    taken: (setting) => trailTakes(account, null, setting),
  };
  return [whole, ...regions];
}

/** The settings of all that is made of an account: its targets, its archives, and a trail without either. */
function usersOf({ archives }: Organization, account: Account, region?: string): User[] {
  const here = (other: { readonly region: string }) => region === undefined || other.region === region;
  const sites = archives.filter((site) => site.account.id === account.id);
  const atHome = account.targets.some((target) => target.region === account.homeRegion);
  const { settings } = account;
  return [
    ...account.targets.filter(here),
    ...sites.filter(here).map((site) => ({ settings: site.settings, usesArchive: false })),
    ...(settings.trail === "create" && !atHome && region === undefined
      ? [{ settings, usesArchive: false }]
      : []),
  ];
}
