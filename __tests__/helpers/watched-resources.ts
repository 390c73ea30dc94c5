import type { ChangedResource, TellingRule } from "../../stacks/weakening";
import { accountFindings } from "../../stacks/events/account-patterns";
import { centralTampering } from "../../stacks/events/central-patterns";
import { guardTampering } from "../../stacks/events/guard-patterns";
import { hostFindings } from "../../stacks/events/host-patterns";
import {
  channelFindings,
  deliveryFindings,
  preferenceFindings,
  tamperingFindings,
  type WatchedResources,
} from "../../stacks/events/security-patterns";

/** An account and region whose recording is watched. */
export const PLACE = {
  organization: "acme",
  account: { id: "444444444444", partition: "aws" as const },
  region: "eu-central-1",
};
const ARN = (service: string, resource: string) => `arn:aws:${service}:eu-central-1:444444444444:${resource}`;
const CENTRAL_KEY_ID = "99999999-12ab-34cd-56ef-1234567890ab";
const KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab";
const GROUP = "/session-audit/acme/sessions";
const QUEUE = "https://sqs.eu-central-1.amazonaws.com/444444444444";

export const WATCHED: WatchedResources = {
  preferences: true,
  logGroup: GROUP,
  buckets: ["session-audit-acme-444444444444-eu-central-1"],
  keyId: KEY_ID,
  keyAlias: "alias/session-audit-acme",
  trail: "session-audit-acme",
  topics: [ARN("sns", "soc")],
  chat: true,
  namePrefix: "session-audit-acme-",
};

/** The patterns of all rules that report weakening calls. */
export const PATTERNS: Readonly<Record<TellingRule, { readonly detail: Readonly<Record<string, unknown>> }>> =
  {
    preferences: preferenceFindings(WATCHED, [])!,
    tampering: tamperingFindings(WATCHED, []),
    channels: channelFindings(PLACE, WATCHED, []),
    delivery: deliveryFindings(PLACE, WATCHED, []),
    central: centralTampering(
      [
        {
          bus: "session-audit-acme-central",
          key: { keyId: CENTRAL_KEY_ID, keyAlias: "alias/session-audit-acme-central" },
        },
      ],
      [],
    ),
    guard: guardTampering(
      {
        function: "session-audit-acme-guard",
        table: "session-audit-acme-guard",
        logGroup: "/session-audit/acme/guard",
        namespace: "session-audit-acme",
      },
      [],
    ),
    hosts: hostFindings(
      {
        document: "session-audit-acme-linux-tools",
        associationIds: ["01234567-89ab-cdef-0123-456789abcdef"],
        endpointIds: ["vpce-0123456789abcdef0"],
        securityGroupIds: ["sg-0123456789abcdef0"],
      },
      [],
    )!,
    account: accountFindings(
      {
        roles: ["app-server", "session-reviewer", "AWSReservedSSO_Auditor_*"],
        boundaryArn: "arn:aws:iam::444444444444:policy/boundary",
        namePrefix: "session-audit-acme-",
      },
      [],
    ),
  };

/** Values of one parameter: those that name a watched resource, and those that name another one. */
interface Values {
  readonly ours: readonly unknown[];
  readonly theirs: readonly unknown[];
}

const arns = (service: string, ours: string, theirs: string): Values => ({
  ours: [ARN(service, ours)],
  theirs: [ARN(service, theirs)],
});
const names = (ours: string, theirs = "another"): Values => ({ ours: [ours], theirs: [theirs, ""] });
const function_: Values = {
  ours: [
    "session-audit-acme-guard",
    "session-audit-acme-guard:live",
    ARN("lambda", "function:session-audit-acme-guard"),
    ARN("lambda", "function:session-audit-acme-guard:7"),
  ],
  theirs: ["another", "session-audit-acme-guard-2", ARN("lambda", "function:another")],
};
const group: Values = {
  ours: [GROUP, ARN("logs", `log-group:${GROUP}`)],
  theirs: ["/another/group", `${GROUP}-2`],
};
const groupByArn: Values = {
  ours: [ARN("logs", `log-group:${GROUP}`), ARN("logs", `log-group:${GROUP}:*`)],
  theirs: [ARN("logs", "log-group:/another"), ARN("logs", `log-group:${GROUP}-2`), undefined],
};
const topic: Values = {
  ours: [ARN("sns", "session-audit-acme-security"), ARN("sns", "soc")],
  theirs: [ARN("sns", "another"), ARN("sns", "soc-2"), "arn:aws:sns:eu-central-1:555555555555:soc"],
};
const alarms: Values = {
  ours: [["another", "session-audit-acme-security-undelivered"]],
  theirs: [["another"], []],
};

/** A parameter that lists topics, for a rule or an alarm of somebody else. */
const listed = (ours: string, ...theirs: readonly string[]): Values => ({
  ours: [[ARN("sns", "another"), ARN("sns", ours)]],
  theirs: [theirs.map((name) => ARN("sns", name)), [], undefined],
});

const role: Readonly<Record<string, Values>> = {
  roleName: {
    ours: [
      ...["session-audit-acme-instance", "app-server", "session-reviewer"],
      "AWSReservedSSO_Auditor_0123456789abcdef",
    ],
    theirs: ["another", "app-server-2", "AWSReservedSSO_Admin_0123456789abcdef"],
  },
};

/**
 * How calls name the resources of {@link PATTERNS}, and other resources of the same kind, by the parameters of
 * CloudTrail records. Resources that have no entry here are not named by calls, or not watched.
 */
export const EXAMPLES: Partial<Readonly<Record<ChangedResource, Readonly<Record<string, Values>>>>> = {
  preferences: {
    name: {
      ours: ["SSM-SessionManagerRunShell", ARN("ssm", "document/SSM-SessionManagerRunShell")],
      theirs: ["Another", "SSM-SessionManagerRunShell-2"],
    },
  },
  "setting of Systems Manager": {
    settingId: {
      ours: [
        "/ssm/documents/console/public-sharing-permission",
        "/ssm/managed-instance/default-ec2-instance-management-role",
      ],
      theirs: ["/ssm/parameter-store/default-parameter-tier"],
    },
  },
  "session log group": {
    logGroupName: names(GROUP),
    logGroupIdentifier: group,
    resourceIdentifier: { ...group, ours: [...group.ours, ...groupByArn.ours] },
    resourceArn: groupByArn,
  },
  key: {
    keyId: {
      ours: [KEY_ID, ARN("kms", `key/${KEY_ID}`), "alias/session-audit-acme"],
      theirs: ["ffffffff-12ab-34cd-56ef-1234567890ab", "alias/another"],
    },
  },
  "alias of a key": { aliasName: names("alias/session-audit-acme", "alias/another") },
  bucket: { bucketName: names("session-audit-acme-444444444444-eu-central-1") },
  "object in a bucket": { bucketName: names("session-audit-acme-444444444444-eu-central-1") },
  trail: {
    name: {
      ours: ["session-audit-acme", ARN("cloudtrail", "trail/session-audit-acme")],
      theirs: ["another"],
    },
    trailName: { ours: ["session-audit-acme"], theirs: ["another"] },
  },
  rule: { name: names("session-audit-acme-activity") },
  "targets of a rule": { rule: names("session-audit-acme-activity") },
  "topic as a target": {
    "targets.arn": {
      ours: [
        [ARN("sns", "another"), ARN("sns", "session-audit-acme-security")],
        ["arn:aws:sns:eu-central-1:555555555555:session-audit-acme-central-security"],
      ],
      theirs: [
        [ARN("sns", "another"), ARN("sns", "soc"), ARN("sns", "a-session-audit-acme-x")],
        [],
        undefined,
      ],
    },
  },
  "topic as an action": {
    alarmActions: listed("session-audit-acme-security-chat", "soc"),
    oKActions: listed("session-audit-acme-activity", "soc"),
    insufficientDataActions: listed("session-audit-acme-central-security", "another"),
  },
  "metric of a filter": {
    "metricTransformations.metricNamespace": {
      ours: [["app", "session-audit-acme"], "AWS/Lambda"],
      theirs: ["session-audit-acme-2", ["app"], undefined],
    },
  },
  topic: { topicArn: topic, resourceArn: topic },
  subscription: {
    subscriptionArn: {
      ours: [
        ARN("sns", "session-audit-acme-security:4e16da47-69bb-482a-8828-5a0befedd1e8"),
        ARN("sns", "soc:4e16da47-69bb-482a-8828-5a0befedd1e8"),
      ],
      theirs: [ARN("sns", "another:4e16da47"), ARN("sns", "soc-2:4e16da47")],
    },
  },
  queue: {
    queueUrl: names(`${QUEUE}/session-audit-acme-activity-dead-letters`, `${QUEUE}/another`),
    sourceArn: arns("sqs", "session-audit-acme-activity-dead-letters", "another"),
  },
  alarm: {
    alarmNames: alarms,
    alarmName: names("session-audit-acme-security-undelivered"),
    "muteTargets.alarmNames": alarms,
  },
  "central event bus": {
    name: {
      ours: ["session-audit-acme-central", ARN("events", "event-bus/session-audit-acme-central")],
      theirs: ["another"],
    },
  },
  "default event bus": {
    name: { ours: ["default", ARN("events", "event-bus/default")], theirs: ["another"] },
  },
  "permission of an event bus": { eventBusName: { ours: ["default", undefined], theirs: ["another"] } },
  "guard's function": { functionName: function_, resourceArn: function_ },
  "guard's event source": { functionName: function_ },
  "guard's table": {
    tableName: {
      ours: ["session-audit-acme-guard", ARN("dynamodb", "table/session-audit-acme-guard")],
      theirs: ["another", "session-audit-acme-guard-2"],
    },
    resourceArn: arns("dynamodb", "table/session-audit-acme-guard", "table/another"),
  },
  "item in the guard's table": { tableName: names("session-audit-acme-guard") },
  "guard's log group": {
    logGroupName: names("/session-audit/acme/guard"),
    resourceIdentifier: {
      ours: [
        "/session-audit/acme/guard",
        ARN("logs", "log-group:/session-audit/acme/guard"),
        ARN("logs", "log-group:/session-audit/acme/guard:*"),
      ],
      theirs: ["/another", ARN("logs", "log-group:/session-audit/acme/guard-2")],
    },
  },
  "document for hosts": {
    name: {
      ours: ["session-audit-acme-linux-tools", ARN("ssm", "document/session-audit-acme-linux-tools")],
      theirs: ["Another"],
    },
  },
  association: {
    associationId: names("01234567-89ab-cdef-0123-456789abcdef", "ffffffff-89ab-cdef-0123-456789abcdef"),
  },
  endpoint: {
    "ModifyVpcEndpointRequest.VpcEndpointId": names("vpce-0123456789abcdef0", "vpce-0fffffffffffffff0"),
    "DeleteVpcEndpointsRequest.VpcEndpointId.content": names(
      "vpce-0123456789abcdef0",
      "vpce-0fffffffffffffff0",
    ),
  },
  role,
  "role of an instance": role,
  "boundary of an instance's role": role,
  "policy of IAM": {
    policyArn: {
      ours: [
        "arn:aws:iam::444444444444:policy/session-audit-acme-instance",
        "arn:aws:iam::444444444444:policy/boundary",
      ],
      theirs: ["arn:aws:iam::444444444444:policy/another", "arn:aws:iam::aws:policy/ReadOnlyAccess"],
    },
  },
  "identity provider": {
    sAMLProviderArn: { ours: ["arn:aws:iam::444444444444:saml-provider/acme"], theirs: [undefined] },
    openIDConnectProviderArn: {
      ours: ["arn:aws:iam::444444444444:oidc-provider/token.actions.githubusercontent.com"],
      theirs: [undefined],
    },
  },
  "instance profile": { instanceProfileName: names("session-audit-acme-instance") },
  "security group of endpoints": {
    groupId: names("sg-0123456789abcdef0", "sg-0fffffffffffffff0"),
    "ModifySecurityGroupRulesRequest.GroupId": names("sg-0123456789abcdef0", "sg-0fffffffffffffff0"),
  },
};
