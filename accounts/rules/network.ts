import { arnParts } from "../../aws/arn";
import { createdServices, neededServices, type SessionTraffic, type Vpc } from "../model/endpoints";
import type { Organization, Target } from "../model/merged";
import { levelOf, listed, meantAccount, problem } from "./conflict";
import { once, type Conflict } from "../reading/problems";
import type { ParsedMap } from "../schema";
import { fault, type SettingFault, type SettingRule, repeated } from "./setting-fault";

const LISTS = [
  ["subnetIds", "subnet"],
  ["routeTableIds", "route table"],
  ["clientCidrs", "network"],
  ["except", "endpoint"],
  ["buckets", "bucket"],
  ["sharedWith", "account"],
] as const;

/** What the sessions of an account in a region send through a VPC. */
const trafficOf = ({ region, settings }: Target): SessionTraffic => ({
  region,
  logs: settings.logs.group !== "none",
  sessionKey: settings.preferences.encryptSessionData && settings.encryption.mode !== "s3-managed",
  transcripts: settings.transcripts.bucket !== "none",
});

/** A rule over each VPC of an account in a region. It gets the path of the VPC in the settings. */
const ofEach =
  (rule: (vpc: Vpc, path: string, target: Target) => readonly (SettingFault | false)[]): SettingRule =>
  (target) =>
    target.settings.network
      .flatMap((vpc, index) => rule(vpc, `network.${index}`, target))
      .filter((found) => found !== false);

const eachOnce = ofEach((vpc, path) =>
  LISTS.flatMap(([list, what]) => repeated(vpc[list], `${path}.${list}`, what)),
);

const exceptWhatIsNeeded = ofEach((vpc, path, target) =>
  vpc.except.map(
    (service, index) =>
      service !== "s3" &&
      !neededServices(trafficOf(target)).includes(service) &&
      fault(
        `${path}.except.${index}`,
        `an endpoint that sessions need here: ${neededServices(trafficOf(target)).join(", ")}`,
        "remove it: this endpoint is not created in any case",
        "logs.group",
        "preferences.encryptSessionData",
        "encryption.mode",
      ),
  ),
);

const transcriptsGetThrough = ofEach((vpc, path, target) => [
  neededServices(trafficOf(target)).includes("s3") &&
    vpc.routeTableIds.length === 0 &&
    !vpc.except.includes("s3") &&
    fault(
      `${path}.routeTableIds`,
      "at least one route table, since transcripts go to S3",
      'list the route tables of the subnets with instances, or set except: ["s3"] if the VPC has another route to S3',
      "transcripts.bucket",
    ),
]);

const S3_ONLY = ["routeTableIds", "buckets"] as const;

const s3SettingsNeedEndpoint = ofEach((vpc, path, target) =>
  createdServices(trafficOf(target), vpc).includes("s3")
    ? []
    : S3_ONLY.map(
        (list) =>
          vpc[list].length > 0 &&
          fault(
            `${path}.${list}`,
            "nothing, since no S3 endpoint is created here",
            'remove it, or name route tables and remove "s3" from except',
          ),
      ),
);

/**
 * The region of an existing bucket is known from its key, which must be in the region of the bucket.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
 * @see https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html
 */
const bucketInRegion: SettingRule = (target) => {
  const { region, settings } = target;
  const { bucket } = settings.transcripts;
  const keyArn = typeof bucket === "string" ? null : bucket.keyArn;
  const there = keyArn && arnParts(keyArn).region;
  const through = settings.network.some((vpc) => createdServices(trafficOf(target), vpc).includes("s3"));
  return (
    there !== null &&
    there !== region &&
    through &&
    fault(
      "transcripts.bucket",
      `a bucket in ${region}; the key of this bucket is in ${there}, and a gateway endpoint reaches only buckets of its own region`,
      'name a bucket in this region, or give the VPC another route to S3 and set except: ["s3"]',
      "network",
    )
  );
};

/** Rules over the VPCs of an account in a region. */
export const NETWORK_RULES: readonly SettingRule[] = [
  eachOnce,
  exceptWhatIsNeeded,
  transcriptsGetThrough,
  s3SettingsNeedEndpoint,
  bucketInRegion,
];

/** VPCs that contradict each other, or name accounts that they cannot be shared with. */
export function networkProblems(map: ParsedMap, { accounts, targets }: Organization): Conflict[] {
  const all = targets.flatMap((target) =>
    target.settings.network.map((vpc, index) => {
      const level = levelOf(map, target.account.name, target.region, [["network"]]);
      return { target, vpc, path: [...level, "network", index] };
    }),
  );
  const twice = all
    .filter(({ vpc }, index) => all.findIndex((other) => other.vpc.vpcId === vpc.vpcId) < index)
    .map(({ path }) =>
      problem(
        map,
        [...path, "vpcId"],
        "each VPC once, for the account and region that it is in",
        "set it only in the settings of that region; list the accounts that it is shared with in sharedWith",
        [["accounts", "*", "regions"]],
      ),
    );
  const unknownAccounts = all.flatMap(({ target, vpc, path }) => {
    const known = targets.filter(
      ({ account, region }) => region === target.region && account.id !== target.account.id,
    );
    const names = known.map(({ account }) => account.name);
    return vpc.sharedWith.flatMap((name, index) => {
      if (names.includes(name)) return [];
      const allowed = `another account of this map with the region ${target.region}${names.length > 0 ? `: ${listed(names)}` : "; no other account has this region"}`;
      const remedy =
        meantAccount(map, name, names) ??
        "add the region to the account, or remove the account from the list";
      return [problem(map, [...path, "sharedWith", index], allowed, remedy, [["accounts", "*", "regions"]])];
    });
  });
  const idle = accounts
    .filter(
      (account) => account.targets.length === 0 && (map.accounts[account.name]?.network ?? []).length > 0,
    )
    .map(({ name }) =>
      problem(
        map,
        ["accounts", name, "network"],
        "nothing: an account without regions has no sessions",
        "remove it, or list the regions in use",
        [["accounts", name, "regions"]],
      ),
    );
  return once([...twice, ...unknownAccounts, ...idle], ({ path }) => path);
}
