import { names, PREFERENCES_DOCUMENT } from "../../names";
import type { GuardrailScope } from "./scope";
import { isAwsDocument } from "../../../aws/session-manager";
import { policy, type Policy } from "../policy";
import { otherAccessStatements } from "./other-access";
import { anyIam, anywhere, exemptFrom, keep, refuse, withAnyPath } from "./statements";

/**
 * Service settings of Systems Manager that recording depends on: whether documents can be shared publicly, and the
 * role of instances without an instance profile.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/fleet-manager-default-host-management-configuration.html
 */
const SERVICE_SETTINGS = [
  "/ssm/documents/console/public-sharing-permission",
  "/ssm/managed-instance/default-ec2-instance-management-role",
];

/** ARN of a document in any account and region. The ARN of a document of AWS's own has no account id. */
const documentArn = ({ partition }: GuardrailScope, name: string) =>
  `arn:${partition}:ssm:*:${isAwsDocument(name) ? "" : "*"}:document/${name}`;

/**
 * Refuses sessions without a record, and changes to what decides about sessions: the preferences, and what hosts need.
 */
export function sessionGuardrails(scope: GuardrailScope): Policy {
  const { regions, breakGlassRoles, documents } = scope;
  const exempt = exemptFrom(scope);
  const prefix = names.prefix(scope);
  return policy(
    documents !== null &&
      refuse("RefuseUnrecordedSessions", breakGlassRoles, {
        Action: ["ssm:StartSession"],
        // AWS authorizes ssm:StartSession for the node and, if the caller names one, for the document. ECS tasks are
        // not in the list: ECS Exec is another call, and a session started directly on a task has no record.
        NotResource: [
          anywhere(scope, "ec2", "instance/*"),
          anywhere(scope, "ssm", "managed-instance/*"),
          ...[PREFERENCES_DOCUMENT, ...documents].map((name) => documentArn(scope, name)),
        ],
      }),
    documents !== null &&
      refuse("RefuseForeignDocuments", breakGlassRoles, {
        // Another account could share a document of the same name, with other preferences.
        Action: ["ssm:StartSession"],
        Resource: [PREFERENCES_DOCUMENT, ...documents]
          .filter((name) => !isAwsDocument(name))
          .map((name) => documentArn(scope, name)),
        Condition: {
          // IAM allows no variable in the account id of an ARN, so the account is compared here. A request without
          // aws:ResourceAccount passes.
          // @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
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
    ...otherAccessStatements(scope),
    keep("KeepPreferences", exempt, {
      Resource: [
        ...[PREFERENCES_DOCUMENT, `${prefix}*`].map((name) => anywhere(scope, "ssm", `document/${name}`)),
        ...SERVICE_SETTINGS.map((setting) => anywhere(scope, "ssm", `servicesetting${setting}`)),
      ],
    }),
    // AWS authorizes these calls for no resource. Where the map records no connections, others may.
    scope.remoteDesktop && keep("KeepRemoteDesktopRecording", exempt, { Resource: "*" }),
    keep("KeepHosts", exempt, {
      Resource: [
        ...["security-group/*", "vpc-endpoint/*"].map((resource) => anywhere(scope, "ec2", resource)),
        anywhere(scope, "ssm", "association/*"),
      ],
      // AWS makes up the ids of associations, endpoints and groups, and their ARNs do not contain their names. So a tag
      // identifies them.
      Condition: { StringEquals: { "aws:ResourceTag/session-audit": scope.organization } },
    }),
    scope.instanceRoles.bounded.length > 0 &&
      keep("KeepInstanceBoundaries", exempt, { Resource: withAnyPath(scope, scope.instanceRoles.bounded) }),
    keep("KeepInstancePolicyAttached", exempt, {
      Resource: "*",
      Condition: { ArnLike: { "iam:PolicyARN": anyIam(scope, `policy/${names.instancePolicy(scope)}`) } },
    }),
    keep("StayInOrganization", exempt, { Resource: "*" }),
  );
}
