import { destinationFor, destinationKind, type DestinationKind } from "../../accounts/model/log-destination";
import type { Account, Organization, Target } from "../../accounts/model/organization";
import { functionIn } from "../../aws/arn";
import { arns, principalOf, placeOf, type Place } from "../names";
import { destinationsOf } from "./destinations";
import { policy, unique, type Policy, type Statement } from "./policy";

/** The subscription filter that forwards the session logs of one target. */
export interface LogSubscription {
  readonly place: Place;
  /** Name of the log group. */
  readonly logGroup: string;
  readonly destinationArn: string;
  readonly kind: DestinationKind;
  /** The function to which the logs go, and its alias or version; null: the destination is no function. */
  readonly function: ReturnType<typeof functionIn> | null;
  readonly filterPattern: string;
  readonly distribution: "ByLogStream" | "Random";
  /** Whether CloudWatch Logs delivers in a role of the account that forwards. */
  readonly wantsRole: boolean;
}

/**
 * How the map forwards the session logs of a target; null: they are not forwarded.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CrossAccountSubscriptions.html
 */
export function subscriptionOf(organization: Organization, target: Target): LogSubscription | null {
  const { logGroup } = destinationsOf(organization, target);
  const { destinationArn, filterPattern, distribution, admittedBy } = target.settings.logs.subscription;
  if (logGroup === null || destinationArn === null) return null;
  const place = placeOf(organization, target);
  const kind = destinationKind(destinationArn);
  // CloudWatch Logs needs no role for a function, which has a permission, nor for a destination that names the account.
  const wantsRole = kind === "destination" ? admittedBy === "organization" : kind !== "function";
  const arn = destinationFor(destinationArn, place);
  return {
    place,
    logGroup,
    destinationArn: arn,
    kind,
    function: kind === "function" ? functionIn(arn) : null,
    filterPattern,
    distribution,
    wantsRole,
  };
}

/**
 * Trust policy of the role of an account's subscriptions. CloudWatch Logs can assume it in regions that forward
 * logs, which are those of its principals, and only for logs of this account. `aws:SourceArn` repeats no region: with two texts
 * for each region, the policy would be too long for an account with 25 regions. AWS's examples have `*` in place of the log
 * group in `aws:SourceArn`, as this policy does.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
 */
export const subscriptionTrust = (subscriptions: readonly LogSubscription[]): Policy =>
  policy({
    Sid: "CloudWatchLogsTakesThisRole",
    Effect: "Allow",
    Principal: { Service: unique(subscriptions.map(({ place }) => principalOf("logs", place))) },
    Action: ["sts:AssumeRole"],
    Condition: {
      StringLike: {
        "aws:SourceArn": unique(
          subscriptions.map(({ place }) => `${arns.logs({ ...place, region: "*" })}:*`),
        ),
      },
    },
  });

/** The subscriptions of an account for which CloudWatch Logs needs a role. */
export const subscriptionsWithRole = (organization: Organization, account: Account): LogSubscription[] =>
  account.targets
    .flatMap((target) => subscriptionOf(organization, target) ?? [])
    .filter(({ wantsRole }) => wantsRole);

/** What CloudWatch Logs may do in that role: deliver to the destinations of the subscriptions, and to no others. */
export function subscriptionPolicy(subscriptions: readonly LogSubscription[]): Policy {
  const sent = (kind: DestinationKind, statement: Pick<Statement, "Sid" | "Action">): Statement | false => {
    const arnsOfKind = subscriptions.flatMap((it) => (it.kind === kind ? [it.destinationArn] : []));
    return arnsOfKind.length > 0 && { Effect: "Allow", ...statement, Resource: unique(arnsOfKind) };
  };
  const groups = subscriptions
    .filter(({ kind }) => kind === "destination")
    .map(({ place, logGroup }) => arns.logGroup({ ...place, region: "*" }, logGroup));
  return policy(
    // The policy of a destination that admits an organization is evaluated for this role when the filter is created.
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
