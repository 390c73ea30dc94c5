import type { ArchiveSite, Organization, Target } from "../../accounts/model/organization";
import {
  arns,
  channelNames,
  chatTopic,
  guardNames,
  type Place,
  placeOf,
  principalOf,
  topicArn,
  viaService,
} from "../names";
import { destinationsOf } from "./destinations";
import { policy, type Policy, type Statement } from "./policy";

/** What the guard of a target does, and on what. */
export interface GuardDuties {
  readonly place: Place;
  /** ARN of the security channel's topic. */
  readonly topicArn: string;
  /** ARN of its topic for chat; null: there is none. */
  readonly chatTopicArn: string | null;
  readonly endsSessions: boolean;
  /** Where transcripts are looked for; null: nowhere. `prefix` has the account and region. */
  readonly transcripts: { readonly bucket: string; readonly prefix: string } | null;
  /** Name of the log group in which streams are looked for; null: in none. */
  readonly logGroup: string | null;
  /** Whether it runs on a schedule. */
  readonly looks: boolean;
}

/** What the map wants of a target's guard; null: none. */
export function guardDutiesOf(organization: Organization, target: Target): GuardDuties | null {
  const { guard, notifications } = target.settings;
  if (!guard.enabled) return null;
  const place = placeOf(organization, target);
  const { transcripts, logGroup } = destinationsOf(organization, target);
  const looks = guard.checkTranscriptsEveryMinutes !== null;
  const { topic } = channelNames({ kind: "target", place });
  return {
    place,
    topicArn: topicArn(place, notifications.security, topic),
    chatTopicArn: notifications.security.chat.length > 0 ? arns.topic(place, chatTopic(topic)) : null,
    endsSessions: guard.terminate,
    transcripts: looks ? transcripts : null,
    logGroup: looks ? logGroup : null,
    looks,
  };
}

/** The role with which guards of other accounts look into an archive's bucket; null: no guard does. */
export function guardRoleOf(organization: Organization, site: ArchiveSite): string | null {
  const place = placeOf(organization, site);
  const looks = organization.targets
    .filter(({ usesArchive, region }) => usesArchive && region === site.region)
    .some((target) => guardDutiesOf(organization, target)?.transcripts);
  return looks ? guardNames(place).role : null;
}

/** Lambda, for functions to which somebody of the account may pass the role. AWS documents no condition here. */
export const guardTrust = (place: Place): Policy =>
  policy({
    Sid: "LambdaTakesThisRole",
    Effect: "Allow",
    Principal: { Service: principalOf("lambda", place) },
    Action: ["sts:AssumeRole"],
  });

const allow = (
  Sid: string,
  Action: readonly string[],
  Resource: string | readonly string[],
  Condition?: Statement["Condition"],
): Statement => ({ Sid, Effect: "Allow", Action, Resource, ...(Condition && { Condition }) });

/** The key of the topic and of the table: of which key is AWS's or others' to know, the context says for what. */
const useKeyFor = (
  sid: string,
  actions: readonly string[],
  place: Place,
  service: string,
  context: Readonly<Record<string, string | readonly string[]>>,
): Statement =>
  allow(sid, actions, arns.keys(place), {
    StringEquals: {
      "kms:ViaService": viaService(service, place),
      ...Object.fromEntries(
        Object.entries(context).map(([name, value]) => [`kms:EncryptionContext:${name}`, value]),
      ),
    },
  });

/** What the guard's function may do. It can't read a transcript, nor a line of a log. */
export function guardPolicy(duties: GuardDuties): Policy {
  const { place, transcripts, logGroup } = duties;
  const own = guardNames(place);
  const topicArns = [duties.topicArn, ...(duties.chatTopicArn === null ? [] : [duties.chatTopicArn])];
  return policy(
    duties.endsSessions && allow("EndSessions", ["ssm:TerminateSession"], arns.sessions(place)),
    duties.looks && allow("ListSessions", ["ssm:DescribeSessions"], "*"),
    transcripts &&
      allow("FindTranscripts", ["s3:ListBucket"], arns.bucket(place, transcripts.bucket), {
        StringLike: { "s3:prefix": `${transcripts.prefix}/*` },
      }),
    logGroup !== null &&
      allow(
        "FindLogStreams",
        ["logs:DescribeLogStreams"],
        [arns.logGroup(place, logGroup), `${arns.logGroup(place, logGroup)}:*`],
      ),
    allow(
      "RememberWhatWasTold",
      ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"],
      arns.table(place, own.table),
    ),
    useKeyFor("OpenOwnTable", ["kms:Decrypt"], place, "dynamodb", tableContext(place)),
    allow("TellSecurityChannel", ["sns:Publish"], topicArns),
    useKeyFor("EncryptWhatItTells", ["kms:GenerateDataKey", "kms:Decrypt"], place, "sns", {
      "aws:sns:topicArn": topicArns,
    }),
    allow(
      "WriteOwnLog",
      ["logs:CreateLogStream", "logs:PutLogEvents"],
      `${arns.logGroup(place, own.logGroup)}:log-stream:*`,
    ),
    allow("KeepEventsThatFail", ["sqs:SendMessage"], arns.queue(place, own.deadLetters)),
    allow("SendTraces", ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*"),
  );
}

/** What DynamoDB puts into each use of a table's key. */
const tableContext = (place: Place) => ({
  "aws:dynamodb:tableName": guardNames(place).table,
  "aws:dynamodb:subscriberId": place.account.id,
});

/** What the guard uses the key of its target for, besides its own log and table. */
export interface GuardKeyUses {
  /** Topics that it publishes to, as far as this key encrypts them. */
  readonly topicArns: readonly string[];
}

/**
 * What the guard needs of the key of its target. The grant is DynamoDB's own way to keep a table open; AWS takes it in
 * no other form, and it holds for this table's data alone.
 */
export function guardKeyStatements(place: Place, { topicArns }: GuardKeyUses): readonly Statement[] {
  const { role, logGroup } = guardNames(place);
  const account = { AWS: arns.root(place.account) };
  const throughDynamoDb = { "kms:ViaService": viaService("dynamodb", place) };
  const ofTable = Object.fromEntries(
    Object.entries(tableContext(place)).map(([name, value]) => [`kms:EncryptionContext:${name}`, value]),
  );
  return [
    {
      Sid: "CloudWatchLogsEncryptsGuardLog",
      Effect: "Allow",
      Principal: { Service: principalOf("logs", place) },
      Action: ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
      Resource: "*",
      Condition: { ArnEquals: { "kms:EncryptionContext:aws:logs:arn": arns.logGroup(place, logGroup) } },
    },
    {
      Sid: "AccountUsesGuardTableThroughDynamoDb",
      Effect: "Allow",
      Principal: account,
      Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"],
      Resource: "*",
      Condition: { StringEquals: { ...throughDynamoDb, ...ofTable } },
    },
    {
      Sid: "DynamoDbKeepsGuardTableOpen",
      Effect: "Allow",
      Principal: account,
      Action: ["kms:CreateGrant"],
      Resource: "*",
      Condition: {
        StringEquals: { ...throughDynamoDb, ...ofTable },
        Bool: { "kms:GrantIsForAWSResource": "true" },
      },
    },
    ...(topicArns.length === 0
      ? []
      : [
          {
            Sid: "GuardPublishesToSecurityTopic",
            Effect: "Allow" as const,
            Principal: account,
            Action: ["kms:GenerateDataKey", "kms:Decrypt"],
            Resource: "*",
            Condition: {
              StringEquals: { "kms:ViaService": viaService("sns", place) },
              ArnEquals: {
                "aws:PrincipalArn": arns.role(place.account, role),
                "kms:EncryptionContext:aws:sns:topicArn": topicArns,
              },
            },
          },
        ]),
  ];
}

/** Who may put what the guard could not be told into its queue: EventBridge, for its rules. Lambda has the role. */
export const guardQueuePolicy = (place: Place, rules: readonly string[]): Policy => {
  const queue = arns.queue(place, guardNames(place).deadLetters);
  return policy(
    {
      Sid: "EventBridgeKeepsUndelivered",
      Effect: "Allow",
      Principal: { Service: principalOf("events", place) },
      Action: ["sqs:SendMessage"],
      Resource: queue,
      Condition: { ArnEquals: { "aws:SourceArn": rules.map((rule) => arns.rule(place, rule)) } },
    },
    {
      Sid: "RefusePlainHttp",
      Effect: "Deny",
      Principal: "*",
      Action: ["sqs:*"],
      Resource: queue,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  );
};
