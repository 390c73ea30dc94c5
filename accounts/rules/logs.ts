import { arnParts } from "../../aws/arn";
import { destinationFor, destinationKind, type DestinationKind } from "../model/log-destination";
import { fault, type AccountRule, type SettingRule, repeated } from "./setting-fault";
import type { MergedSettings } from "../model/settings";

const DESTINATION = "logs.subscription.destinationArn";

const subscriptionHere: SettingRule = ({ account, region, settings: { logs } }) => {
  const { destinationArn } = logs.subscription;
  if (destinationArn === null) return false;
  const arn = destinationFor(destinationArn, { account, region });
  const { partition, region: ofRegion, accountId } = arnParts(arn);
  if (partition !== account.partition || ofRegion !== region)
    return fault(
      DESTINATION,
      `a destination in ${region} of partition ${account.partition}: a log group's subscription does not leave its region`,
      "write {region} for the region, with a destination of that name in each, or name another in the settings of the region",
    );
  return (
    destinationKind(arn) !== "destination" &&
    accountId !== account.id &&
    fault(
      DESTINATION,
      `a ${NOUN[destinationKind(arn)]} of account ${account.id} (${account.name}): CloudWatch Logs reaches another account's through a destination only`,
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

/** The class of a group that exists is not known here; the plan asks AWS. */
const isInfrequent = ({ group, class: logClass }: MergedSettings["logs"]) =>
  group === "create" && logClass === "INFREQUENT_ACCESS";

const subscriptionNeedsStandard: SettingRule = ({ settings: { logs } }) =>
  isInfrequent(logs) &&
  logs.subscription.destinationArn !== null &&
  fault(
    "logs.class",
    '"STANDARD" while logs.subscription is set: CloudWatch Logs sends nothing on from groups of class INFREQUENT_ACCESS',
    'use class "STANDARD", or leave the subscription out',
    DESTINATION,
  );

const maskingNeedsStandard: SettingRule = ({ settings: { logs } }) =>
  isInfrequent(logs) &&
  logs.masking.enabled &&
  fault(
    "logs.class",
    '"STANDARD" while logs.masking is on: CloudWatch Logs masks nothing in groups of class INFREQUENT_ACCESS',
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

/** Findings of a group in itself would be findings again. */
const findingsElsewhere: SettingRule = ({ settings: { logs } }) =>
  typeof logs.group === "object" &&
  logs.masking.findingsLogGroup === logs.group.existing &&
  fault(
    "logs.masking.findingsLogGroup",
    "another log group than the one that is masked",
    "name a log group for findings alone, or leave it out",
    "logs.group",
  );

/** Each role that unmasks once. */
export const unmaskRolesOnce: AccountRule = ({ settings: { access } }) =>
  repeated(access.unmaskRoles, "access.unmaskRoles", "role");

/** Rules over subscription and masking of a target's log group. */
export const LOG_RULES: readonly SettingRule[] = [
  subscriptionHere,
  subscriptionNeedsStandard,
  maskingNeedsStandard,
  identifiersOnce,
  customNames,
  findingsElsewhere,
];

export const streamingNeedsGroup: SettingRule = ({ settings: { logs } }) =>
  logs.group === "none" &&
  logs.streaming &&
  fault(
    "logs.streaming",
    'false while logs.group is "none"',
    "set logs.streaming: false, or create a log group",
    "logs.group",
  );
