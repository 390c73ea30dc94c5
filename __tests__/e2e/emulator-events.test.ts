import { join } from "node:path";
import {
  CreateTrailCommand,
  DeleteTrailCommand,
  GetTrailStatusCommand,
  StartLoggingCommand,
  StopLoggingCommand,
} from "@aws-sdk/client-cloudtrail";
import { PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { DisableKeyCommand, EnableKeyCommand, PutKeyPolicyCommand } from "@aws-sdk/client-kms";
import { PutMetricAlarmCommand } from "@aws-sdk/client-cloudwatch";
import { CreateBucketCommand, PutBucketPolicyCommand } from "@aws-sdk/client-s3";
import {
  CreateTopicCommand,
  SetTopicAttributesCommand,
  SubscribeCommand,
  UnsubscribeCommand,
} from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  type Message,
} from "@aws-sdk/client-sqs";
import { CreateDocumentCommand, DeleteDocumentCommand, StartSessionCommand } from "@aws-sdk/client-ssm";
import { startEmulator, type Emulator } from "../../emulator";
import type { Clients } from "../../emulator/clients/clients";
import { findMoto } from "../../toolchain";
import { ROOT } from "../helpers/embedded";
import {
  allow,
  clientsOf,
  createKey,
  createRole,
  delegateTo,
  grant,
  operatorGrants,
  policy,
  REGION,
  without,
  WORK,
} from "../helpers/emulated";

/** The only account with an organization trail here. */
const TRAILED = "333333333333";
const TOPIC = `arn:aws:sns:${REGION}:${WORK}:activity`;
const RULE = `arn:aws:events:${REGION}:${WORK}:rule/sessions`;
const TRAIL = `arn:aws:cloudtrail:${REGION}:${WORK}:trail/own`;
/** The id in the ARN of a key. Moto 5.2.1 enables and disables keys by their id only. */
const idOf = (keyArn: string) => keyArn.split("/").at(-1)!;
const queueArn = (name: string, account = WORK) => `arn:aws:sqs:${REGION}:${account}:${name}`;
const queueUrl = (name: string, account = WORK) => `${emulator.endpoint}/${account}/${name}`;

let emulator: Emulator;
let work: Clients;
let topicKey: string;

beforeAll(async () => {
  const moto = await findMoto({ cacheDir: join(ROOT, ".cache"), log: () => undefined });
  emulator = await startEmulator({
    moto,
    organizationTrail: (account) => account === TRAILED,
    recordManagementCalls: ({ eventName }) => eventName === "DeleteDocument",
  });
  work = await clientsOf(emulator, WORK);
});

afterAll(() => emulator?.stop());

async function take(clients: Clients, QueueUrl: string): Promise<Message[]> {
  const answer = await clients.sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ["All"] }),
  );
  return answer.Messages ?? [];
}

const topicPolicy = (SourceArn = RULE) =>
  policy(
    allow("sns:Publish", TOPIC, {
      Principal: { Service: "events.amazonaws.com" },
      Condition: { ArnEquals: { "aws:SourceArn": SourceArn } },
    }),
  );
const setTopicPolicy = (AttributeValue: string) =>
  work.sns.send(new SetTopicAttributesCommand({ TopicArn: TOPIC, AttributeName: "Policy", AttributeValue }));
const keyPolicy = (topic = TOPIC) =>
  policy(
    delegateTo(WORK),
    allow(["kms:GenerateDataKey*", "kms:Decrypt"], "*", {
      Principal: { Service: "events.amazonaws.com" },
      Condition: { StringEquals: { "kms:EncryptionContext:aws:sns:topicArn": topic } },
    }),
  );
const setKeyPolicy = (Policy: string) =>
  work.kms.send(new PutKeyPolicyCommand({ KeyId: topicKey, PolicyName: "default", Policy }));
const setQueuePolicy = (name: string, service: string, source: string) => {
  const Policy = policy(
    allow("sqs:SendMessage", queueArn(name), {
      Principal: { Service: service },
      Condition: { ArnEquals: { "aws:SourceArn": source } },
    }),
  );
  return work.sqs.send(new SetQueueAttributesCommand({ QueueUrl: queueUrl(name), Attributes: { Policy } }));
};
const openQueue = (name: string, topic = TOPIC) => setQueuePolicy(name, "sns.amazonaws.com", topic);

/** Starts a session as an operator. @returns the last delivery of its event */
async function start() {
  const operator = await clientsOf(emulator, WORK, "Operator", "alice");
  await operator.ssm.send(new StartSessionCommand({ Target: "i-1", Reason: 'ticket "7"' }));
  return emulator.deliveries.at(-1);
}

describe("delivery of session events", () => {
  beforeAll(async () => {
    await createRole(work, "Operator");
    emulator.registerInstance({
      accountId: WORK,
      region: REGION,
      instanceId: "i-1",
      instanceRoleName: "Web",
    });
    await work.s3.send(
      new CreateBucketCommand({
        Bucket: "trail-bucket",
        CreateBucketConfiguration: { LocationConstraint: REGION },
      }),
    );
    const admitted = { Principal: { Service: "cloudtrail.amazonaws.com" } };
    const Policy = policy(
      allow("s3:GetBucketAcl", "arn:aws:s3:::trail-bucket", admitted),
      allow("s3:PutObject", "arn:aws:s3:::trail-bucket/*", admitted),
    );
    await work.s3.send(new PutBucketPolicyCommand({ Bucket: "trail-bucket", Policy }));
    topicKey = await createKey(work);
    for (const QueueName of ["inbox", "others", "letters"])
      await work.sqs.send(new CreateQueueCommand({ QueueName }));
    await setQueuePolicy("letters", "events.amazonaws.com", RULE);
    await work.sns.send(
      new CreateTopicCommand({ Name: "activity", Attributes: { KmsMasterKeyId: topicKey } }),
    );
    for (const [name, event] of [
      ["inbox", "StartSession"],
      ["others", "TerminateSession"],
    ] as const) {
      await openQueue(name);
      await work.sns.send(
        new SubscribeCommand({
          TopicArn: TOPIC,
          Protocol: "sqs",
          Endpoint: queueArn(name),
          Attributes: {
            RawMessageDelivery: "true",
            FilterPolicyScope: "MessageBody",
            FilterPolicy: JSON.stringify({ event: [event] }),
          },
        }),
      );
    }
    const EventPattern = JSON.stringify({ source: ["aws.ssm"], detail: { eventName: ["StartSession"] } });
    await work.events.send(new PutRuleCommand({ Name: "sessions", EventPattern, State: "ENABLED" }));
    await work.events.send(
      new PutTargetsCommand({
        Rule: "sessions",
        Targets: [
          {
            Id: "topic",
            Arn: TOPIC,
            DeadLetterConfig: { Arn: queueArn("letters") },
            InputTransformer: {
              InputPathsMap: {
                who: "$.detail.userIdentity.arn",
                event: "$.detail.eventName",
                reason: "$.detail.requestParameters.reason",
                error: "$.detail.errorCode",
              },
              InputTemplate: '{"event": <event>, "text": "<who> because of <reason><error>"}',
            },
          },
        ],
      }),
    );
  });

  beforeEach(async () => {
    await grant(work, "Operator", operatorGrants());
    await setTopicPolicy(topicPolicy());
    await setKeyPolicy(keyPolicy());
    await openQueue("inbox");
    await work.cloudtrail.send(
      new CreateTrailCommand({ Name: "own", S3BucketName: "trail-bucket", IsMultiRegionTrail: true }),
    );
    await work.cloudtrail.send(new StartLoggingCommand({ Name: TRAIL }));
    for (const name of ["inbox", "others", "letters"]) await take(work, queueUrl(name));
  });
  afterEach(() => work.cloudtrail.send(new DeleteTrailCommand({ Name: TRAIL })));

  it("happens only when a trail records the account", async () => {
    await work.cloudtrail.send(new StopLoggingCommand({ Name: TRAIL }));
    expect(await start()).toMatchObject({ outcome: "not recorded" });
    await work.cloudtrail.send(new StartLoggingCommand({ Name: TRAIL }));
    expect(await start()).toMatchObject({ outcome: "delivered", rule: "sessions", targetArn: TOPIC });
  });

  it("goes through topic and filter policy to the right queue, transformed", async () => {
    await start();
    const [message] = await take(work, queueUrl("inbox"));
    const who = `arn:aws:sts::${WORK}:assumed-role/Operator/alice`;
    expect(JSON.parse(message?.Body ?? "")).toEqual({
      event: "StartSession",
      text: `${who} because of ticket "7"`,
    });
    expect(await take(work, queueUrl("others"))).toEqual([]);
  });

  it("reports the outcome at each subscription", async () => {
    expect((await start())?.subscriptions).toEqual([
      { protocol: "sqs", endpoint: queueArn("inbox"), outcome: "delivered" },
      { protocol: "sqs", endpoint: queueArn("others"), outcome: "filtered out" },
    ]);
  });

  it("does not reach a queue whose policy does not allow SNS to send for this topic", async () => {
    await openQueue("inbox", `${TOPIC}-other`);
    const delivery = await start();
    // EventBridge counts the event as delivered as soon as the topic has accepted it.
    expect(delivery).toMatchObject({ outcome: "delivered" });
    expect(delivery?.subscriptions?.[0]).toEqual({
      protocol: "sqs",
      endpoint: queueArn("inbox"),
      outcome: "lost",
      reason: expect.stringContaining("sqs:SendMessage"),
    });
    expect(await take(work, queueUrl("inbox"))).toEqual([]);
  });

  it("ends in the subscription's dead-letter queue when that queue's policy allows SNS to send", async () => {
    await work.sqs.send(new CreateQueueCommand({ QueueName: "undelivered" }));
    await openQueue("undelivered");
    const { SubscriptionArn } = await work.sns.send(
      new SubscribeCommand({
        TopicArn: TOPIC,
        Protocol: "sqs",
        Endpoint: queueArn("nowhere"),
        Attributes: { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: queueArn("undelivered") }) },
      }),
    );
    try {
      const delivery = await start();
      expect(delivery?.subscriptions?.[2]).toMatchObject({
        endpoint: queueArn("nowhere"),
        outcome: "dead-lettered",
      });
      expect(await take(work, queueUrl("undelivered"))).toHaveLength(1);
      expect(await take(work, queueUrl("inbox"))).toHaveLength(1);
    } finally {
      await work.sns.send(new UnsubscribeCommand({ SubscriptionArn }));
    }
  });

  it("ends in the dead-letter queue when the topic's policy refuses", async () => {
    await setTopicPolicy(topicPolicy(`${RULE}-other`));
    expect(await start()).toMatchObject({
      outcome: "dead-lettered",
      reason: expect.stringContaining("sns:Publish"),
    });
    expect((await take(work, queueUrl("letters")))[0]?.MessageAttributes).toMatchObject({
      RULE_ARN: { StringValue: RULE },
      TARGET_ARN: { StringValue: TOPIC },
      ERROR_CODE: { StringValue: "NO_PERMISSIONS" },
      ERROR_MESSAGE: { StringValue: expect.stringContaining("sns:Publish") },
    });
  });

  it("ends in the dead-letter queue when the topic's key refuses", async () => {
    await setKeyPolicy(keyPolicy(`${TOPIC}-other`));
    expect(await start()).toMatchObject({
      outcome: "dead-lettered",
      reason: expect.stringContaining("kms:GenerateDataKey"),
    });
  });

  it("ends in the dead-letter queue when the topic's key is disabled, with SNS's error", async () => {
    await work.kms.send(new DisableKeyCommand({ KeyId: idOf(topicKey) }));
    try {
      expect(await start()).toMatchObject({ outcome: "dead-lettered", reason: `${topicKey} is disabled` });
    } finally {
      await work.kms.send(new EnableKeyCommand({ KeyId: idOf(topicKey) }));
    }
    expect(await take(work, queueUrl("inbox"))).toEqual([]);
    expect((await take(work, queueUrl("letters")))[0]?.MessageAttributes).toMatchObject({
      ERROR_CODE: { StringValue: "SDK_CLIENT_ERROR" },
    });
    expect(await start()).toMatchObject({ outcome: "delivered" });
  });

  it("is lost when the key of the dead-letter queue is disabled, too", async () => {
    // Moto forgets the attributes that a call does not name.
    const encrypt = (KmsMasterKeyId: string) => {
      const Policy = policy(
        allow("sqs:SendMessage", queueArn("letters"), { Principal: { Service: "events.amazonaws.com" } }),
      );
      const Attributes = { Policy, KmsMasterKeyId };
      return work.sqs.send(new SetQueueAttributesCommand({ QueueUrl: queueUrl("letters"), Attributes }));
    };
    const queueKey = await createKey(work);
    const Policy = policy(
      delegateTo(WORK),
      allow(["kms:GenerateDataKey*", "kms:Decrypt"], "*", { Principal: { Service: "events.amazonaws.com" } }),
    );
    await work.kms.send(new PutKeyPolicyCommand({ KeyId: queueKey, PolicyName: "default", Policy }));
    await setTopicPolicy(topicPolicy(`${RULE}-other`));
    await encrypt(queueKey);
    try {
      expect(await start()).toMatchObject({ outcome: "dead-lettered" });
      await work.kms.send(new DisableKeyCommand({ KeyId: idOf(queueKey) }));
      expect(await start()).toMatchObject({
        outcome: "lost",
        reason: expect.stringContaining(`${queueKey} is disabled`),
      });
    } finally {
      await encrypt("");
      await setQueuePolicy("letters", "events.amazonaws.com", RULE);
    }
  });

  it("includes denied sessions", async () => {
    await grant(work, "Operator", without(operatorGrants(), "start"));
    await expect(start()).rejects.toThrow("is not authorized to perform: ssm:StartSession");
    expect(emulator.deliveries.at(-1)?.message).toContain("AccessDenied");
  });

  it("ends when the trail stops logging", async () => {
    await work.cloudtrail.send(new StopLoggingCommand({ Name: TRAIL }));
    const { IsLogging } = await work.cloudtrail.send(new GetTrailStatusCommand({ Name: TRAIL }));
    expect(IsLogging).toBe(false);
    expect(await start()).toMatchObject({ outcome: "not recorded" });
  });
});

describe("an alarm that changes its state", () => {
  const ALARM = "breached";
  const alarmRule = `arn:aws:events:${REGION}:${WORK}:rule/alarms`;

  beforeAll(async () => {
    for (const name of ["alarm-events", "alarm-notices"]) {
      await work.sqs.send(new CreateQueueCommand({ QueueName: name }));
    }
    await setQueuePolicy("alarm-events", "events.amazonaws.com", alarmRule);
    const open = await work.sns.send(new CreateTopicCommand({ Name: "open" }));
    const closed = await work.sns.send(new CreateTopicCommand({ Name: "closed" }));
    const setPolicy = (TopicArn: string, service: string) =>
      work.sns.send(
        new SetTopicAttributesCommand({
          TopicArn,
          AttributeName: "Policy",
          AttributeValue: policy(allow("sns:Publish", TopicArn, { Principal: { Service: service } })),
        }),
      );
    await setPolicy(open.TopicArn!, "cloudwatch.amazonaws.com");
    await setPolicy(closed.TopicArn!, "events.amazonaws.com");
    await work.cloudwatch.send(
      new PutMetricAlarmCommand({
        AlarmName: ALARM,
        AlarmDescription: "Something failed.",
        Namespace: "AWS/SQS",
        MetricName: "ApproximateNumberOfMessagesVisible",
        Statistic: "Maximum",
        ComparisonOperator: "GreaterThanThreshold",
        Threshold: 0,
        EvaluationPeriods: 1,
        Period: 300,
        AlarmActions: [open.TopicArn!, closed.TopicArn!],
      }),
    );
    const EventPattern = JSON.stringify({
      source: ["aws.cloudwatch"],
      detail: { alarmName: [{ prefix: "brea" }], state: { value: ["ALARM"] } },
    });
    await work.events.send(new PutRuleCommand({ Name: "alarms", EventPattern, State: "ENABLED" }));
    await work.events.send(
      new PutTargetsCommand({ Rule: "alarms", Targets: [{ Id: "queue", Arn: queueArn("alarm-events") }] }),
    );
  });

  it("notifies each topic that accepts it, and sends an event that needs no trail", async () => {
    const told = await emulator.breachAlarm(WORK, REGION, ALARM);
    expect(told).toEqual([
      { topicArn: `arn:aws:sns:${REGION}:${WORK}:open`, outcome: "delivered" },
      {
        topicArn: `arn:aws:sns:${REGION}:${WORK}:closed`,
        outcome: "refused",
        reason: expect.stringContaining("sns:Publish") as string,
      },
    ]);
    const [message] = await take(work, queueUrl("alarm-events"));
    expect(JSON.parse(message!.Body!)).toMatchObject({
      account: WORK,
      region: REGION,
      detail: {
        alarmName: ALARM,
        state: { value: "ALARM" },
        configuration: { description: "Something failed." },
      },
    });
  });

  it("must exist", async () => {
    await expect(emulator.breachAlarm(WORK, REGION, "missing")).rejects.toThrow("There is no alarm missing");
  });
});

describe("management calls", () => {
  it("reach the rules when they are recorded", async () => {
    const intruder = await clientsOf(emulator, TRAILED, "Intruder");
    const QueueUrl = queueUrl("alarms", TRAILED);
    await intruder.sqs.send(new CreateQueueCommand({ QueueName: "alarms" }));
    const Policy = policy(allow("sqs:SendMessage", "*", { Principal: { Service: "events.amazonaws.com" } }));
    await intruder.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
    const EventPattern = JSON.stringify({
      source: ["aws.ssm", "aws.s3"],
      detail: { eventName: ["DeleteDocument", "DeleteBucketPolicy"] },
    });
    await intruder.events.send(new PutRuleCommand({ Name: "tamper", EventPattern }));
    await intruder.events.send(
      new PutTargetsCommand({
        Rule: "tamper",
        Targets: [{ Id: "queue", Arn: queueArn("alarms", TRAILED) }],
      }),
    );
    const Content = '{"schemaVersion":"1.0","sessionType":"Standard_Stream","inputs":{}}';
    await intruder.ssm.send(
      new CreateDocumentCommand({ Name: "Preferences", DocumentType: "Session", Content }),
    );
    await intruder.ssm.send(new DeleteDocumentCommand({ Name: "Preferences" }));
    await emulator.settled();
    expect(emulator.deliveries.filter(({ rule }) => rule === "tamper")).toMatchObject([
      { eventName: "DeleteDocument", outcome: "delivered" },
    ]);
    const [message] = await take(intruder, QueueUrl);
    expect(JSON.parse(message?.Body ?? "{}")).toMatchObject({
      source: "aws.ssm",
      detail: {
        requestParameters: { name: "Preferences" },
        userIdentity: { sessionContext: { sessionIssuer: { userName: "Intruder" } } },
      },
    });
  });
});
