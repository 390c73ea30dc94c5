import { byOthersThan, VIA_CLOUDTRAIL } from "./security-patterns";

/** What hosts record with and how they reach where records go, by what the calls that change it name. */
export interface HostRecorders {
  /** Name of the Command document that instances run; null: none. */
  readonly document: string | null;
  /** Ids of State Manager associations: AWS makes them up. */
  readonly associationIds: readonly string[];
}

type Alternative = Readonly<Record<string, unknown>>;

function alternatives({ document, associationIds }: HostRecorders): Alternative[] {
  const ssm = (eventName: readonly string[], requestParameters: object): Alternative => ({
    eventSource: ["ssm.amazonaws.com"],
    eventName,
    requestParameters,
  });
  return [
    ...(document === null
      ? []
      : [
          ssm(
            ["UpdateDocument", "UpdateDocumentDefaultVersion", "DeleteDocument", "ModifyDocumentPermission"],
            // By its name or its ARN.
            { name: [{ suffix: document }] },
          ),
        ]),
    ...(associationIds.length === 0
      ? []
      : [ssm(["UpdateAssociation", "DeleteAssociation"], { associationId: associationIds })]),
  ];
}

/**
 * Changes to what hosts need to record, in a pattern of their own: that of tampering has little room left.
 * @param ignoredRoles ARNs of roles whose changes are expected, such as the pipeline's
 * @returns null where there is nothing to watch
 */
export function hostFindings(hosts: HostRecorders, ignoredRoles: readonly string[]) {
  const $or = alternatives(hosts);
  if ($or.length === 0) return null;
  return {
    source: ["aws.ssm"],
    ...VIA_CLOUDTRAIL,
    detail: { ...byOthersThan(ignoredRoles), $or },
  };
}
