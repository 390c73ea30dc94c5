import { arns, names, type Place } from "../names";
import { accountAdministersKey, alarmsPublish, eventBridgePublishes } from "./key-policy";
import { policy, type Policy } from "./policy";
import { admit, type Members } from "./principals";

/**
 * The policy of the central bus: the rules of members forward events to it, with the roles that the stacks create for
 * that. `events:eventBusInvocation` is true only for an event that a rule forwards from another account. So nobody can
 * put an event there with `PutEvents`, not even with such a role. Rules of the bus's own account need no statement.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
 */
export function centralBusPolicy(place: Place, members: Members): Policy {
  const { Principal, Condition } = admit(members, place.account);
  return policy({
    Sid: "MembersForwardFindings",
    Effect: "Allow",
    Principal,
    Action: ["events:PutEvents"],
    Resource: arns.eventBus(place, names.centralBus(place)),
    Condition: {
      ...Condition,
      ArnLike: {
        "aws:PrincipalArn": `arn:${place.account.partition}:iam::*:role/${names.centralRoles(place)}`,
      },
      Bool: { "events:eventBusInvocation": "true" },
    },
  });
}

/**
 * The policy of the central channel's key. It encrypts the topics of that channel and nothing else.
 * @param topics names of the topics, at least one
 */
export function centralKeyPolicy(place: Place, topics: readonly string[]): Policy {
  const topicArns = topics.map((topic) => arns.topic(place, topic));
  return policy(
    accountAdministersKey(place),
    eventBridgePublishes(place, topicArns),
    alarmsPublish(place, topicArns),
  );
}
