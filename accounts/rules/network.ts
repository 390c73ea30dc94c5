import { arnParts } from "../../aws/arn";
import { createdServices, neededServices, type SessionTraffic, type Vpc } from "../model/endpoints";
import type { Organization, Target } from "../model/merged";
import { levelOf, problem } from "./conflict";
import { didYouMean, once, type Conflict } from "../reading/problems";
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

const trafficOf = ({ region, settings }: Target): SessionTraffic => ({
  region,
  logs: settings.logs.group !== "none",
  sessionKey: settings.preferences.encryptSessionData && settings.encryption.mode !== "s3-managed",
  transcripts: settings.transcripts.bucket !== "none",
});

/** A rule over each VPC of a target, which says where it stands. */
const ofEach =
  (rule: (vpc: Vpc, at: string, target: Target) => readonly (SettingFault | false)[]): SettingRule =>
  (target) =>
    target.settings.network
      .flatMap((vpc, index) => rule(vpc, `network.${index}`, target))
      .filter((found) => found !== false);

const eachOnce = ofEach((vpc, at) =>
  LISTS.flatMap(([list, what]) => repeated(vpc[list], `${at}.${list}`, what)),
);

const exceptWhatIsNeeded = ofEach((vpc, at, target) =>
  vpc.except.map(
    (service, index) =>
      service !== "s3" &&
      !neededServices(trafficOf(target)).includes(service) &&
      fault(
        `${at}.except.${index}`,
        `an endpoint that sessions need here: ${neededServices(trafficOf(target)).join(", ")}`,
        "remove it: none is created",
        "logs.group",
        "preferences.encryptSessionData",
        "encryption.mode",
      ),
  ),
);

const transcriptsGetThrough = ofEach((vpc, at, target) => [
  neededServices(trafficOf(target)).includes("s3") &&
    vpc.routeTableIds.length === 0 &&
    !vpc.except.includes("s3") &&
    fault(
      `${at}.routeTableIds`,
      "at least one route table, since transcripts go to S3",
      'list the route tables of the subnets with instances, or say except: ["s3"] if the VPC has a way to S3',
      "transcripts.bucket",
    ),
]);

const S3_ONLY = ["routeTableIds", "buckets"] as const;

const withoutS3InVain = ofEach((vpc, at, target) =>
  createdServices(trafficOf(target), vpc).includes("s3")
    ? []
    : S3_ONLY.map(
        (list) =>
          vpc[list].length > 0 &&
          fault(
            `${at}.${list}`,
            "nothing, since no S3 endpoint is created here",
            'remove it, or name route tables and take "s3" out of except',
          ),
      ),
);

/** The region of an existing bucket is known from its key, which lies where the bucket does. */
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
      `a bucket in ${region}, and not in ${there} as its key is: a gateway endpoint reaches buckets of its own region only`,
      'name a bucket in this region, or give the VPC another way to S3 and say except: ["s3"]',
      "network",
    )
  );
};

/** Rules over the VPCs of one target. */
export const NETWORK_RULES: readonly SettingRule[] = [
  eachOnce,
  exceptWhatIsNeeded,
  transcriptsGetThrough,
  withoutS3InVain,
  bucketInRegion,
];

/** What VPCs of different targets say wrong about each other, and of whom they are shared with. */
export function networkProblems(map: ParsedMap, { accounts, targets }: Organization): Conflict[] {
  const all = targets.flatMap((target) =>
    target.settings.network.map((vpc, index) => {
      const level = levelOf(map, target.account.name, target.region, [["network"]]);
      return { target, vpc, at: [...level, "network", index] };
    }),
  );
  const twice = all
    .filter(({ vpc }, index) => all.findIndex((other) => other.vpc.vpcId === vpc.vpcId) < index)
    .map(({ at }) =>
      problem(
        map,
        [...at, "vpcId"],
        "each VPC once, for the one account and region that it lies in",
        "say it in the settings of that region, and of no other; accounts that it is shared with go into sharedWith",
        [["accounts", "*", "regions"]],
      ),
    );
  const strangers = all.flatMap(({ target, vpc, at }) => {
    const known = targets.filter(
      ({ account, region }) => region === target.region && account.id !== target.account.id,
    );
    const names = known.map(({ account }) => account.name);
    return vpc.sharedWith.flatMap((name, index) => {
      if (names.includes(name)) return [];
      const meant = didYouMean(name, names);
      const allowed = `another account of this map with the region ${target.region}${names.length > 0 ? `: ${names.join(", ")}` : ", of which there is none"}`;
      const remedy = meant
        ? `did you mean ${JSON.stringify(meant)}?`
        : "describe the account's region, or take it out";
      return [problem(map, [...at, "sharedWith", index], allowed, remedy, [["accounts", "*", "regions"]])];
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
  return once([...twice, ...strangers, ...idle], ({ path }) => path);
}
