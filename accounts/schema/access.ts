import { section, described, roleName, flag, rolePattern, policyArn, orNull } from "./values";
import { z } from "zod";

export const access = section(
  {
    attachToRoles: described(z.array(roleName("A role.")).max(100), {
      description: "Names of existing instance roles that get the instance policy.",
      allowed: "a list of IAM role names",
      remedy: "list the names of the roles in your instance profiles",
    }),
    defaultHostManagementRole: orNull(
      roleName(
        "Name of the role of Default Host Management Configuration, without its path, where it gets the instance policy too: AWS's own policy there lacks what recording needs. The console makes AWSSystemsManagerDefaultEC2InstanceManagementRole. Instances need IMDSv2 and SSM Agent 3.2.582.0; one whose instance profile grants ssm:UpdateInstanceInformation uses that profile instead.",
      ),
    ),
    instanceProfile: flag("Create an instance profile with everything Session Manager needs."),
    operatorPolicy: flag("Create the policy for people who open sessions."),
    reviewerPolicy: flag("Create the policy for people who read the record."),
    unmaskRoles: described(z.array(rolePattern("A role of the account.")).max(20), {
      description:
        "The only roles that may see what logs.masking masks, with the reviewer policy. Nobody else may, as far as policies made here go.",
      allowed: "a list of at most 20 names of IAM roles of the account, with their paths, where * may stand",
      remedy: "list the names of the reviewers' roles",
    }),
    permissionsBoundaryArn: orNull(policyArn("Permissions boundary of roles that are created.")),
  },
  "IAM of the account.",
);
