import { z } from "zod";
import { arnPattern } from "../../aws/arn";
import { aboutRoleName, type Advice } from "./advice";
import { described } from "./values";

/** A role's name with its path, or the role's ARN. */
const DEPLOYMENT_ROLE = new RegExp(
  `^(?:(?:[\\w+=,.@-]+/)*[\\w+=,.@-]{1,64}|${arnPattern({ service: "iam", region: "", resource: "role/[\\w+=,.@/-]+" })})$`,
);

/** Advice for the roles that deploy and plan: a * is as wrong in their names as in other names of roles. */
const aboutDeployer: Advice = (found) =>
  typeof found === "string" && found.trim().includes(" ")
    ? "write the name of the role as IAM shows it: names of roles have no spaces"
    : aboutRoleName(found);

/** What a map says about the way to reach each account. */
export const deployment = described(
  z.discriminatedUnion("mode", [
    z.strictObject({
      mode: z.literal("assume-role"),
      role: described(z.string().regex(DEPLOYMENT_ROLE), {
        description:
          "Role that Terraform assumes in each account: its name, with its path if it has one (path/name), or for a map of one account its ARN.",
        allowed: "a role name, a path and a role name without a slash before them, or a role's ARN",
        remedy: "give the name of a role that exists in every account",
        advise: aboutDeployer,
      }),
      planRole: described(z.string().regex(DEPLOYMENT_ROLE), {
        description:
          "Role in each account that session-audit plan, drift, adopt and doctor assume in place of role, so that whoever plans cannot change anything. So does report, if access.reporters names nobody. Its policy is docs/plan-role.json. A plan that it has made names no role, and session-audit deploy applies the plan with role.",
        allowed: "a role name, a path and a role name without a slash before them, or a role's ARN",
        remedy: "give the name of a role that exists in every account, or leave it out",
        advise: aboutDeployer,
      }).optional(),
      externalId: described(z.string().regex(/^[\w+=,.@:/-]{2,1224}$/), {
        description: "External id that the trust policies of role and planRole ask for.",
        allowed: "2 to 1224 letters, digits and +=,.@:/-_",
        remedy: "copy it from the trust policy",
      }).optional(),
    }),
    z.strictObject({ mode: z.literal("ambient") }),
  ]),
  {
    description:
      "How Terraform reaches an account. assume-role: the AWS provider assumes a role there. ambient: the environment has credentials for the account already.",
    allowed: 'an object with mode: "assume-role" and a role, or mode: "ambient"',
    remedy: 'write deployment: { mode: "assume-role", role: "session-audit-deploy" }',
  },
);
