import { gap, INTENDED, type Treatment } from "./treatment";

/** What instances need to hold and record sessions. */
export const HOSTS: Readonly<Record<string, Treatment>> = {
  aws_security_group: {
    noun: "security group",
    nouns: "security groups",
    changed: "Others reach the endpoints of Systems Manager.",
    destroyed: {
      severity: "medium",
      lost: "Instances may no longer reach the endpoints: sessions to them are refused.",
      remedy: INTENDED,
    },
    replaced: gap("instances may not reach the endpoints"),
  },
  aws_ssm_association: {
    noun: "association",
    nouns: "associations",
    changed: "State Manager maintains the instances in another way.",
    destroyed: {
      severity: "low",
      lost: "State Manager no longer keeps SSM Agent current, or no longer installs what it records with.",
      remedy: INTENDED,
    },
    replaced: null,
  },
  aws_ssm_service_setting: {
    noun: "setting of Systems Manager",
    nouns: "settings of Systems Manager",
    changed: "Systems Manager works in another way in the whole account and region.",
    destroyed: {
      severity: "medium",
      lost: "The default of AWS applies again: documents can be shared with the public.",
      remedy: INTENDED,
    },
    replaced: null,
  },
  aws_vpc_endpoint: {
    noun: "VPC endpoint",
    nouns: "VPC endpoints",
    changed:
      "Instances reach Systems Manager, S3, KMS or CloudWatch Logs in another way, or may do other things there.",
    destroyed: {
      severity: "high",
      lost: "Instances without another way to AWS can neither hold sessions nor record them.",
      remedy: INTENDED,
    },
    replaced: {
      severity: "medium",
      lost: "Until the new endpoint works, sessions are cut off.",
      remedy: "Apply while no session is open.",
    },
  },
  aws_vpc_security_group_ingress_rule: {
    noun: "ingress rule",
    nouns: "ingress rules",
    changed: "Others reach the endpoints of Systems Manager.",
    destroyed: {
      severity: "medium",
      lost: "Instances in this range can no longer reach the endpoints: sessions to them are refused.",
      remedy: INTENDED,
    },
    replaced: gap("instances in this range cannot reach the endpoints"),
  },
};
