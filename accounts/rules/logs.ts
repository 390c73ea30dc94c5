import { arnParts } from "../../aws/arn";
import { destinationFor, destinationKind, type DestinationKind } from "../model/log-destination";
import { fault, type AccountRule, type SettingRule, repeated } from "./setting-fault";
import type { MergedSettings } from "../model/settings";

const DESTINATION = "logs.subscription.destinationArn";

/**
 * A subscription filter sends to its own region, and to another account only through a destination.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CrossAccountSubscriptions.html
 */
const subscriptionHere: SettingRule = ({ account, region, settings: { logs } }) => {
  const { destinationArn } = logs.subscription;
  if (destinationArn === null) return false;
  const arn = destinationFor(destinationArn, { account, region });
  const { partition, region: toRegion, accountId } = arnParts(arn);
  if (partition !== account.partition || toRegion !== region)
    return fault(
      DESTINATION,
      `a destination in ${region} of partition ${account.partition}: a subscription filter sends only within its region`,
      "write {region} for the region, with a destination of that name in each region, or set another destination in the settings of the region",
    );
  return (
    destinationKind(arn) !== "destination" &&
    accountId !== account.id &&
    fault(
      DESTINATION,
      `a ${NOUN[destinationKind(arn)]} of account ${account.id} (${account.name}): CloudWatch Logs sends to another account only through a destination`,
      "write {account} for the account, or name a CloudWatch Logs destination (arn:aws:logs:…:destination:…) that leads to it",
    )
  );
};

const NOUN: Readonly<Record<DestinationKind, string>> = {
  destination: "destination",
  stream: "Kinesis stream",
  deliverystream: "Firehose stream",
  function: "Lambda function",
};

/** Only the class of a created log group is known here. Each plan examines the class of an existing one. */
const isInfrequent = ({ group, class: logClass }: MergedSettings["logs"]) =>
  group === "create" && logClass === "INFREQUENT_ACCESS";

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch_Logs_Log_Classes.html */
const subscriptionNeedsStandard: SettingRule = ({ settings: { logs } }) =>
  isInfrequent(logs) &&
  logs.subscription.destinationArn !== null &&
  fault(
    "logs.class",
    '"STANDARD" while logs.subscription is set: log groups of class INFREQUENT_ACCESS have no subscription filters',
    'use class "STANDARD", or leave the subscription out',
    DESTINATION,
  );

const maskingNeedsStandard: SettingRule = ({ settings: { logs } }) =>
  isInfrequent(logs) &&
  logs.masking.enabled &&
  fault(
    "logs.class",
    '"STANDARD" while logs.masking is on: CloudWatch Logs does not mask log groups of class INFREQUENT_ACCESS',
    'use class "STANDARD", or set logs.masking.enabled: false',
    "logs.masking.enabled",
  );

const identifiersOnce: SettingRule = ({ settings: { logs } }) =>
  repeated(logs.masking.identifiers, "logs.masking.identifiers", "identifier");

const customNames: SettingRule = ({ settings: { logs } }) =>
  repeated(
    logs.masking.custom.map(({ name }) => name),
    "logs.masking.custom",
    "name",
  );

/** Audit findings that are written to the masked log group itself would be masked there, and cause findings again. */
const findingsElsewhere: SettingRule = ({ settings: { logs } }) =>
  typeof logs.group === "object" &&
  logs.masking.findingsLogGroup === logs.group.existing &&
  fault(
    "logs.masking.findingsLogGroup",
    "another log group than the one that is masked",
    "name a log group for findings alone, or leave it out",
    "logs.group",
  );

/** Each role that may see masked data is listed once. */
export const unmaskRolesOnce: AccountRule = ({ settings: { access } }) =>
  repeated(access.unmaskRoles, "access.unmaskRoles", "role");

/** Rules over the subscription filter and the masking of a log group. */
export const LOG_RULES: readonly SettingRule[] = [
  subscriptionHere,
  subscriptionNeedsStandard,
  maskingNeedsStandard,
  identifiersOnce,
  customNames,
  findingsElsewhere,
];

/** Streaming needs a log group to stream to. */
export const streamingNeedsGroup: SettingRule = ({ settings: { logs } }) =>
  logs.group === "none" &&
  logs.streaming &&
  fault(
    "logs.streaming",
    'false while logs.group is "none"',
    "set logs.streaming: false, or create a log group",
    "logs.group",
  );
