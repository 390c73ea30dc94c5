import { CREDENTIALS } from "../../aws/data-identifiers";
import type { Settings } from "../../accounts/model/settings";
import { type Place, arns } from "../names";
import type { Destinations } from "./destinations";
import { unique, type Statement } from "./policy";

/** Log groups of an account that are masked, in every region. */
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

/** Nobody with this policy sees what is masked, whatever else allows it. */
export function refuseUnmasking(all: readonly Destinations[]): Statement[] {
  const groups = maskedGroups(all);
  return groups.length > 0 ? [refuse(groups)] : [];
}

/**
 * Of those with this policy, only some roles of the account see what is masked.
 * @param roles names with paths, where `*` may stand
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

/** What is found in a log group, and done with it: a data protection policy of CloudWatch Logs. */
export interface MaskingPolicy {
  readonly Name: string;
  readonly Description: string;
  readonly Version: "2021-06-01";
  readonly Configuration?: { readonly CustomDataIdentifier: readonly { Name: string; Regex: string }[] };
  readonly Statement: readonly { Sid: string; DataIdentifier: readonly string[]; Operation: object }[];
}

/** Masks credentials and what the map wants besides. AWS asks for both statements, with the same identifiers. */
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
