import { gap, INTENDED, type Treatment } from "./treatment";

/** Who may do what: roles, their policies, service control policies. */
export const ACCESS: Readonly<Record<string, Treatment>> = {
  aws_iam_instance_profile: {
    noun: "instance profile",
    nouns: "instance profiles",
    changed: "Instances with the profile get another role.",
    destroyed: {
      severity: "high",
      lost: "Instances with the profile lose their permissions: sessions to them are refused.",
      remedy: "Give the instances another profile first.",
    },
    replaced: {
      severity: "medium",
      lost: "Instances with the profile have to be associated with the new one.",
      remedy: "Associate the instances with the new profile.",
    },
  },
  aws_iam_policy: {
    noun: "IAM policy",
    nouns: "IAM policies",
    changed: "Whoever the policy is attached to may do other things.",
    destroyed: {
      severity: "medium",
      lost: "Roles with the policy lose its permissions. AWS refuses to delete a policy that is still attached outside of this stack.",
      remedy: INTENDED,
    },
    replaced: {
      severity: "medium",
      lost: "AWS refuses to delete a policy that is attached outside of this stack: if it is, the apply fails.",
      remedy:
        "Detach the policy wherever others have attached it, before the apply. Attach the new policy there afterwards.",
    },
  },
  aws_iam_role: {
    noun: "role",
    nouns: "roles",
    changed: "Others may assume the role.",
    destroyed: {
      severity: "medium",
      lost: "What works with the role stops: EventBridge's actions, replication, the guard, chat channels.",
      remedy: INTENDED,
    },
    replaced: gap("what works with the role stops"),
  },
  aws_iam_role_policy: {
    noun: "policy of a role",
    nouns: "policies of roles",
    changed: "The role may do other things.",
    destroyed: {
      severity: "medium",
      lost: "The role loses these permissions.",
      remedy: INTENDED,
    },
    replaced: null,
  },
  aws_iam_role_policy_attachment: {
    noun: "attachment of a policy to a role",
    nouns: "attachments of policies to roles",
    changed: "Another role has the policy.",
    destroyed: {
      severity: "medium",
      lost: "The role loses the permissions of the policy. If it is the role of instances, they can record nothing, and sessions to them are refused.",
      remedy: INTENDED,
    },
    replaced: null,
  },
  aws_organizations_policy: {
    noun: "service control policy",
    nouns: "service control policies",
    changed: "Other people may change the recording, or open sessions without a record.",
    destroyed: {
      severity: "critical",
      lost: "Administrators of every account below may change the recording and open sessions that leave no record.",
      remedy: "Keep the policy attached until another one takes its place.",
    },
    replaced: {
      severity: "high",
      lost: "Until the new policy is attached, administrators may change the recording.",
      remedy: "Take back what forces the replacement.",
    },
  },
  aws_organizations_policy_attachment: {
    noun: "attachment of a service control policy",
    nouns: "attachments of service control policies",
    changed: "The policy applies to other accounts.",
    destroyed: {
      severity: "high",
      lost: "The policy no longer applies there: administrators may change the recording and open sessions that leave no record.",
      remedy: "Keep the policy attached until another one takes its place.",
    },
    replaced: {
      severity: "high",
      lost: "The policy no longer applies where it was attached.",
      remedy: "Attach the policy to both, and detach it later.",
    },
  },
};
