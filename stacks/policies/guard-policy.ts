import type { ArchiveSite, Organization, Target } from "../../accounts/model/organization";
import { centralSiteOf } from "../../accounts/model/central";
import { arnParts } from "../../aws/arn";
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
import { inAccounts, type OwnedBucket } from "./owned-buckets";
import { policy, unique, type Policy, type Statement } from "./policy";
import { membersOf, type Members } from "./principals";

/** The duties of a target's guard, and the resources that they concern. The guard's role is derived from them. */
export interface GuardDuties {
  readonly place: Place;
  /** ARN of the security channel's topic; null: the channel has no topic. */
  readonly topicArn: string | null;
  /** ARN of that channel's topic for chat; null: the channel has no chat. */
  readonly chatTopicArn: string | null;
  /** The topics of `notifications.central` for findings, to which the guard publishes as well; null: there are none. */
  readonly central: { readonly topicArn: string | null; readonly chatTopicArn: string | null } | null;
  /** Whether the guard ends sessions whose document is not allowed. */
  readonly endsSessions: boolean;
  /** Bucket and key prefix `<prefix>/<account>/<region>` in which the guard looks for transcripts; null: in none. */
  readonly transcripts: (OwnedBucket & { readonly bucket: string; readonly prefix: string }) | null;
  /** Name of the log group in which the guard looks for log streams; null: in none. */
  readonly logGroup: string | null;
  /** Whether the guard runs on a schedule, to look for sessions that left no record. */
  readonly looks: boolean;
}

/** The duties that the map gives the guard of a target; null: the target has no guard. */
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
    central: centralTopicsOf(organization, target),
    endsSessions: guard.terminate,
    transcripts: looks ? transcripts : null,
    logGroup: looks ? logGroup : null,
    looks,
  };
}

/**
 * The topics of `notifications.central` for the reports of a target's guard. The guard publishes there itself: its reports
 * are no events of AWS, and the central bus accepts no others. null: there are none. The central channel beside an archive
 * has no reports of guards.
 */
function centralTopicsOf(organization: Organization, target: Target): GuardDuties["central"] {
  const { central } = organization;
  if (central === null || centralSiteOf(organization, target) === null) return null;
  const place = placeOf(organization, central);
  const { security } = central.settings.notifications;
  const { topic } = channelNames({ kind: "all-security", place });
  return {
    topicArn: topicArn(place, security, topic),
    chatTopicArn: security.chat.length > 0 ? arns.topic(place, chatTopic(topic)) : null,
  };
}

/** The accounts whose guards publish to the topics of `notifications.central`; null: no guard does. */
export const tellingGuards = (organization: Organization): Members | null =>
  organization.targets.some((target) => guardDutiesOf(organization, target)?.central)
    ? membersOf(organization)
    : null;

/** ARNs of all topics to which a guard publishes. */
const topicsOf = ({ topicArn: own, chatTopicArn, central }: GuardDuties): string[] =>
  [own, chatTopicArn, central?.topicArn ?? null, central?.chatTopicArn ?? null].filter((arn) => arn !== null);

/**
 * Name of the role in which guards list transcripts in an archive's bucket. It is the same in every account. null: no
 * guard of a target that writes to this archive looks for transcripts.
 */
export function guardRoleOf(organization: Organization, site: ArchiveSite): string | null {
  const place = placeOf(organization, site);
  const looks = organization.targets
    .filter(({ usesArchive, region }) => usesArchive && region === site.region)
    .some((target) => guardDutiesOf(organization, target)?.transcripts);
  return looks ? guardNames(place).role : null;
}

/**
 * Trust policy of the guard's role: only Lambda can assume it. AWS's example has no condition that limits the trust
 * to one function. So `iam:PassRole` decides which functions of the account can have the role.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
 */
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

/**
 * Lets the guard use keys through one service. The ARN of a key is not known when the policy is written: AWS makes up
 * the id of a created key, and the map does not name the key of an existing topic. So the statement matches every key
 * of some accounts, and the encryption context limits it to these topics or this table.
 * @param keys ARNs of all keys of these accounts
 * @param services values of `kms:ViaService`
 * @param context names of the encryption context, without `kms:EncryptionContext:`, and the values that they must
 * have
 */
const useKeyFor = (
  sid: string,
  actions: readonly string[],
  keys: readonly string[],
  services: string | readonly string[],
  context: Readonly<Record<string, string | readonly string[]>>,
): Statement =>
  allow(sid, actions, keys, {
    StringEquals: {
      "kms:ViaService": one(services),
      ...Object.fromEntries(
        Object.entries(context).map(([name, value]) => [`kms:EncryptionContext:${name}`, value]),
      ),
    },
  });

/** A list of one value as the value itself, which is shorter. */
const one = (values: string | readonly string[]) =>
  typeof values !== "string" && values.length === 1 ? values[0]! : values;

/** Every key of the account and region of a topic, whose own key is one of them. */
const keysBeside = (topicArn: string) => {
  const { partition, region, accountId } = arnParts(topicArn);
  return `arn:${partition}:kms:${region}:${accountId}:key/*`;
};

/**
 * What the guard's function may do: end sessions, list sessions, transcripts and log streams, remember what it has
 * reported, and report to the security channel. It can read no transcript and no session log.
 */
export function guardPolicy(duties: GuardDuties): Policy {
  const { place, transcripts, logGroup } = duties;
  const own = guardNames(place);
  const topicArns = topicsOf(duties);
  // SNS calls KMS in the region of the topic.
  const regions = unique(topicArns.map((arn) => arnParts(arn).region));
  return policy(
    duties.endsSessions && allow("EndSessions", ["ssm:TerminateSession"], arns.sessions(place)),
    duties.looks && allow("ListSessions", ["ssm:DescribeSessions"], "*"),
    transcripts &&
      allow("FindTranscripts", ["s3:ListBucket"], arns.bucket(place, transcripts.bucket), {
        StringLike: { "s3:prefix": `${transcripts.prefix}/*` },
        ...(transcripts.owner !== null && { StringEquals: inAccounts([transcripts.owner]) }),
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
    useKeyFor(
      "OpenOwnTable",
      ["kms:Decrypt"],
      [arns.keys(place)],
      viaService("dynamodb", place),
      tableContext(place),
    ),
    allow("TellSecurityChannel", ["sns:Publish"], topicArns),
    useKeyFor(
      "EncryptWhatItTells",
      ["kms:GenerateDataKey", "kms:Decrypt"],
      unique(topicArns.map(keysBeside)),
      unique(regions.flatMap((region) => viaService("sns", { ...place, region }))),
      { "aws:sns:topicArn": topicArns },
    ),
    allow(
      "WriteOwnLog",
      ["logs:CreateLogStream", "logs:PutLogEvents"],
      `${arns.logGroup(place, own.logGroup)}:log-stream:*`,
    ),
    allow("KeepEventsThatFail", ["sqs:SendMessage"], arns.queue(place, own.deadLetters)),
    allow("SendTraces", ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*"),
  );
}

/**
 * The encryption context that DynamoDB adds to each use of a table's key.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 */
const tableContext = (place: Place) => ({
  "aws:dynamodb:tableName": guardNames(place).table,
  "aws:dynamodb:subscriberId": place.account.id,
});

/** What the guard uses its target's key for, in addition to its own log group and table. */
export interface GuardKeyUses {
  /** ARNs of topics that the guard publishes to and that this key encrypts. */
  readonly topicArns: readonly string[];
}

/**
 * What the key policy of a target must allow so that its guard works: the guard's log group, its table and its
 * messages. `DynamoDbKeepsGuardTableOpen` is the one statement that allows a grant: DynamoDB uses the key of a
 * table through grants. The encryption context limits these grants to the guard's table.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
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

/**
 * The policy of the guard's table: nobody but the guard's own role writes items. A forged item could keep a report from
 * going out. IAM still decides who else may read items, and who may change the table or this policy.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutResourcePolicy.html
 */
export const guardTablePolicy = (place: Place): Policy => {
  const { table, role } = guardNames(place);
  return policy({
    Sid: "OnlyTheGuardWrites",
    Effect: "Deny",
    Principal: "*",
    Action: ITEM_WRITES,
    Resource: arns.table(place, table),
    Condition: { ArnNotEquals: { "aws:PrincipalArn": arns.role(place.account, role) } },
  });
};

/** Permissions to write items, in PartiQL as well. Transactions need those of the writes that they consist of. */
const ITEM_WRITES = [
  ...["dynamodb:BatchWriteItem", "dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
  ...["dynamodb:PartiQLDelete", "dynamodb:PartiQLInsert", "dynamodb:PartiQLUpdate"],
];

/**
 * The policy of the guard's dead-letter queue. EventBridge puts events there that it could not deliver to the
 * guard, for the named rules alone. Lambda puts events there that the guard failed on, in the guard's own role,
 * which needs no statement here.
 * @param rules names of the rules that invoke the guard
 */
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
