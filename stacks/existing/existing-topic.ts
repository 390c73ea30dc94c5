import { DataAwsCloudcontrolapiResource } from "@cdktf/provider-aws/lib/data-aws-cloudcontrolapi-resource";
import { Construct } from "constructs";
import type { Statement } from "../policies/policy";
import { addressOf, warnUnless } from "./expectation";
import { allows, refusesOtherAccounts } from "./policy-expression";

/** Which topic is examined, and what its policy must allow. */
export interface ExistingTopicProps {
  /**
   * What messages begin with: account, region and setting, as in
   * `payments in eu-central-1: notifications.security.topic`.
   */
  readonly label: string;
  /** ARN of the topic. */
  readonly topicArn: string;
  /** Statements that the topic's policy must have, in these or other words: some allow, and one refuses. */
  readonly required: readonly Statement[];
}

/**
 * Examines an existing topic that the map names, in the account and region of the stack. A topic without encryption, or
 * whose policy lacks a statement, causes a warning.
 * @see docs/decisions/0012-what-exists-is-looked-at.md
 * @example
 * new ExistingTopic(this, "ExistingSecurityTopic", {
 *   label: "payments in eu-central-1: notifications.security.topic",
 *   topicArn,
 *   required: statementsOfExistingTopic(place, topicArn),
 * });
 */
export class ExistingTopic extends Construct {
  constructor(scope: Construct, id: string, { label, topicArn, required }: ExistingTopicProps) {
    super(scope, id);
    const topic = new DataAwsCloudcontrolapiResource(this, "Default", {
      typeName: "AWS::SNS::Topic",
      identifier: topicArn,
    });
    // Observed: Cloud Control has no such resource for a topic that still has SNS's default policy, which allows no
    // service. Reading it then fails and stops the plan. The construct id appears in that error.
    const policy = new DataAwsCloudcontrolapiResource(this, "PolicyThatLetsEventBridgePublish", {
      typeName: "AWS::SNS::TopicInlinePolicy",
      identifier: topicArn,
      dependsOn: [topic],
    });
    const key = `try(jsondecode(${addressOf(topic)}.properties).KmsMasterKeyId, "")`;
    warnUnless(this, id, [
      {
        holds: `${key} != ""`,
        otherwise: `${label}: the topic ${topicArn} is not encrypted. Give it a customer managed key whose policy lets events.amazonaws.com and cloudwatch.amazonaws.com use it.`,
      },
      {
        holds: `!can(regex("alias/aws/", ${key}))`,
        otherwise: `${label}: the topic ${topicArn} is encrypted with AWS's own key, with which EventBridge cannot publish. Give it a customer managed key.`,
      },
      ...required.map((statement) => ({
        holds: holdsOf(statement, `jsondecode(${addressOf(policy)}.properties).PolicyDocument`),
        otherwise: `${label}: the policy of the topic ${topicArn} ${faultWithout(statement)}. Add the statement ${statement.Sid} of the output required_topic_statements to it.`,
      })),
    ]);
  }
}

/** Terraform expression: whether a policy has a statement, in these or other words. */
const holdsOf = (statement: Statement, policy: string) =>
  statement.Effect === "Allow" ? allows(policy, statement) : refusesOtherAccounts(policy, statement);

/** What a policy does if a statement is missing, as messages say it. */
const faultWithout = (statement: Statement) =>
  statement.Effect === "Allow"
    ? `does not let ${service(statement)} publish, and notifications would not arrive`
    : "lets rules of every account publish, whose messages look like those of this account";

/** The services that a statement is for, as messages name them. */
const service = ({ Principal }: Statement) =>
  typeof Principal === "object" && "Service" in Principal ? [Principal.Service].flat().join(", ") : "it";
