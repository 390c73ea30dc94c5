import { z } from "zod";
import { policyArn, roleArn, roleName, rolePattern } from "./names";
import { described, flag, orNull, section } from "./values";

/** What a map may say about IAM in an account. */
export const access = section(
  {
    attachToRoles: described(z.array(roleName("A role.")).max(100), {
      description: "Names of existing instance roles that the instance policy is attached to.",
      allowed: "a list of IAM role names",
      remedy: "list the names of the roles in your instance profiles",
    }),
    defaultHostManagementRole: orNull(
      roleName(
        "Name of the role of Default Host Management Configuration, without its path. The instance policy is attached to it as well, because AWS's own policy for this role does not grant what recording needs. The console names the role AWSSystemsManagerDefaultEC2InstanceManagementRole. Instances need IMDSv2 and SSM Agent 3.2.582.0; an instance whose instance profile grants ssm:UpdateInstanceInformation uses that profile instead.",
      ),
    ),
    instanceProfile: flag(
      "Create an instance profile whose role has everything that Session Manager needs.",
      (found) =>
        typeof found === "string" && !/^(?:true|false|yes|no|on|off)$/i.test(found)
          ? "write true, or leave it out and name the role of your own profile in attachToRoles"
          : undefined,
    ),
    operatorPolicy: flag("Create the policy for people who open sessions. You attach it to their roles."),
    reviewerPolicy: flag(
      "Create the policy for people who read transcripts and session logs. You attach it to their roles.",
    ),
    reporters: described(z.array(roleArn("A role that assumes the report role.", true)).max(50), {
      description:
        "Roles that assume the report role of every account. If the list is not empty, each account gets a role with what session-audit report reads, and the command uses it. The role reads who opened which session and which records exist; it reads no transcript, no session log, and changes nothing. The topics of the security channels and of the central channel accept summaries of reports (--publish) from these roles.",
      allowed:
        "a list of at most 50 ARNs of IAM roles, in which * in the path or name stands for any characters",
      remedy: "list the roles of the people and pipelines that make reports",
    }),
    unmaskRoles: described(z.array(rolePattern("A role of the account.")).max(20), {
      description:
        "The only roles to which the reviewer policy shows what logs.masking masks. No other policy of session-audit allows it.",
      allowed:
        "a list of at most 20 names of IAM roles of the account, with their paths, in which * stands for any characters",
      remedy: "list the names of the reviewers' roles",
    }),
    permissionsBoundaryArn: orNull(
      policyArn("ARN of the permissions boundary of every role that is created."),
    ),
  },
  "IAM in the account.",
);
