import { z } from "zod";
import { arnPattern } from "../../aws/arn";
import { aboutArnOf, aboutText } from "./advice";
import { roleEverywhere } from "./spellings";
import { accountId, region } from "./names";
import { OTHER_ACCESS_KINDS } from "../../aws/other-access";
import { choice, described, flag } from "./values";

const NAME = "[\\w+=,.@-]+";
/**
 * The role of a permission set ends in a hash that differs from account to account. Only AWS can create roles under
 * this path, so a wildcard in place of the hash exempts nobody else.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
 */
const PERMISSION_SET = `aws-reserved/sso\\.amazonaws\\.com/(?:[a-z0-9-]+/)?AWSReservedSSO_${NAME}_\\*`;

/** The ARN of an exempt role, in one account or in all. A wider pattern would exempt roles that anybody can create. */
const exemptRole = (description: string) =>
  described(
    z.string().regex(
      new RegExp(
        `^${arnPattern({
          service: "iam",
          region: "",
          account: "(?:\\d{12}|\\*)",
          resource: `role/(?:(?:${NAME}/)*${NAME}|${PERMISSION_SET})`,
        })}$`,
      ),
    ),
    {
      description,
      allowed:
        "the ARN of an IAM role, arn:aws:iam::<account>:role/<path and name>, in which * may replace the account, and the hash at the end of a permission set's role (role/aws-reserved/sso.amazonaws.com/<region>/AWSReservedSSO_<permission set>_*)",
      remedy:
        "give the role's ARN as IAM shows it, with its path; a * anywhere else would exempt roles that anybody can create",
      spell: roleEverywhere,
      advise: aboutArnOf(
        "a role",
        "iam",
        aboutText((arn) =>
          arn.includes("*")
            ? "name each role: a * in a name would exempt roles that anybody can create"
            : undefined,
        ),
      ),
    },
  );

const exemptRoles = (description: string, element: string) =>
  described(z.array(exemptRole(element)).max(20), {
    description,
    allowed: "a list of at most 20 IAM role ARNs, in which * may replace the account",
    remedy: 'list role ARNs, like "arn:aws:iam::*:role/break-glass"',
  });

const managementAccount = described(
  z.strictObject({
    id: accountId(
      "Id of the organization's management account, in quotes. The map need not describe the account.",
    ),
    homeRegion: region(
      "Region of the AWS provider for this account. AWS Organizations is global, so any region of the partition works.",
    ),
    role: described(z.string().regex(/^(?:[\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/), {
      description:
        "Name of the role that Terraform assumes in this account, with its path. null: deployment.role.",
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

/** What a map may say about service control policies: once, for the organization. There are none by default. */
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
            advise: aboutText((text) =>
              text.startsWith("o-")
                ? "name the root, r-…, to bind every account of the organization; this is the organization's own id"
                : undefined,
            ),
          }),
        )
        .min(1)
        .max(100),
      {
        description:
          "What the policies are attached to. Begin with a unit of test accounts: the policies bind every account under it.",
        allowed: "a list of 1 to 100 ids of AWS Organizations: ou-…, r-… or the 12 digits of an account",
        remedy: 'list ids, like organizationalUnits: ["ou-ab12-1a2b3c4d"]',
      },
    ),
    breakGlassRoles: exemptRoles(
      "Roles for emergencies, which no guardrail binds: they may change the recording, and open sessions with any document.",
      "A role for emergencies.",
    ).default([]),
    deploymentRoles: exemptRoles(
      "Roles that may change the recording because they deploy it. null: deployment.role, in every account. Needed with deployment mode ambient.",
      "A role that deploys.",
    )
      .nullable()
      .default(null),
    refuseUnrecordedSessions: flag(
      "Refuse sessions that use another document than the preferences, sessions to anything but instances, and sessions in regions that are not in the map.",
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
          "Session documents that may be used besides the preferences, such as AWS-StartPortForwardingSession. Such a session is recorded only if its document says so.",
        allowed: "a list of at most 20 document names",
        remedy: 'list names, like allowedDocuments: ["AWS-StartPortForwardingSession"]',
      },
    ).default([]),
    refuseOtherAccess: described(
      z.array(choice(OTHER_ACCESS_KINDS, "A way into a host.")).max(OTHER_ACCESS_KINDS.length),
      {
        description:
          "Refuse ways into hosts that leave no transcript. None by default, because patching, automation and deployments use some of them. docs/weakening-calls.md says what each of them is, and what its refusal does not stop. The roles that session-audit creates stay exempt, such as those of its actions.",
        allowed: `a list of ${OTHER_ACCESS_KINDS.join(", ")}`,
        remedy: "list the ways that nobody needs, or name the roles that need them in otherAccessRoles",
      },
    ).default([]),
    otherAccessRoles: exemptRoles(
      "Roles that may use the ways that refuseOtherAccess refuses. All other guardrails bind these roles.",
      "A role that may use these ways.",
    ).default([]),
    keepInstanceRoles: flag(
      "Refuse changes of the roles of instances (access.attachToRoles and access.defaultHostManagementRole): of their inline and attached policies, permissions boundaries and trust policies, and their creation and deletion. A Deny in such a role can keep its instances from recording. Off by default, because the owners of applications change these roles every day: with this setting, only breakGlassRoles and deploymentRoles can. New versions of customer managed policies that are already attached are not refused.",
    ).default(false),
    protectExisting: flag(
      "Also protect what the map names and does not create: buckets, log groups, keys, topics, the roles that read records, and the permissions boundaries of the roles of instances. The roles that manage them can then no longer change them, unless deploymentRoles lists them.",
    ).default(true),
  }),
  {
    description:
      "Service control policies that keep administrators of member accounts from changing the recording. None by default.",
    allowed:
      "an object with managementAccount, organizationalUnits and optionally breakGlassRoles, deploymentRoles, refuseUnrecordedSessions, allowedDocuments, refuseOtherAccess, otherAccessRoles, keepInstanceRoles, protectExisting",
    remedy: "describe the management account and what to attach to, or leave guardrails out",
  },
);
