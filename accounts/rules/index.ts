import { arnParts } from "../../aws/arn";
import { archiveProblems } from "./archive";
import { chatProblems } from "./chat";
import { guardrailProblems } from "./guardrails";
import { valueAt } from "../model/merge";
import type { Account, ArchiveSite, Organization, Target } from "../model/merged";
import { networkProblems } from "./network";
import { levelOf, problem } from "./conflict";
import { didYouMean, once, renderPath, type Conflict, type Path } from "../reading/problems";
import { partitionOf } from "../../aws/regions";
import { replicaOwners, replicationProblems } from "./replication";
import type { ParsedMap } from "../schema";
import type { SettingFault, SettingRule } from "./setting-fault";
import { ARCHIVE_RULES, RECORD_RULES, REPLICA_RULES, SETTING_RULES } from "./settings";
import { vainSettings } from "./without-effect";
import { ACCOUNT_RULES } from "./access";

/** Everything that the values of a well-shaped map say wrong about each other. */
export function ruleProblems(map: ParsedMap, organization: Organization): Conflict[] {
  const found = [
    ...waveProblems(map),
    ...accountProblems(map, organization),
    ...regionProblems(map),
    ...archiveProblems(map, organization),
    ...replicationProblems(map, organization),
    ...deploymentProblems(map, organization),
    ...settingProblems(map, organization),
    ...networkProblems(map, organization),
    ...accessProblems(map, organization),
    ...chatProblems(map, organization),
    ...vainSettings(map, organization).map(({ at, because, allowed, remedy }) =>
      problem(map, at, allowed, remedy, because),
    ),
    ...trailProblems(map, organization),
    ...guardrailProblems(map, organization),
  ];
  // A fault in the organization's settings shows in each of a thousand targets: it is reported once.
  return once(found, ({ path, allowed }) => `${path}\n${allowed}`);
}

function waveProblems(map: ParsedMap): Conflict[] {
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
    return [problem(map, ["accounts", name, "wave"], allowed, remedy, [["waves"]])];
  });
  return [...twice, ...unknown];
}

function accountProblems(map: ParsedMap, organization: Organization): Conflict[] {
  const { accounts, targets } = organization;
  if (targets.length === 0)
    return [
      problem(map, ["accounts"], "at least one account with a region", "describe an account and its regions"),
    ];
  const archive = map.archive?.account;
  // While the archive account is misnamed, any account without regions may be the one that was meant.
  const archiveIsKnown = archive === undefined || Object.hasOwn(map.accounts, archive);
  const owners = replicaOwners(organization);
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
      account.targets.length === 0 &&
      account.name !== archive &&
      archiveIsKnown &&
      owners?.has(account.name) === false
        ? [
            problem(
              map,
              ["accounts", account.name, "regions"],
              "at least one region (none only for the archive account, and for one that owns replicas)",
              "list the regions in use",
              [["archive"], ["transcripts", "replication"], ["accounts", "*", "transcripts", "replication"]],
            ),
          ]
        : [];
    return [...repeated, ...idle];
  });
}

function regionProblems(map: ParsedMap): Conflict[] {
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
          // Which account is the first depends on all of them.
          [["accounts", "*", "homeRegion"]],
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
              [[...path, "regions"]],
            ),
          ]
        : [];
    return [...twice, ...foreign, ...homeless];
  });
}

function deploymentProblems(map: ParsedMap, { accounts }: Organization): Conflict[] {
  const { deployment } = map;
  if (deployment.mode !== "assume-role" || !deployment.role.startsWith("arn:")) return [];
  const owner = arnParts(deployment.role).accountId;
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

function settingProblems(map: ParsedMap, organization: Organization): Conflict[] {
  const { accounts, targets, archives, replicas } = organization;
  // What is said of an account in another partition than the rest makes no sense; that itself is reported.
  const here = ({ account }: Target | ArchiveSite) => account.partition === accounts[0]?.partition;
  const sites = archives.map((site): Target => ({ ...site, wave: "", usesArchive: true }));
  const copies = replicas.map(({ account, region, settings }): Target => ({
    account,
    region,
    settings,
    wave: "",
    usesArchive: true,
  }));
  // A trail where the account has no target: the account's own settings are those of its bucket and key.
  const trails = accounts
    .filter(({ settings, targets }) => settings.trail === "create" && targets.length === 0)
    .map((account): Target => {
      const { homeRegion: region, settings, wave } = account;
      return { account, region, settings, wave, usesArchive: false };
    });
  return [
    ...SETTING_RULES.flatMap((rule) => broken(map, rule, targets.filter(here))),
    ...ARCHIVE_RULES.flatMap((rule) => broken(map, rule, sites.filter(here))),
    ...RECORD_RULES.flatMap((rule) => broken(map, rule, trails.filter(here))),
    ...REPLICA_RULES.flatMap((rule) => broken(map, rule, copies.filter(here))),
  ];
}

/** One problem for each place in the map, in however many targets it shows. */
function broken(map: ParsedMap, rule: SettingRule, targets: readonly Target[]): Conflict[] {
  const found = targets.flatMap((target) =>
    [rule(target) || []]
      .flat()
      .map((fault) => conflict(map, target.account.name, target.region, target.settings, fault)),
  );
  return once(found, ({ path }) => path);
}

function conflict(
  map: ParsedMap,
  account: string,
  region: string | null,
  settings: object,
  { at, because, allowed, remedy }: SettingFault,
): Conflict {
  const level = levelOf(map, account, region, [at, ...because]);
  const others = because.map((setting) => [...level, ...setting]);
  return problem(map, [...level, ...at], allowed, remedy, others, valueAt(settings, at));
}

function accessProblems(map: ParsedMap, organization: Organization): Conflict[] {
  const { accounts } = organization;
  const owners = replicaOwners(organization);
  const broken = accounts
    .filter(({ partition }) => partition === accounts[0]?.partition)
    .flatMap((account) =>
      ACCOUNT_RULES.flatMap((rule) => rule(account)).map((fault) =>
        conflict(map, account.name, null, account.settings, fault),
      ),
    );
  const idle = accounts.filter(
    ({ name, targets }) => targets.length === 0 && (name === map.archive?.account || owners?.has(name)),
  );
  return [...once(broken, ({ path }) => path), ...idle.flatMap((account) => accessInVain(map, account))];
}

/** IAM of sessions that an account without regions asks for itself. */
function accessInVain(map: ParsedMap, { name }: Account): Conflict[] {
  const access = map.accounts[name]?.access ?? {};
  const nothing = {
    attachToRoles: "[]",
    defaultHostManagementRole: "null",
    instanceProfile: "false",
    operatorPolicy: "false",
  };
  return (Object.keys(nothing) as (keyof typeof nothing)[])
    .filter((setting) => {
      const value = access[setting];
      return Array.isArray(value) ? value.length > 0 : Boolean(value);
    })
    .map((setting) =>
      problem(
        map,
        ["accounts", name, "access", setting],
        `${nothing[setting]}, or nothing: an account without regions has no sessions`,
        "remove it, or list the regions in use",
        [["accounts", name, "regions"]],
      ),
    );
}

function trailProblems(map: ParsedMap, { accounts, archives, replicas }: Organization): Conflict[] {
  const channels = ["activity", "security"] as const;
  const on = ({ notifications }: Target["settings"], channel: (typeof channels)[number]) =>
    notifications[channel].enabled;
  const notified = (account: Account) =>
    account.targets.some(({ settings }) => channels.some((channel) => on(settings, channel))) ||
    [...archives, ...replicas].some(
      (site) => site.account.id === account.id && on(site.settings, "security"),
    );
  return accounts
    .filter((account) => account.settings.trail === "none" && notified(account))
    .map((account) =>
      conflict(map, account.name, null, account.settings, {
        at: ["trail"],
        because: channels.map((channel) => ["notifications", channel, "enabled"]),
        allowed:
          '"existing" or "create" while notifications are on: EventBridge hears of sessions only through a trail',
        remedy:
          'say trail: "existing" if an organization or account trail records management events here, "create" if none does, or set enabled: false for notifications.activity and notifications.security',
      }),
    );
}
