import { z } from "zod";
import { accountId, flag, region, described } from "./values";

const ARN = "arn:(?:aws|aws-us-gov|aws-cn)";
const NAME = "[\\w+=,.@-]+";
/** Roles of permission sets end in a hash that is another one in each account; only AWS can make roles below this path. */
const PERMISSION_SET = `aws-reserved/sso\\.amazonaws\\.com/(?:[a-z0-9-]+/)?AWSReservedSSO_${NAME}_\\*`;

/** A role that is exempt, in one account or in all. Anything wider would exempt roles that anybody may create. */
const exemptRole = (description: string) =>
  described(
    z
      .string()
      .regex(new RegExp(`^${ARN}:iam::(?:\\d{12}|\\*):role/(?:(?:${NAME}/)*${NAME}|${PERMISSION_SET})$`)),
    {
      description,
      allowed:
        "the ARN of an IAM role, arn:aws:iam::<account>:role/<path and name>, where * may stand for the account, and for the hash at the end of a permission set's role (role/aws-reserved/sso.amazonaws.com/<region>/AWSReservedSSO_<permission set>_*)",
      remedy:
        "give the role's ARN as IAM shows it, with its path; a * in any other name would exempt roles that somebody can make up",
    },
  );

const exemptRoles = (description: string, element: string) =>
  described(z.array(exemptRole(element)).max(20), {
    description,
    allowed: "a list of at most 20 IAM role ARNs, in which * may stand for the account",
    remedy: 'list role ARNs, like "arn:aws:iam::*:role/break-glass"',
  });

const managementAccount = described(
  z.strictObject({
    id: accountId(
      "Id of the organization's management account, quoted. It need not be among the accounts of the map.",
    ),
    homeRegion: region(
      "Region that Terraform works in there. AWS Organizations is global: any region of the partition does.",
    ),
    role: described(z.string().regex(/^(?:[\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/), {
      description:
        "Name of the role to take there, after its path, where it is another one than deployment.role.",
      allowed: "a role name, or a path and a role name without a slash before them",
      remedy: "give the role's name without ARN, or leave it out",
    })
      .nullable()
      .default(null),
  }),
  {
    description: "The management account of the organization.",
    allowed: "an object with id, homeRegion and optionally role",
    remedy: 'write managementAccount: { id: "999999999999", homeRegion: "us-east-1" }',
  },
);

/** Service control policies: said once, for the organization; absent by default. */
export const guardrails = described(
  z.strictObject({
    managementAccount,
    organizationalUnits: described(
      z
        .array(
          described(z.string().regex(/^(?:r-[a-z0-9]{4,32}|ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}|\d{12})$/), {
            description: "An organizational unit, the root, or a single account.",
            allowed: "an id of AWS Organizations: ou-…, r-… or the 12 digits of an account",
            remedy: "copy the id, not the name or the ARN, from the Organizations console",
          }),
        )
        .min(1)
        .max(100),
      {
        description:
          "What the policies are attached to. Begin with a unit of test accounts: the policies bind every account below.",
        allowed: "a list of 1 to 100 ids of AWS Organizations: ou-…, r-… or the 12 digits of an account",
        remedy: 'list ids, like organizationalUnits: ["ou-ab12-1a2b3c4d"]',
      },
    ),
    breakGlassRoles: exemptRoles(
      "Roles that no policy binds, for emergencies: they may change what records, and open sessions with any document.",
      "A role for emergencies.",
    ).default([]),
    deploymentRoles: exemptRoles(
      "Roles that may change what records, since they deploy it. null: deployment.role, in every account. Needed with deployment mode ambient.",
      "A role that deploys.",
    )
      .nullable()
      .default(null),
    refuseUnrecordedSessions: flag(
      "Refuse sessions with another document than the preferences, on anything but instances, and in regions that the map does not have.",
    ).default(true),
    allowedDocuments: described(
      z
        .array(
          described(z.string().regex(/^[\w.-]{3,128}$/), {
            description: "A Session document.",
            allowed: "the name of a Session document: 3 to 128 letters, digits and _.-",
            remedy: "give the document's name, not its ARN",
          }),
        )
        .max(20),
      {
        description:
          "Session documents that may be used besides the preferences, such as AWS-StartPortForwardingSession. What goes on in such a session is not recorded, or as that document says.",
        allowed: "a list of at most 20 document names",
        remedy: 'list names, like allowedDocuments: ["AWS-StartPortForwardingSession"]',
      },
    ).default([]),
    protectExisting: flag(
      "Protect existing buckets, log groups, keys and topics that the map names, too. Whoever manages them otherwise is then refused, unless listed among deploymentRoles.",
    ).default(true),
  }),
  {
    description:
      "Service control policies that keep administrators of member accounts from changing what records. Absent by default.",
    allowed:
      "an object with managementAccount, organizationalUnits and optionally breakGlassRoles, deploymentRoles, refuseUnrecordedSessions, allowedDocuments, protectExisting",
    remedy: "describe the management account and what to attach to, or leave guardrails out",
  },
);
