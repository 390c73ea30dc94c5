import { CREDENTIALS } from "../../accounts/data-identifiers";
import type { Settings } from "../../accounts/settings";
import type { Place } from "../names";

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
