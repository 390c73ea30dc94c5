import { z } from "zod";
import { policyArn, roleName, rolePattern } from "./names";
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
    instanceProfile: flag("Create an instance profile whose role has everything that Session Manager needs."),
    operatorPolicy: flag("Create the policy for people who open sessions. You attach it to their roles."),
    reviewerPolicy: flag(
      "Create the policy for people who read transcripts and session logs. You attach it to their roles.",
    ),
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
