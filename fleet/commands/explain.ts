import type { Command } from "commander";
import { explain, type EffectiveSetting, type Explanation } from "../../accounts/explain";
import { loadMap, mapFile } from "../../accounts/reading/load";
import { parse } from "../../accounts/reading/parse";
import type { Organization } from "../../accounts/model/organization";
import { jsonText } from "../../pages/visible";
import { UserError } from "../../processes/user-error";
import { checkMap } from "../../stacks/read-organization";
import { destinationsOf } from "../../stacks/policies/destinations";
import { stacksOf } from "../../stacks/stack-graph";
import { newCommand, type Context } from "../command";
import { PROJECT } from "../options";
import { refuseUnknown } from "../selection";
import { stateKey } from "../states";
import { table } from "../table";

const EXAMPLES = `
Examples:
  Every setting of an account, and what its regions have in another way:
    npx session-audit explain payments
  Every setting of one target, and where its sessions are recorded:
    npx session-audit explain payments eu-central-1
  Only what the map sets, without the defaults:
    npx session-audit explain payments eu-central-1 --set
  The retention of logs, for a program:
    npx session-audit explain payments eu-central-1 --json | jq '.settings[] | select(.setting == "logs.retentionDays")'

Exit codes:
  0   the settings were printed
  1   the map is wrong, or it has no such account or region`;

interface ExplainOptions {
  readonly set?: boolean;
  readonly json?: boolean;
}

/** `session-audit explain`: every setting that is in force, and where the map sets it. */
export const explainCommand = (context: Context): Command =>
  newCommand("explain", context)
    .description(
      "Prints every setting that is in force in an account or in one of its regions, and the place in the map that " +
        "sets it. Where an archive owns the bucket, the settings of the bucket are the archive's.",
    )
    .argument("<account>", "name of an account of the map")
    .argument("[region]", "a region of the account. Without it: the account, and how its regions differ")
    .option("--set", "leave out settings that have their default")
    .option("--json", "print JSON: account, accountId, region, settings (setting, value, saidAt, unless)")
    .addHelpText("after", EXAMPLES)
    .action((account: string, region: string | undefined, options: ExplainOptions) => {
      const { io } = context;
      const file = mapFile(io.env, PROJECT, io.cwd);
      const raw = loadMap(file);
      const organization = checkMap(raw, file);
      refuseUnknown(
        "account",
        [account],
        organization.accounts.map(({ name }) => name),
      );
      // The check above throws if the map has problems.
      const explanation = explain(parse(raw).map!, account);
      if (region !== undefined) refuseUnknownRegion(region, explanation);
      const print = options.json ? asJson : asText;
      io.stdout.write(print(organization, explanation, region, options));
    });

function refuseUnknownRegion(region: string, { account, regions }: Explanation): void {
  const known = regions.map((one) => one.region);
  if (known.length > 0) return refuseUnknown("region", [region], known);
  throw new UserError({
    what: `region ${JSON.stringify(region)}: the account has no regions in which sessions are recorded, and no settings for other regions.`,
    remedy: `Leave it out: session-audit explain ${account.name}`,
  });
}

const shownOf = (settings: readonly EffectiveSetting[], { set }: ExplainOptions) =>
  settings.filter(({ saidAt }) => !set || saidAt !== null);

function settingsIn({ settings, regions }: Explanation, region: string | undefined) {
  return region === undefined ? settings : regions.find((one) => one.region === region)!.settings;
}

function asJson(
  _: Organization,
  explanation: Explanation,
  region: string | undefined,
  options: ExplainOptions,
): string {
  const { name, id } = explanation.account;
  const regions = explanation.regions.map((one) => ({
    region: one.region,
    settings: shownOf(one.settings, options),
  }));
  const shown = {
    account: name,
    accountId: id,
    region: region ?? null,
    settings: shownOf(settingsIn(explanation, region), options),
    ...(region === undefined && { regions }),
  };
  return jsonText(shown);
}

function asText(
  organization: Organization,
  explanation: Explanation,
  region: string | undefined,
  options: ExplainOptions,
): string {
  const { account } = explanation;
  const shown = shownOf(settingsIn(explanation, region), options);
  const others = region === undefined ? differencesOf(explanation, options) : [];
  return [
    `${account.name} (${account.id})${region === undefined ? "" : `, ${region}`}`,
    "",
    ...table(factsOf(organization, explanation, region)).map((line) => `  ${line}`),
    "",
    ...rowsOf(shown),
    ...others.flatMap((one) => ["", `In ${one.region}, other than above`, "", ...rowsOf(one.settings)]),
    "",
  ].join("\n");
}

const rowsOf = (settings: readonly EffectiveSetting[]): string[] =>
  settings.length === 0
    ? ["Every setting has its default."]
    : table([
        ["SETTING", "VALUE", "SET AT"],
        ...settings.map(({ setting, value, saidAt, unless }) => [
          setting,
          JSON.stringify(value),
          `${saidAt ?? "default"}${unless === undefined ? "" : `; no effect unless ${unless}`}`,
        ]),
      ]);

/** The regions whose settings have another value or another origin than the account's, with these settings. */
function differencesOf({ settings, regions }: Explanation, options: ExplainOptions): Explanation["regions"] {
  const textOf = (one: EffectiveSetting) => JSON.stringify(one);
  const known = new Set(settings.map(textOf));
  return regions
    .map(({ region, settings: own }) => ({
      region,
      settings: shownOf(own, options).filter((one) => !known.has(textOf(one))),
    }))
    .filter((one) => one.settings.length > 0);
}

/** What follows from the settings: the wave, the stacks with their states, and where sessions are recorded. */
function factsOf(
  organization: Organization,
  { account }: Explanation,
  region: string | undefined,
): [string, string][] {
  const stacks = stacksOf(organization).filter(
    (stack) =>
      stack.account === account.name &&
      (region === undefined || [region, account.homeRegion].includes(stack.region)),
  );
  const targets = organization.targets.filter(
    (target) => target.account.id === account.id && (region === undefined || target.region === region),
  );
  return [
    ["wave", account.wave],
    ["home region", account.homeRegion],
    ...stacks.map(({ id }): [string, string] => [
      "stack",
      `${id}, state ${stateKey(organization.state, id)}`,
    ]),
    ...targets.flatMap((target): [string, string][] => {
      const { transcripts, logGroup } = destinationsOf(organization, target);
      const bucket = transcripts === null ? "none" : `s3://${transcripts.bucket}/${transcripts.prefix}/`;
      return [
        ["transcripts", bucket],
        ["log group", logGroup === null ? "none" : `${logGroup} in ${target.region}`],
      ];
    }),
  ];
}
