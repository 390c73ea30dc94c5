import { DataAwsCloudcontrolapiResource } from "@cdktf/provider-aws/lib/data-aws-cloudcontrolapi-resource";
import { Construct } from "constructs";
import type { Statement } from "../policies/policy";
import { addressOf, warnUnless } from "./expectation";
import { allows } from "./policy-expression";

export interface ExistingTopicProps {
  /** Account, region and setting, as messages name them: `payments in eu-central-1: encryption.keyArn`. */
  readonly label: string;
  readonly topicArn: string;
  /** What its policy must allow. */
  readonly required: readonly Statement[];
}

/** Looks at a topic that a map names, which lies in the account and region of the stack. */
export class ExistingTopic extends Construct {
  constructor(scope: Construct, id: string, { label, topicArn, required }: ExistingTopicProps) {
    super(scope, id);
    const topic = new DataAwsCloudcontrolapiResource(this, "Default", {
      typeName: "AWS::SNS::Topic",
      identifier: topicArn,
    });
    // To Cloud Control a topic with the policy that AWS gives it, which lets no service in, has none: an error of this.
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
        holds: allows(`jsondecode(${addressOf(policy)}.properties).PolicyDocument`, statement),
        otherwise: `${label}: the policy of the topic ${topicArn} does not let ${service(statement)} publish, and notifications would not arrive. Add the statement ${statement.Sid} of the output required_topic_statements to it.`,
      })),
    ]);
  }
}

const service = ({ Principal }: Statement) =>
  typeof Principal === "object" && "Service" in Principal ? [Principal.Service].flat().join(", ") : "it";
