import { servicePrincipal } from "../../../aws/service-principals";
import { names, PREFERENCES_DOCUMENT } from "../../names";
import type { GuardrailScope } from "./scope";
import { policy, unique, type Policy } from "../policy";
import { anyIam, anywhere, exemptFrom, refuse } from "./statements";

/** Settings of Systems Manager that decide about recording: public documents, and the role of nodes without a profile. */
const SERVICE_SETTINGS = [
  "/ssm/documents/console/public-sharing-permission",
  "/ssm/managed-instance/default-ec2-instance-management-role",
];

/** Names that AWS keeps for itself. */
const isAwsDocument = (name: string) => /^(AWS|Amazon|Amzn)/i.test(name);

/** AWS's own documents belong to no account. */
const documentArn = ({ partition }: GuardrailScope, name: string) =>
  `arn:${partition}:ssm:*:${isAwsDocument(name) ? "" : "*"}:document/${name}`;

/** What sessions there may be, and who decides about it. */
export function sessionGuardrails(scope: GuardrailScope): Policy {
  const { regions, breakGlassRoles, documents } = scope;
  const exempt = exemptFrom(scope);
  const prefix = names.prefix(scope);
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
          // IAM takes no variable for the account of an ARN. Where AWS does not say whose a document is, all pass.
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
      // An association's id is AWS's to make up, and its name is not in its ARN.
      Condition: { StringEquals: { "aws:ResourceTag/session-audit": scope.organization } },
    }),
    refuse("KeepRoles", exempt, {
      // Whoever could make a role of an exempt name, or have himself trusted by one, would be exempt.
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
      // Lambda takes a role for any function that it is passed to, and S3 may for any bucket: what is replicated from
      // one of their own would pass for a transcript.
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
        // What a service does with an exempt role, in a build or on an instance of somebody else's, would be exempt.
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
