import { servicePrincipal } from "../../../aws/service-principals";
import { names, PREFERENCES_DOCUMENT } from "../../names";
import type { GuardrailScope } from "./scope";
import { isAwsDocument } from "../../../aws/session-manager";
import { policy, unique, type Policy } from "../policy";
import { anyIam, anywhere, exemptFrom, refuse } from "./statements";

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
 * Refuses sessions without a record, and changes to what decides about sessions: the preferences, associations that
 * maintain hosts, roles, and policies of people and instances.
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
    refuse("KeepPreferences", exempt, {
      Action: [
        "ssm:CreateDocument",
        "ssm:DeleteDocument",
        "ssm:ModifyDocumentPermission",
        "ssm:ResetServiceSetting",
        "ssm:UpdateDocument*",
        "ssm:UpdateServiceSetting",
      ],
      Resource: [
        ...[PREFERENCES_DOCUMENT, `${prefix}*`].map((name) => anywhere(scope, "ssm", `document/${name}`)),
        ...SERVICE_SETTINGS.map((setting) => anywhere(scope, "ssm", `servicesetting${setting}`)),
      ],
    }),
    refuse("KeepAssociations", exempt, {
      Action: [
        "ssm:AddTagsToResource",
        "ssm:DeleteAssociation",
        "ssm:RemoveTagsFromResource",
        "ssm:UpdateAssociation",
      ],
      Resource: [anywhere(scope, "ssm", "association/*")],
      // AWS makes up the id of an association, and its ARN does not contain its name. So a tag identifies it.
      Condition: { StringEquals: { "aws:ResourceTag/session-audit": scope.organization } },
    }),
    refuse("KeepRoles", exempt, {
      // Whoever can create a role with an exempt name, or change the trust of an exempt role, becomes exempt.
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
      Resource: unique([
        anyIam(scope, `role/${prefix}*`),
        anyIam(scope, `instance-profile/${prefix}*`),
        ...exempt,
      ]),
    }),
    refuse("KeepRolesOfFunctions", exempt, {
      // Lambda assumes a role for any function that has it, and S3 may do so for any bucket. With the guard's role a
      // function could silence the guard. With the replication role a bucket could replicate forged transcripts.
      Action: ["iam:PassRole"],
      Resource: [anyIam(scope, `role/${prefix}*`)],
      Condition: {
        StringEquals: {
          "iam:PassedToService": [
            servicePrincipal("lambda", scope.partition),
            servicePrincipal("s3", scope.partition),
          ],
        },
      },
    }),
    exempt.length > 0 &&
      refuse("KeepExemptRolesFromServices", exempt, {
        // A build or an instance that has an exempt role would be exempt, whoever started it.
        Action: ["iam:PassRole"],
        Resource: unique(exempt),
      }),
    refuse("KeepAccessPolicies", exempt, {
      Action: ["iam:CreatePolicyVersion", "iam:DeletePolicy*", "iam:SetDefaultPolicyVersion"],
      Resource: [anyIam(scope, `policy/${prefix}*`)],
    }),
    refuse("KeepInstancePolicyAttached", exempt, {
      Action: ["iam:DetachRolePolicy"],
      Resource: "*",
      Condition: { ArnLike: { "iam:PolicyARN": anyIam(scope, `policy/${names.instancePolicy(scope)}`) } },
    }),
    refuse("StayInOrganization", exempt, { Action: ["organizations:LeaveOrganization"], Resource: "*" }),
  );
}
