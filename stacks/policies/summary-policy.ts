import { viaService, type Place } from "../names";
import type { Statement } from "./policy";
import { accountsOf, isOneOf } from "./principals";

/**
 * Lets the roles that make reports (`access.reporters`) publish the summary of a report on a topic
 * (`session-audit report --publish`). The command publishes with the credentials of its caller, who may be in another
 * account. The caller's own policies must allow it as well.
 * @param reporters ARNs of roles, where `*` may stand; if there are none, there is no statement
 * @example policy(...reportersPublish(topicArn, account.settings.access.reporters))
 */
export const reportersPublish = (topicArn: string, reporters: readonly string[]): readonly Statement[] =>
  reporters.length === 0
    ? []
    : [
        {
          Sid: "ReportersPublish",
          Effect: "Allow",
          Principal: accountsOf(reporters),
          Action: ["sns:Publish"],
          Resource: topicArn,
          Condition: isOneOf(reporters),
        },
      ];

/**
 * Lets the same roles use the key of encrypted topics: SNS encrypts a message with the permissions of whoever publishes it.
 * @param topicArns ARNs of the topics that get summaries
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export const reportersEncrypt = (
  place: Place,
  topicArns: readonly string[],
  reporters: readonly string[],
): readonly Statement[] =>
  reporters.length === 0 || topicArns.length === 0
    ? []
    : [
        {
          Sid: "ReportersPublishToTopics",
          Effect: "Allow",
          Principal: accountsOf(reporters),
          Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
          Resource: "*",
          Condition: {
            ...isOneOf(reporters),
            ArnEquals: { "kms:EncryptionContext:aws:sns:topicArn": topicArns },
            StringEquals: { "kms:ViaService": viaService("sns", place) },
          },
        },
      ];
