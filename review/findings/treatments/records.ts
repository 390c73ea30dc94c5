import { gap, INTENDED, KEEP, type Treatment } from "./treatment";

/** Resources that record sessions or hold the records: the preferences, logs, keys, the trail. */
export const RECORDS: Readonly<Record<string, Treatment>> = {
  aws_cloudformation_stack: {
    noun: "CloudFormation stack",
    nouns: "CloudFormation stacks",
    changed: "Connections by Remote Desktop are recorded elsewhere or with another key.",
    destroyed: {
      severity: "high",
      lost: "Connections by Remote Desktop are no longer recorded.",
      remedy: INTENDED,
    },
    replaced: gap("connections by Remote Desktop are not recorded"),
  },
  aws_cloudtrail: {
    noun: "trail",
    nouns: "trails",
    changed: "CloudTrail records other API calls, or keeps them elsewhere.",
    destroyed: {
      severity: "critical",
      lost: "Without the trail, EventBridge gets no API calls: nobody is notified of sessions and of changes to the recording, and the guard ends sessions only on its schedule (`guard.checkTranscriptsEveryMinutes`), or none if it has no schedule. The log files in the bucket stay.",
      remedy: "Keep the trail until another trail records management events in every region.",
    },
    replaced: {
      severity: "high",
      lost: "Until the new trail logs, nobody is notified of sessions and of changes to the recording.",
      remedy: "Find out what forces the replacement. The name of the trail must stay.",
    },
  },
  aws_cloudwatch_log_data_protection_policy: {
    noun: "policy for masking secrets",
    nouns: "policies for masking secrets",
    changed: "Other secrets are masked in the session logs.",
    destroyed: {
      severity: "high",
      lost: "Secrets that people type or see in sessions can be read in the log group by everybody who may read it.",
      remedy: INTENDED,
    },
    replaced: {
      severity: "high",
      lost: "Secrets that sessions show before the new policy is in force are never masked.",
      remedy: "Apply while no session is open.",
    },
  },
  aws_cloudwatch_log_group: {
    noun: "log group",
    nouns: "log groups",
    changed: "Logs are kept for a different time, or encrypted with another key.",
    destroyed: {
      severity: "critical",
      lost: "Every log stream in it is deleted at once and cannot be restored. In the log group of sessions, these are the records of all sessions in CloudWatch Logs.",
      remedy: `Export the log group first. ${KEEP}`,
    },
    replaced: {
      severity: "critical",
      lost: "Every log stream in the old log group is deleted at once and cannot be restored.",
      remedy: "Export the log group first, or take back what forces the replacement.",
    },
  },
  aws_cloudwatch_log_subscription_filter: {
    noun: "subscription of the session logs",
    nouns: "subscriptions of session logs",
    changed: "The session logs are sent elsewhere, or only a part of them is sent.",
    destroyed: {
      severity: "high",
      lost: "The destination no longer receives the session logs.",
      remedy: INTENDED,
    },
    replaced: gap("the destination does not receive the session logs"),
  },
  aws_kms_alias: {
    noun: "alias of a key",
    nouns: "aliases of keys",
    changed: "The alias leads to another key.",
    destroyed: {
      severity: "medium",
      lost: "Policies and people that use the alias no longer find the key.",
      remedy: INTENDED,
    },
    replaced: gap("policies and people that use the alias do not find the key"),
  },
  aws_kms_key: {
    noun: "KMS key",
    nouns: "KMS keys",
    changed: "Others may use the key, or AWS rotates it in another way.",
    destroyed: {
      severity: "critical",
      lost: "When its waiting period has ended, nobody can read the data that the key has encrypted: transcripts, session logs, notifications.",
      remedy: `${KEEP} Until the waiting period ends, \`aws kms cancel-key-deletion\` keeps the key.`,
    },
    replaced: {
      severity: "critical",
      lost: "When the waiting period of the old key has ended, nobody can read the data that the key has encrypted: transcripts, session logs, notifications.",
      remedy:
        "Take back what forces the replacement. Until the waiting period ends, `aws kms cancel-key-deletion` keeps the key.",
    },
  },
  aws_ssm_document: {
    noun: "SSM document",
    nouns: "SSM documents",
    changed: "Sessions are recorded elsewhere or in another way, or instances run other commands.",
    destroyed: {
      severity: "high",
      lost: "Associations with the document fail.",
      remedy: INTENDED,
    },
    replaced: gap("associations with the document fail"),
  },
};
