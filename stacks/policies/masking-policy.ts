import { CREDENTIALS } from "../../aws/data-identifiers";
import type { Settings } from "../../accounts/model/settings";
import { type Place, arns } from "../names";
import type { Destinations } from "./destinations";
import { unique, type Statement } from "./policy";

/** ARNs of the account's masked log groups in every region, of the groups themselves and of what is in them. */
function maskedGroups(all: readonly Destinations[]): string[] {
  const groups = all.flatMap(({ place, logGroup, masked }) =>
    masked && logGroup !== null ? [arns.logGroup({ ...place, region: "*" }, logGroup)] : [],
  );
  return unique(groups.flatMap((group) => [group, `${group}:*`]));
}

const refuse = (Resource: readonly string[], rest: Pick<Statement, "Condition"> = {}): Statement => ({
  Sid: "RefuseUnmasking",
  Effect: "Deny",
  Action: ["logs:Unmask"],
  Resource,
  ...rest,
});

/**
 * Denies `logs:Unmask`, which reveals masked data, to every principal with the policy that includes these statements.
 * There is no statement if no log group is masked.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/mask-sensitive-log-data.html
 */
export function refuseUnmasking(all: readonly Destinations[]): Statement[] {
  const groups = maskedGroups(all);
  return groups.length > 0 ? [refuse(groups)] : [];
}

/**
 * Lets some roles of the account reveal masked data, and denies it to every other principal with the policy that
 * includes these statements. There is no statement if no log group is masked.
 * @param roles names of roles with their paths, where `*` may stand, such as `people/audit-*`
 */
export function letUnmask(all: readonly Destinations[], roles: readonly string[]): Statement[] {
  const groups = maskedGroups(all);
  if (groups.length === 0) return [];
  if (roles.length === 0) return [refuse(groups)];
  const roleArns = unique(all.flatMap(({ place }) => roles.map((role) => arns.role(place.account, role))));
  return [
    {
      Sid: "UnmaskSessionLogs",
      Effect: "Allow",
      Action: ["logs:Unmask"],
      Resource: groups,
      Condition: { ArnLike: { "aws:PrincipalArn": roleArns } },
    },
    refuse(groups, { Condition: { ArnNotLike: { "aws:PrincipalArn": roleArns } } }),
  ];
}

/** A data protection policy of CloudWatch Logs: which data it finds in a log group, and what it does with them. */
export interface MaskingPolicy {
  readonly Name: string;
  readonly Description: string;
  readonly Version: "2021-06-01";
  readonly Configuration?: { readonly CustomDataIdentifier: readonly { Name: string; Regex: string }[] };
  readonly Statement: readonly { Sid: string; DataIdentifier: readonly string[]; Operation: object }[];
}

/**
 * The data protection policy of a log group: it masks credentials, and whatever data the map adds. CloudWatch Logs
 * requires two statements, an audit and a de-identification, with the same data identifiers.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutDataProtectionPolicy.html
 */
export function maskingPolicy(
  { organization, account: { partition } }: Place,
  masking: Settings["logs"]["masking"],
): MaskingPolicy {
  const managed = [...CREDENTIALS, ...masking.identifiers].map(
    (name) => `arn:${partition}:dataprotection::aws:data-identifier/${name}`,
  );
  const identifiers = [...managed, ...masking.custom.map(({ name }) => name)];
  const findings = masking.findingsLogGroup;
  return {
    Name: `session-audit-${organization}`,
    Description: "Secrets in what sessions show",
    Version: "2021-06-01",
    ...(masking.custom.length > 0 && {
      Configuration: {
        CustomDataIdentifier: masking.custom.map(({ name, regex }) => ({ Name: name, Regex: regex })),
      },
    }),
    Statement: [
      {
        Sid: "FindSecrets",
        DataIdentifier: identifiers,
        Operation: {
          Audit: {
            FindingsDestination: findings === null ? {} : { CloudWatchLogs: { LogGroup: findings } },
          },
        },
      },
      { Sid: "MaskSecrets", DataIdentifier: identifiers, Operation: { Deidentify: { MaskConfig: {} } } },
    ],
  };
}
