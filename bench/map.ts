import exampleMap from "../__tests__/fixtures/example-map";
import type { AccountsMap } from "../accounts/schema";
import { checkMap } from "../stacks/read-organization";

/**
 * Measures the check of maps with many accounts: right ones, and ones with a mistake in one account or in each.
 *
 * The lines `figure <name> <value> <unit>` are for programs. Seconds are of processor time; the other values are ratios of
 * two measurements of the same run, because seconds differ too much between machines.
 * @example npx tsx bench/map.ts | grep ^figure
 */

type MapAccount = AccountsMap["accounts"][string];

/** A map of accounts in two regions each, with what an account says besides. */
const mapOf = (
  accounts: number,
  changes: (index: number) => object = () => ({}),
  rest = {},
): AccountsMap => ({
  ...exampleMap,
  ...rest,
  accounts: {
    "log-archive": exampleMap.accounts["log-archive"]!,
    ...Object.fromEntries(
      Array.from({ length: accounts }, (_, index): [string, MapAccount] => [
        `account-${index}`,
        {
          id: String(200_000_000_000 + index),
          homeRegion: "eu-central-1",
          regions: ["eu-central-1", "us-east-1"],
          wave: "rest",
          ...changes(index),
        },
      ]),
    ),
  },
});

/** Seconds of processor time for the check of a map, and the number of its problems. */
function measure(map: AccountsMap): { readonly seconds: number; readonly problems: number } {
  const before = process.cpuUsage();
  let problems = 0;
  try {
    checkMap(map, "bench");
  } catch (error) {
    problems = (error as { problems?: readonly unknown[] }).problems?.length ?? NaN;
  }
  const { user, system } = process.cpuUsage(before);
  return { seconds: (user + system) / 1e6, problems };
}

const figure = (name: string, value: number, unit: string) =>
  process.stdout.write(`figure ${name} ${value.toFixed(2)} ${unit}\n`);

const MANY = 10_000;
measure(mapOf(100));
const few = measure(mapOf(MANY / 10)).seconds;
const right = measure(mapOf(MANY)).seconds;
figure("map-check-of-10000-accounts", right, "seconds");
figure("map-check-per-account-against-1000-accounts", right / 10 / few, "times");

const MISTAKES: Readonly<Record<string, AccountsMap>> = {
  "own-settings": mapOf(MANY, (index) => ({ logs: { retentionDays: index % 2 ? 365 : 731 } })),
  "an-unknown-region": mapOf(MANY, (index) => (index === MANY / 2 ? { regions: ["eu-central-9"] } : {})),
  "unknown-regions": mapOf(MANY, () => ({ regions: ["eu-central-9"] })),
  "unknown-waves": mapOf(MANY, () => ({ wave: "none" })),
  "repeated-ids": mapOf(MANY, (index) => (index % 2 ? { id: "200000000000" } : {})),
  "a-long-name": mapOf(MANY, undefined, { organization: { name: "a".repeat(20) } }),
  "settings-without-effect": mapOf(MANY, () => ({ transcripts: { bucket: "none", expireAfterDays: 3_650 } })),
};
for (const [name, map] of Object.entries(MISTAKES)) {
  const { seconds, problems } = measure(map);
  process.stdout.write(`${name}: ${problems} problems, ${seconds.toFixed(2)} s\n`);
  figure(`map-check-${name}-against-a-right-map`, seconds / right, "times");
}
