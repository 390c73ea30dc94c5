import { destinationFor, destinationKind, type DestinationKind } from "../../accounts/model/log-destination";
import type { Organization, Target } from "../../accounts/model/organization";
import { arns, principalOf, placeOf, type Place } from "../names";
import { destinationsOf } from "./destinations";
import { policy, unique, type Policy, type Statement } from "./policy";

/** Session logs of one target that are sent on. */
export interface LogSubscription {
  readonly place: Place;
  readonly logGroup: string;
  readonly destinationArn: string;
  readonly kind: DestinationKind;
  readonly filterPattern: string;
  readonly distribution: "ByLogStream" | "Random";
  /** Whether CloudWatch Logs wants a role of the sending account. */
  readonly wantsRole: boolean;
}

/** Where the session logs of a target are sent on to; null: nowhere. */
export function subscriptionOf(organization: Organization, target: Target): LogSubscription | null {
  const { logGroup } = destinationsOf(organization, target);
  const { destinationArn, filterPattern, distribution, admittedBy } = target.settings.logs.subscription;
  if (logGroup === null || destinationArn === null) return null;
  const place = placeOf(organization, target);
  const kind = destinationKind(destinationArn);
  // A function has a permission of its own; a destination that names the account asks for nothing more.
  const wantsRole = kind === "destination" ? admittedBy === "organization" : kind !== "function";
  const arn = destinationFor(destinationArn, place);
  return { place, logGroup, destinationArn: arn, kind, filterPattern, distribution, wantsRole };
}

/**
 * Who takes the role of an account's subscriptions: CloudWatch Logs of the regions that have one, for this
 * account's logs. AWS documents the account in the source's ARN, not what follows.
 */
export const subscriptionTrust = (subscriptions: readonly LogSubscription[]): Policy =>
  policy({
    Sid: "CloudWatchLogsTakesThisRole",
    Effect: "Allow",
    Principal: { Service: unique(subscriptions.map(({ place }) => principalOf("logs", place))) },
    Action: ["sts:AssumeRole"],
    Condition: {
      StringLike: { "aws:SourceArn": unique(subscriptions.map(({ place }) => `${arns.logs(place)}:*`)) },
    },
  });

/** What CloudWatch Logs may do in that role: reach what the subscriptions send to. */
export function subscriptionPolicy(subscriptions: readonly LogSubscription[]): Policy {
  const sent = (kind: DestinationKind, statement: Pick<Statement, "Sid" | "Action">): Statement | false => {
    const arnsOfKind = subscriptions.flatMap((it) => (it.kind === kind ? [it.destinationArn] : []));
    return arnsOfKind.length > 0 && { Effect: "Allow", ...statement, Resource: unique(arnsOfKind) };
  };
  const groups = subscriptions
    .filter(({ kind }) => kind === "destination")
    .map(({ place, logGroup }) => arns.logGroup({ ...place, region: "*" }, logGroup));
  return policy(
    // CloudWatch Logs asks the destination's policy, in this role, whether the account may subscribe.
    sent("destination", { Sid: "SubscribeToDestinations", Action: ["logs:PutSubscriptionFilter"] }),
    groups.length > 0 && {
      Sid: "SendSessionLogs",
      Effect: "Allow",
      Action: ["logs:PutLogEvents"],
      Resource: unique(groups.flatMap((group) => [group, `${group}:*`])),
    },
    sent("stream", { Sid: "SendToStreams", Action: ["kinesis:PutRecord", "kinesis:PutRecords"] }),
    sent("deliverystream", {
      Sid: "SendToFirehose",
      Action: ["firehose:PutRecord", "firehose:PutRecordBatch"],
    }),
  );
}
