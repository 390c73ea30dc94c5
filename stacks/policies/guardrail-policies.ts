import { names, PREFERENCES_DOCUMENT } from "../names";
import type { GuardrailScope } from "./guardrail-scope";
import { policy, unique, type Policy, type Statement } from "./policy";

/**
 * Service control policies. They grant nothing, and take from every user and role of a member account, the root user
 * and administrators included, what would leave sessions without a record. Nobody but the roles that are exempt may
 * do it; AWS services and their service-linked roles are not bound.
 */

/** Binds all principals but some roles. `ArnNotLike` compares field by field: a `*` does not reach over a colon. */
const allBut = (roles: readonly string[]): Statement["Condition"] =>
  roles.length === 0 ? undefined : { ArnNotLike: { "aws:PrincipalArn": unique(roles) } };

function refuse(
  Sid: string,
  exempt: readonly string[],
  what: Pick<Statement, "Action" | "Resource" | "NotResource" | "Condition">,
): Statement {
  const Condition = { ...allBut(exempt), ...what.Condition };
  const { Condition: _, ...rest } = what;
  return { Sid, Effect: "Deny", ...rest, ...(Object.keys(Condition).length > 0 && { Condition }) };
}

/** Whoever deploys what records, and whoever mends it in an emergency. */
const exemptFrom = ({ deploymentRoles, breakGlassRoles }: GuardrailScope) => [
  ...deploymentRoles,
  ...breakGlassRoles,
];

/** Any account, any region. */
const anywhere = ({ partition }: GuardrailScope, service: string, resource: string) =>
  `arn:${partition}:${service}:*:*:${resource}`;

/** What sessions there may be, and who decides about it. */
export function sessionGuardrails(scope: GuardrailScope): Policy {
  const { partition, regions, breakGlassRoles, documents } = scope;
  const exempt = exemptFrom(scope);
  const prefix = names.prefix(scope);
  const iam = (resource: string) => `arn:${partition}:iam::*:${resource}`;
  return policy(
    documents !== null &&
      refuse("RefuseUnrecordedSessions", breakGlassRoles, {
        Action: ["ssm:StartSession"],
        // AWS asks for the node and, where one is named, for the document. Tasks of ECS are not here: ECS Exec is
        // another call, and a session that is started on a task directly is recorded nowhere.
        NotResource: [
          anywhere(scope, "ec2", "instance/*"),
          anywhere(scope, "ssm", "managed-instance/*"),
          ...[PREFERENCES_DOCUMENT, ...documents].map((name) => documentArn(scope, name)),
        ],
      }),
    documents !== null &&
      refuse("RefuseForeignDocuments", breakGlassRoles, {
        // Another account could share a document of this name, with preferences of its own.
        Action: ["ssm:StartSession"],
        Resource: [PREFERENCES_DOCUMENT, ...documents]
          .filter((name) => !isAwsDocument(name))
          .map((name) => documentArn(scope, name)),
        Condition: {
          // A variable stands only behind an ARN's fifth colon, so not for its account. Where AWS says no owner, all pass.
          Null: { "aws:ResourceAccount": "false" },
          StringNotEquals: { "aws:ResourceAccount": "${aws:PrincipalAccount}" },
        },
      }),
    documents !== null &&
      refuse("RefuseSessionsElsewhere", breakGlassRoles, {
        Action: ["ssm:StartSession"],
        Resource: "*",
        Condition: { StringNotEquals: { "aws:RequestedRegion": regions } },
      }),
    refuse("KeepPreferences", exempt, {
      Action: [
        "ssm:CreateDocument",
        "ssm:DeleteDocument",
        "ssm:ModifyDocumentPermission",
        "ssm:ResetServiceSetting",
        "ssm:UpdateDocument",
        "ssm:UpdateDocumentDefaultVersion",
        "ssm:UpdateServiceSetting",
      ],
      Resource: [
        anywhere(scope, "ssm", `document/${PREFERENCES_DOCUMENT}`),
        ...SERVICE_SETTINGS.map((setting) => anywhere(scope, "ssm", `servicesetting${setting}`)),
      ],
    }),
    refuse("KeepRoles", exempt, {
      // Whoever could make a role of an exempt name, or let himself take one, would be exempt.
      Action: [
        "iam:AddRoleToInstanceProfile",
        "iam:AttachRolePolicy",
        "iam:CreateRole",
        "iam:DeleteInstanceProfile",
        "iam:DeleteRole*",
        "iam:DetachRolePolicy",
        "iam:PutRole*",
        "iam:RemoveRoleFromInstanceProfile",
        "iam:UpdateAssumeRolePolicy",
      ],
      Resource: unique([iam(`role/${prefix}*`), iam(`instance-profile/${prefix}*`), ...exempt]),
    }),
    refuse("KeepAccessPolicies", exempt, {
      Action: ["iam:CreatePolicyVersion", "iam:DeletePolicy*", "iam:SetDefaultPolicyVersion"],
      Resource: [iam(`policy/${prefix}*`)],
    }),
    refuse("KeepInstancePolicyAttached", exempt, {
      Action: ["iam:DetachRolePolicy"],
      Resource: "*",
      Condition: { ArnLike: { "iam:PolicyARN": iam(`policy/${names.instancePolicy(scope)}`) } },
    }),
    refuse("StayInOrganization", exempt, { Action: ["organizations:LeaveOrganization"], Resource: "*" }),
  );
}

/** Settings of Systems Manager that decide about recording: the role of nodes without a profile, and public documents. */
const SERVICE_SETTINGS = [
  "/ssm/documents/console/public-sharing-permission",
  "/ssm/managed-instance/default-ec2-instance-management-role",
];

/** Names that AWS keeps for itself. */
const isAwsDocument = (name: string) => /^(AWS|Amazon|Amzn)/i.test(name);

/** AWS's own documents belong to no account. */
const documentArn = ({ partition }: GuardrailScope, name: string) =>
  `arn:${partition}:ssm:*:${isAwsDocument(name) ? "" : "*"}:document/${name}`;

/** Where the record lies, what encrypts it, and who is told of it. */
export function recordGuardrails(scope: GuardrailScope): Policy {
  const { organization, partition } = scope;
  const exempt = exemptFrom(scope);
  const prefix = names.prefix(scope);
  const alias = names.keyAlias(scope);
  const everywhere = (service: string, resource: string) => anywhere(scope, service, resource);
  return policy(
    refuse("KeepTranscripts", exempt, {
      Action: TRANSCRIPT_ACTIONS,
      // Buckets, and what is in them.
      Resource: [`arn:${partition}:s3:::${prefix}*`],
    }),
    refuse("KeepSessionLogs", exempt, {
      Action: LOG_ACTIONS,
      Resource: [
        everywhere("logs", `log-group:/session-audit/${organization}/*`),
        everywhere("logs", `log-group:/aws/lambda/${prefix}*`),
      ],
    }),
    refuse("KeepKeys", exempt, {
      Action: KEY_ACTIONS,
      Resource: [everywhere("kms", "key/*")],
      // A key's id is AWS's to make up.
      Condition: { "ForAnyValue:StringLike": { "kms:ResourceAliases": [alias, `${alias}-*`] } },
    }),
    refuse("KeepKeyAliases", exempt, {
      Action: ["kms:DeleteAlias", "kms:UpdateAlias"],
      Resource: [everywhere("kms", alias), everywhere("kms", `${alias}-*`)],
    }),
    refuse("KeepTrail", exempt, {
      Action: [
        "cloudtrail:DeleteTrail",
        "cloudtrail:PutEventSelectors",
        "cloudtrail:StopLogging",
        "cloudtrail:UpdateTrail",
      ],
      Resource: [everywhere("cloudtrail", `trail/${names.trail(scope)}`)],
    }),
    refuse("KeepNotifications", exempt, {
      Action: [
        ...CHAT_ACTIONS,
        ...["cloudwatch:DeleteAlarms", "cloudwatch:DisableAlarmActions"],
        ...["cloudwatch:PutMetricAlarm", "cloudwatch:SetAlarmState"],
        ...["events:DeleteRule", "events:DisableRule", "events:PutRule"],
        ...["events:PutTargets", "events:RemoveTargets"],
        ...TOPIC_ACTIONS,
        ...["sqs:AddPermission", "sqs:DeleteQueue", "sqs:PurgeQueue"],
        ...["sqs:RemovePermission", "sqs:SetQueueAttributes"],
      ],
      Resource: [
        `arn:${partition}:chatbot::*:chat-configuration/*/${prefix}*`,
        everywhere("cloudwatch", `alarm:${prefix}*`),
        everywhere("events", `rule/${prefix}*`),
        everywhere("sns", `${prefix}*`),
        everywhere("sqs", `${prefix}*`),
      ],
    }),
  );
}

/** What leads a chat channel elsewhere, or takes it off. */
const CHAT_ACTIONS = ["MicrosoftTeams", "Slack"].flatMap((platform) => [
  `chatbot:Delete${platform}ChannelConfiguration`,
  `chatbot:Update${platform}ChannelConfiguration`,
]);

const TOPIC_ACTIONS = [
  ...["sns:AddPermission", "sns:DeleteTopic", "sns:RemovePermission"],
  ...["sns:SetSubscriptionAttributes", "sns:SetTopicAttributes", "sns:Unsubscribe"],
];

const TRANSCRIPT_ACTIONS = [
  "s3:BypassGovernanceRetention",
  "s3:DeleteBucket*",
  "s3:DeleteObject*",
  "s3:PutBucket*",
  "s3:PutEncryptionConfiguration",
  "s3:PutLifecycleConfiguration",
  "s3:PutReplicationConfiguration",
];

const LOG_ACTIONS = [
  "logs:AssociateKmsKey",
  "logs:Delete*",
  "logs:DisassociateKmsKey",
  "logs:PutDataProtectionPolicy",
  "logs:PutLogGroupDeletionProtection",
  "logs:PutRetentionPolicy",
  "logs:PutSubscriptionFilter",
];

const KEY_ACTIONS = [
  "kms:DeleteImportedKeyMaterial",
  "kms:DisableKey*",
  "kms:PutKeyPolicy",
  "kms:ScheduleKeyDeletion",
];

/** What the map names that somebody else made; null: it names nothing, or it is not to be protected. */
export function existingGuardrails(scope: GuardrailScope): Policy | null {
  const { partition, existing } = scope;
  const exempt = exemptFrom(scope);
  const statements = [
    existing.buckets.length > 0 &&
      refuse("KeepExistingBuckets", exempt, {
        Action: TRANSCRIPT_ACTIONS,
        Resource: unique(
          existing.buckets.flatMap(({ bucket, prefix }) => [
            `arn:${partition}:s3:::${bucket}`,
            // What else is in the bucket is not ours to keep.
            `arn:${partition}:s3:::${bucket}/${prefix}/*`,
          ]),
        ),
      }),
    existing.logGroups.length > 0 &&
      refuse("KeepExistingLogGroups", exempt, {
        Action: LOG_ACTIONS,
        Resource: existing.logGroups.flatMap((group) => [
          anywhere(scope, "logs", `log-group:${group}`),
          anywhere(scope, "logs", `log-group:${group}:*`),
        ]),
      }),
    existing.keyArns.length > 0 &&
      refuse("KeepExistingKeys", exempt, { Action: KEY_ACTIONS, Resource: existing.keyArns }),
    existing.topicArns.length > 0 &&
      refuse("KeepExistingTopics", exempt, { Action: TOPIC_ACTIONS, Resource: existing.topicArns }),
  ];
  return statements.some((statement) => statement !== false) ? policy(...statements) : null;
}

/** A service control policy of an organization, and what it is called. */
export interface Guardrail {
  /** Construct id. */
  readonly id: string;
  /** Of {@link names.guardrail}. */
  readonly of: string;
  readonly description: string;
  readonly policy: Policy;
}

/** The service control policies of an organization: five may be attached to a unit, `FullAWSAccess` among them. */
export function guardrailsFor(scope: GuardrailScope): Guardrail[] {
  const existing = existingGuardrails(scope);
  return [
    {
      id: "Sessions",
      of: "sessions",
      description: "Sessions that are recorded, and preferences that stay as deployed",
      policy: sessionGuardrails(scope),
    },
    {
      id: "Records",
      of: "records",
      description: "What keeps the record of sessions, and who is told of them",
      policy: recordGuardrails(scope),
    },
    ...(existing === null
      ? []
      : [
          {
            id: "Existing",
            of: "existing-records",
            description:
              "Existing buckets, log groups, keys and topics that the record of sessions depends on",
            policy: existing,
          },
        ]),
  ];
}
