import { isAssociationSchedule, isRateExpression } from "../../aws/association-schedule";
import { AwsError } from "../gateway/protocol";

/** The parameters of `CreateAssociation` and `UpdateAssociation` that the emulator checks. */
export interface AssociationParameters {
  readonly Name: string;
  readonly DocumentVersion?: string;
  readonly InstanceId?: string;
  readonly Parameters?: Readonly<Record<string, readonly string[]>>;
  readonly Targets?: readonly { readonly Key: string; readonly Values: readonly string[] }[];
  readonly ScheduleExpression?: string;
  readonly AssociationName?: string;
  readonly MaxErrors?: string;
  readonly MaxConcurrency?: string;
  readonly ComplianceSeverity?: string;
  readonly SyncCompliance?: string;
  readonly ApplyOnlyAtCronInterval?: boolean;
}

/**
 * The patterns of the API.
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateAssociation.html
 */
const PATTERNS: readonly (readonly [keyof AssociationParameters, RegExp])[] = [
  ["Name", /^[a-zA-Z0-9_\-.:/]{3,128}$/],
  ["AssociationName", /^[a-zA-Z0-9_\-.]{3,128}$/],
  ["DocumentVersion", /^(\$LATEST|\$DEFAULT|[1-9]\d*)$/],
  ["MaxErrors", /^([1-9]\d*|0|[1-9]\d%|\d%|100%)$/],
  ["MaxConcurrency", /^([1-9]\d*|[1-9]\d%|[1-9]%|100%)$/],
  ["ComplianceSeverity", /^(CRITICAL|HIGH|MEDIUM|LOW|UNSPECIFIED)$/],
  ["SyncCompliance", /^(AUTO|MANUAL)$/],
];

const TARGET_KEY = /^(InstanceIds|tag:[\p{L}\p{Z}\p{N}_.:/=\-@]{1,128}|resource-groups:Name|tag-key)$/u;

/**
 * Checks an association as State Manager does.
 * @throws {@link AwsError} with the error code of State Manager
 */
export function checkAssociation(asked: AssociationParameters): void {
  for (const [member, pattern] of PATTERNS) {
    const value = asked[member];
    if (value !== undefined && !pattern.test(String(value)))
      throw new AwsError(
        "ValidationException",
        `1 validation error detected: Value '${String(value)}' at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern: ${pattern.source}`,
      );
  }
  checkTargets(asked);
  const { ScheduleExpression: schedule, ApplyOnlyAtCronInterval: onlyAtCron = false } = asked;
  if (schedule !== undefined && !isAssociationSchedule(schedule))
    throw new AwsError("InvalidSchedule", `The schedule ${schedule} is invalid for an association.`);
  if (onlyAtCron && (schedule === undefined || isRateExpression(schedule)))
    throw new AwsError(
      "ValidationException",
      "ApplyOnlyAtCronInterval is supported for cron expressions only.",
    );
}

function checkTargets({ InstanceId, Targets = [] }: AssociationParameters): void {
  if (InstanceId !== undefined)
    throw new AwsError(
      "InvalidDocument",
      "Document schema version, 2.2, is not supported by association that is created with instance id",
    );
  if (Targets.length === 0) throw new AwsError("InvalidTarget", "Instance ID or targets must be specified.");
  if (Targets.length > 5)
    throw new AwsError("ValidationException", "'targets' must have length less than or equal to 5");
  for (const { Key, Values } of Targets) {
    if (!TARGET_KEY.test(Key) || Values.length === 0 || Values.length > 50)
      throw new AwsError("InvalidTarget", `The target ${Key} with ${Values.length} values is not valid.`);
    if (Values.includes("*") && (Key !== "InstanceIds" || Values.length > 1))
      throw new AwsError("InvalidTarget", "The value * must be the only one, and needs the key InstanceIds.");
  }
}
