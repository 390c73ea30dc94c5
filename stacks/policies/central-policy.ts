import { arns, guardRolePrefix, names, viaService, type CentralChannelOf, type Place } from "../names";
import { accountAdministersKey, alarmsPublish, eventBridgePublishes } from "./key-policy";
import { policy, type Policy, type Statement } from "./policy";
import { admit, type Members } from "./principals";
import { reportersEncrypt } from "./summary-policy";

/**
 * The policy of a central bus: the rules of members forward events to it, with the roles that the stacks create for
 * that. `events:eventBusInvocation` is true only for an event that a rule forwards from another account. Therefore, no
 * principal can put an event there with `PutEvents`, even if it has such a role. Rules of the bus's own account need no statement.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
 */
export function centralBusPolicy(channel: CentralChannelOf, members: Members): Policy {
  const { place } = channel;
  const { Principal, Condition } = admit(members, place.account);
  return policy({
    Sid: "MembersForwardFindings",
    Effect: "Allow",
    Principal,
    Action: ["events:PutEvents"],
    Resource: arns.eventBus(place, names.centralBus(channel)),
    Condition: {
      ...Condition,
      ArnLike: {
        "aws:PrincipalArn": `arn:${place.account.partition}:iam::*:role/${names.centralRoles(channel)}`,
      },
      Bool: { "events:eventBusInvocation": "true" },
    },
  });
}

/**
 * The policy of a central channel's key. It encrypts the topics of that channel and nothing else.
 * @param topics names of the topics, at least one: the first one gets the summaries of reports
 * @param reporters ARNs of roles that publish them
 * @param guards the accounts whose guards publish to the topics; null: no guard does
 */
export function centralKeyPolicy(
  place: Place,
  topics: readonly string[],
  reporters: readonly string[] = [],
  guards: Members | null = null,
): Policy {
  const topicArns = topics.map((topic) => arns.topic(place, topic));
  return policy(
    accountAdministersKey(place),
    eventBridgePublishes(place, topicArns),
    alarmsPublish(place, topicArns),
    ...reportersEncrypt(place, topicArns.slice(0, 1), reporters),
    ...(guards === null ? [] : guardsEncrypt(place, topicArns, guards)),
  );
}

/** ARN of the roles of guards in any account. A guard has the same name in every account, followed by its region. */
export const anyGuard = (place: Place): string =>
  `arn:${place.account.partition}:iam::*:role/${guardRolePrefix(place)}*`;

/** Limits a statement to the roles of guards, by their names. */
const byGuards = (place: Place, Condition: NonNullable<Statement["Condition"]>): Statement["Condition"] => ({
  ...Condition,
  ArnLike: {
    ...Condition["ArnLike"],
    "aws:PrincipalArn": anyGuard(place),
  },
});

/**
 * Lets the guards of other accounts publish to a topic of the central channel. A guard of the topic's own account needs no
 * statement: the policy of its role suffices.
 */
export const guardsPublish = (place: Place, topicArn: string, guards: Members): Statement => {
  const { Principal, Condition } = admit(guards, place.account);
  return {
    Sid: "GuardsPublish",
    Effect: "Allow",
    Principal,
    Action: ["sns:Publish"],
    Resource: topicArn,
    Condition: byGuards(place, Condition),
  };
};

/** Lets guards encrypt what they publish, through SNS and for these topics alone. */
function guardsEncrypt(place: Place, topicArns: readonly string[], guards: Members): Statement[] {
  const { Principal, Condition } = admit(guards, place.account);
  const encrypts = {
    Effect: "Allow",
    Action: ["kms:GenerateDataKey", "kms:Decrypt"],
    Resource: "*",
  } as const;
  const through = { "kms:ViaService": viaService("sns", place) };
  const context = { ArnEquals: { "kms:EncryptionContext:aws:sns:topicArn": topicArns } };
  return [
    {
      Sid: "GuardsPublishToTopics",
      ...encrypts,
      Principal,
      Condition: byGuards(place, {
        ...Condition,
        ...context,
        StringEquals: { ...Condition["StringEquals"], ...through },
      }),
    },
    {
      Sid: "OwnGuardsPublishToTopics",
      ...encrypts,
      Principal: { AWS: arns.root(place.account) },
      Condition: byGuards(place, { ...context, StringEquals: through }),
    },
  ];
}
