import { valueAt } from "./merge";
import type { Account, ArchiveSite, Organization, Target } from "./organization";
import { didYouMean, once, renderPath, type Problem } from "./problems";
import { partitionOf } from "./regions";
import type { ParsedMap } from "./schema";
import { BUCKET_RULES, SETTING_RULES, type SettingPath, type SettingRule } from "./setting-rules";

type Path = readonly (string | number)[];

/** Everything that the values of a well-shaped map say wrong about each other. */
export function ruleProblems(map: ParsedMap, organization: Organization): Problem[] {
  const found = [
    ...waveProblems(map),
    ...accountProblems(map, organization),
    ...regionProblems(map),
    ...archiveProblems(map, organization),
    ...deploymentProblems(map, organization),
    ...settingProblems(map, organization),
    ...trailProblems(map, organization),
  ];
  // A fault in the organization's settings shows in each of a thousand targets: it is reported once.
  return once(found, ({ path, allowed }) => `${path}\n${allowed}`);
}

const problem = (
  map: ParsedMap,
  path: Path,
  allowed: string,
  remedy: string,
  found = valueAt(map, path),
): Problem => ({
  path: renderPath(path),
  found,
  allowed,
  remedy,
});

/**
 * Where a target's setting was said, or is at odds with others: at the innermost level that says any of
 * them, else for the organization.
 */
export function saidAt(
  map: ParsedMap,
  account: string,
  region: string | null,
  setting: SettingPath,
  because: readonly SettingPath[] = [],
): Path {
  const ofRegion = region === null ? [] : [["accounts", account, "regions", region]];
  const levels: Path[] = [...ofRegion, ["accounts", account]];
  const says = (level: Path) =>
    [setting, ...because].some((path) => valueAt(map, [...level, ...path]) !== undefined);
  return [...(levels.find(says) ?? []), ...setting];
}

function waveProblems(map: ParsedMap): Problem[] {
  const waves = map.waves ?? [];
  const twice = waves.flatMap((wave, index) =>
    waves.indexOf(wave) < index
      ? [problem(map, ["waves", index], "each wave once", "remove the repetition")]
      : [],
  );
  const unknown = Object.entries(map.accounts).flatMap(([name, { wave }]) => {
    if (wave === undefined || waves.includes(wave)) return [];
    const meant = didYouMean(wave, waves);
    const allowed = waves.length > 0 ? `one of ${waves.join(", ")}` : "nothing, since the map has no waves";
    const remedy = meant
      ? `did you mean ${JSON.stringify(meant)}?`
      : "add it to waves, or use a wave that is there";
    return [problem(map, ["accounts", name, "wave"], allowed, remedy)];
  });
  return [...twice, ...unknown];
}

function accountProblems(map: ParsedMap, organization: Organization): Problem[] {
  const { accounts, targets } = organization;
  if (targets.length === 0)
    return [
      problem(map, ["accounts"], "at least one account with a region", "describe an account and its regions"),
    ];
  const archive = map.archive?.account;
  // While the archive account is misnamed, any account without regions may be the one that was meant.
  const archiveIsKnown = archive === undefined || Object.hasOwn(map.accounts, archive);
  return accounts.flatMap((account, index) => {
    const first = accounts.findIndex((other) => other.id === account.id);
    const repeated =
      first < index
        ? [
            problem(
              map,
              ["accounts", account.name, "id"],
              `an id of its own; ${renderPath(["accounts", accounts[first]!.name])} has this one`,
              "give each account once, with all of its regions",
            ),
          ]
        : [];
    const idle =
      account.targets.length === 0 && account.name !== archive && archiveIsKnown
        ? [
            problem(
              map,
              ["accounts", account.name, "regions"],
              "at least one region (none only for the archive account)",
              "list the regions in use",
            ),
          ]
        : [];
    return [...repeated, ...idle];
  });
}

function regionProblems(map: ParsedMap): Problem[] {
  const home = Object.values(map.accounts)[0]?.homeRegion;
  const partition = home && partitionOf(home);
  return Object.entries(map.accounts).flatMap(([name, account]) => {
    const path = ["accounts", name];
    const listed: { region: string; at: Path }[] = Array.isArray(account.regions)
      ? account.regions.map((region, index) => ({ region, at: [...path, "regions", index] }))
      : Object.keys(account.regions).map((region) => ({ region, at: [...path, "regions", region] }));
    const twice = listed
      .filter(({ region }, index) => listed.findIndex((other) => other.region === region) < index)
      .map(({ at }) => problem(map, at, "each region once", "remove the repetition"));
    const strays = [{ region: account.homeRegion, at: [...path, "homeRegion"] }, ...listed].filter(
      ({ region }) => partitionOf(region) !== partition,
    );
    // An account that lives in another partition has its regions there as well: said once, at its home.
    const foreign = strays
      .filter(({ at }) => at.at(-1) === "homeRegion" || strays[0]?.at.at(-1) !== "homeRegion")
      .map(({ region, at }) =>
        problem(
          map,
          at,
          `a region of partition ${partition}, as the first account's home region`,
          "an organization lies in one partition; describe the other one in a map of its own",
          region,
        ),
      );
    const homeless =
      listed.length > 0 && !listed.some(({ region }) => region === account.homeRegion)
        ? [
            problem(
              map,
              [...path, "homeRegion"],
              `one of this account's regions: ${listed.map(({ region }) => region).join(", ")}`,
              "add the home region to regions, or choose one that is listed",
            ),
          ]
        : [];
    return [...twice, ...foreign, ...homeless];
  });
}

/** Settings of the central bucket that have no effect where a member account says them. */
const BUCKET_SETTINGS = [
  "prefix",
  "objectLock",
  "lifecycle",
  "accessLogs",
  "accessLogsExpireAfterDays",
  "readers",
];

function archiveProblems(map: ParsedMap, { accounts, archives }: Organization): Problem[] {
  const name = map.archive?.account;
  if (name === undefined || accounts.length === 0) return [];
  if (!Object.hasOwn(map.accounts, name)) {
    const meant = didYouMean(name, Object.keys(map.accounts));
    return [
      problem(
        map,
        ["archive", "account"],
        `the name of an account in this map: ${Object.keys(map.accounts).join(", ")}`,
        meant ? `did you mean ${JSON.stringify(meant)}?` : "describe the archive account under accounts",
      ),
    ];
  }
  const ownBucket = archives
    .filter(({ settings }) => settings.transcripts.bucket !== "create")
    .map(({ region }) =>
      problem(
        map,
        saidAt(map, name, region, ["transcripts", "bucket"]),
        '"create" for the archive account, which owns the central bucket',
        "leave the archive account's transcripts.bucket out, or leave archive out and name the bucket for each target",
      ),
    );
  const members = accounts.filter((account) => account.name !== name).flatMap((account) => account.targets);
  return [...ownBucket, ...members.filter((target) => target.usesArchive).flatMap(withoutEffect(map, name))];
}

const withoutEffect =
  (map: ParsedMap, archive: string) =>
  ({ account, region }: Target): Problem[] =>
    [
      ["accounts", account.name, "regions", region],
      ["accounts", account.name],
    ]
      .flatMap((level) => BUCKET_SETTINGS.map((setting): Path => [...level, "transcripts", setting]))
      .filter((path) => valueAt(map, path) !== undefined)
      .map((path) =>
        problem(
          map,
          path,
          `nothing: this account's transcripts lie in the bucket of the archive account ${archive}`,
          `say it for the organization, or in ${renderPath(["accounts", archive])}`,
        ),
      );

function deploymentProblems(map: ParsedMap, { accounts }: Organization): Problem[] {
  const { deployment } = map;
  if (deployment.mode !== "assume-role" || !deployment.role.startsWith("arn:")) return [];
  const owner = deployment.role.split(":")[4];
  const others = accounts.filter((account) => account.id !== owner).map((account) => account.name);
  if (others.length === 0) return [];
  return [
    problem(
      map,
      ["deployment", "role"],
      `a role name: an ARN reaches account ${owner} alone, and the map has also ${others.slice(0, 5).join(", ")}`,
      "give the role the same name in every account, and name it without ARN",
    ),
  ];
}

function settingProblems(map: ParsedMap, { accounts, targets, archives }: Organization): Problem[] {
  // What is said of an account in another partition than the rest makes no sense; that itself is reported.
  const here = ({ account }: Target | ArchiveSite) => account.partition === accounts[0]?.partition;
  const sites = archives.map((site): Target => ({ ...site, wave: "", usesArchive: true }));
  return [
    ...SETTING_RULES.flatMap((rule) => broken(map, rule, targets.filter(here))),
    ...BUCKET_RULES.flatMap((rule) => broken(map, rule, sites.filter(here))),
  ];
}

/** One problem for each place in the map, in however many targets it shows. */
function broken(map: ParsedMap, rule: SettingRule, targets: readonly Target[]): Problem[] {
  const found = targets.flatMap((target) =>
    [rule(target) || []].flat().map(({ at, because, allowed, remedy }) => {
      const said = saidAt(map, target.account.name, target.region, at, because);
      return problem(map, said, allowed, remedy, valueAt(target.settings, at));
    }),
  );
  return once(found, ({ path }) => path);
}

function trailProblems(map: ParsedMap, { accounts, archives }: Organization): Problem[] {
  const channels = ["activity", "security"] as const;
  const on = ({ notifications }: Target["settings"], channel: (typeof channels)[number]) =>
    notifications[channel].enabled;
  const notified = (account: Account) =>
    account.targets.some(({ settings }) => channels.some((channel) => on(settings, channel))) ||
    archives.some((site) => site.account.id === account.id && on(site.settings, "security"));
  return accounts
    .filter((account) => account.settings.trail === "none" && notified(account))
    .map((account) =>
      problem(
        map,
        saidAt(
          map,
          account.name,
          null,
          ["trail"],
          channels.map((channel) => ["notifications", channel, "enabled"]),
        ),
        '"existing" or "create" while notifications are on: EventBridge hears of sessions only through a trail',
        'say trail: "existing" if an organization or account trail records management events here, "create" if none does, or set enabled: false for notifications.activity and notifications.security',
        "none",
      ),
    );
}
