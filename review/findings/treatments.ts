import type { Severity } from "../model";

/** What the end of an object means. */
export interface End {
  readonly severity: Severity;
  /** What is lost, as whole sentences. */
  readonly lost: string;
  readonly remedy: string;
}

/** How a review treats a type of resource. */
export interface Treatment {
  /** What people call it. */
  readonly noun: string;
  readonly nouns: string;
  /** What its change may mean, as one sentence. */
  readonly changed: string;
  readonly destroyed: End;
  /** A replacement destroys the old object. null: it leaves a gap of seconds and nothing is lost. */
  readonly replaced: End | null;
}

const INTENDED = "Make sure that this is intended, and that what replaces it exists already.";
const KEEP = "Keep it: set protect: true in the map, or take the setting back that destroys it.";
const gap = (what: string): End => ({
  severity: "low",
  lost: `Between the destruction of the old one and the creation of the new one, ${what}.`,
  remedy: "Apply when nobody holds a session.",
});

/**
 * Every type of resource that the stacks have: what it means when it changes and when it is destroyed. A test compares
 * this table with what synthesis writes.
 */
export const TREATMENTS: Readonly<Record<string, Treatment>> = {
  aws_chatbot_slack_channel_configuration: {
    noun: "Slack channel",
    nouns: "Slack channels",
    changed: "Other people in Slack see who opens sessions and what is reported.",
    destroyed: {
      severity: "medium",
      lost: "The channel is no longer told of sessions and findings.",
      remedy: INTENDED,
    },
    replaced: gap("what is reported does not reach the channel"),
  },
  aws_chatbot_teams_channel_configuration: {
    noun: "Teams channel",
    nouns: "Teams channels",
    changed: "Other people in Teams see who opens sessions and what is reported.",
    destroyed: {
      severity: "medium",
      lost: "The channel is no longer told of sessions and findings.",
      remedy: INTENDED,
    },
    replaced: gap("what is reported does not reach the channel"),
  },
  aws_cloudtrail: {
    noun: "trail",
    nouns: "trails",
    changed: "CloudTrail records other API calls, or keeps them elsewhere.",
    destroyed: {
      severity: "critical",
      lost: "Without the trail, EventBridge gets no API calls: nobody is told of sessions and of changes to the recording, and the guard ends no session. The log files in the bucket stay.",
      remedy: "Keep the trail until another trail records management events in every region.",
    },
    replaced: {
      severity: "high",
      lost: "Until the new trail logs, nobody is told of sessions and of changes to the recording.",
      remedy: "Find out what forces the replacement. The name of the trail must stay.",
    },
  },
  aws_cloudwatch_event_rule: {
    noun: "rule",
    nouns: "EventBridge rules",
    changed: "EventBridge reports other API calls.",
    destroyed: {
      severity: "high",
      lost: "What the rule matches is no longer reported.",
      remedy: INTENDED,
    },
    replaced: gap("events that the rule matches are lost"),
  },
  aws_cloudwatch_event_target: {
    noun: "target of a rule",
    nouns: "targets of EventBridge rules",
    changed: "EventBridge sends what it reports elsewhere, or in another form.",
    destroyed: {
      severity: "medium",
      lost: "EventBridge no longer sends there what the rule matches.",
      remedy: INTENDED,
    },
    replaced: gap("events that the rule matches do not reach the target"),
  },
  aws_cloudwatch_log_data_protection_policy: {
    noun: "masking of secrets",
    nouns: "maskings of secrets",
    changed: "Other secrets are masked in the session logs.",
    destroyed: {
      severity: "high",
      lost: "Secrets that people type or see in sessions can be read in the log group by everybody who may read it.",
      remedy: INTENDED,
    },
    replaced: {
      severity: "high",
      lost: "What sessions show until the new policy is in force is not masked, also later on.",
      remedy: "Apply when nobody holds a session.",
    },
  },
  aws_cloudwatch_log_group: {
    noun: "log group",
    nouns: "log groups",
    changed: "Logs are kept for another time, or encrypted with another key.",
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
  aws_cloudwatch_log_metric_filter: {
    noun: "metric filter",
    nouns: "metric filters",
    changed: "The guard's log is counted in another way.",
    destroyed: {
      severity: "medium",
      lost: "The alarm on its metric gets no more data.",
      remedy: INTENDED,
    },
    replaced: gap("the alarm on its metric gets no data"),
  },
  aws_cloudwatch_log_subscription_filter: {
    noun: "subscription of the session logs",
    nouns: "subscriptions of session logs",
    changed: "What sessions show is sent elsewhere, or not completely.",
    destroyed: {
      severity: "high",
      lost: "The destination no longer gets what sessions show.",
      remedy: INTENDED,
    },
    replaced: gap("what sessions show is not sent to the destination"),
  },
  aws_cloudwatch_metric_alarm: {
    noun: "alarm",
    nouns: "alarms",
    changed: "CloudWatch raises the alarm in other cases, or tells others.",
    destroyed: {
      severity: "medium",
      lost: "Nobody is told any more when what the alarm watches fails.",
      remedy: INTENDED,
    },
    replaced: null,
  },
  aws_dynamodb_resource_policy: {
    noun: "policy of the guard's table",
    nouns: "policies of guards' tables",
    changed: "Others may read or write what the guard remembers.",
    destroyed: {
      severity: "high",
      lost: "Administrators of the account may write the guard's table, and so make it forget what it has to check.",
      remedy: INTENDED,
    },
    replaced: gap("administrators of the account may write the guard's table"),
  },
  aws_dynamodb_table: {
    noun: "table",
    nouns: "tables",
    changed: "What the guard remembers is kept in another way.",
    destroyed: {
      severity: "high",
      lost: "What the guard remembers is deleted: which sessions it has checked and reported. Backups end with the table after 35 days.",
      remedy: KEEP,
    },
    replaced: {
      severity: "high",
      lost: "What the guard remembers is deleted: which sessions it has checked and reported.",
      remedy: "Take back what forces the replacement.",
    },
  },
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
      lost: "Roles to which others have attached the policy lose it.",
      remedy: "Attach the new policy wherever the old one was attached.",
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
  aws_kms_alias: {
    noun: "alias of a key",
    nouns: "aliases of keys",
    changed: "Session Manager encrypts sessions with another key.",
    destroyed: {
      severity: "high",
      lost: "The preferences name the key by its alias: without it, every session is refused.",
      remedy: INTENDED,
    },
    replaced: {
      severity: "medium",
      lost: "Until the new alias exists, every session is refused.",
      remedy: "Apply when nobody opens sessions.",
    },
  },
  aws_kms_key: {
    noun: "KMS key",
    nouns: "KMS keys",
    changed: "Others may use the key, or AWS rotates it in another way.",
    destroyed: {
      severity: "critical",
      lost: "When its waiting period has ended, nobody can read any more what the key has encrypted: transcripts, session logs, notifications.",
      remedy: `${KEEP} Until the waiting period ends, \`aws kms cancel-key-deletion\` keeps the key.`,
    },
    replaced: {
      severity: "critical",
      lost: "When the waiting period of the old key has ended, nobody can read any more what it has encrypted: transcripts, session logs, notifications.",
      remedy:
        "Take back what forces the replacement. Until the waiting period ends, `aws kms cancel-key-deletion` keeps the key.",
    },
  },
  aws_lambda_function: {
    noun: "function",
    nouns: "functions",
    changed: "The guard works in another way.",
    destroyed: {
      severity: "high",
      lost: "Nothing ends sessions with documents that are not allowed, and nobody is told of sessions that leave no record.",
      remedy: INTENDED,
    },
    replaced: gap("the guard ends no session"),
  },
  aws_lambda_permission: {
    noun: "permission to invoke a function",
    nouns: "permissions to invoke functions",
    changed: "Others may invoke the function.",
    destroyed: {
      severity: "high",
      lost: "EventBridge may no longer invoke the function, so the function does nothing for this rule.",
      remedy: INTENDED,
    },
    replaced: gap("EventBridge may not invoke the function"),
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
  aws_s3_bucket: {
    noun: "bucket",
    nouns: "buckets",
    changed: "The bucket can be deleted with its objects, or has other tags.",
    destroyed: {
      severity: "critical",
      lost: "With force_destroy, every object in it is deleted: transcripts, log files of the trail, access logs. Without it, AWS refuses to delete a bucket that is not empty, and the apply fails.",
      remedy: `Copy the objects first. ${KEEP}`,
    },
    replaced: {
      severity: "critical",
      lost: "The objects of the old bucket are not in the new one. With force_destroy they are deleted; without it, the apply fails.",
      remedy: "Take back what forces the replacement.",
    },
  },
  ...bucketPart("lifecycle_configuration", "lifecycle", "Objects are kept for another time.", {
    severity: "low",
    lost: "Objects are never deleted and never moved to cheaper storage.",
    remedy: INTENDED,
  }),
  ...bucketPart("logging", "access log", "Who reads the bucket is logged elsewhere.", {
    severity: "high",
    lost: "Nobody can tell any more who has read the objects in the bucket.",
    remedy: INTENDED,
  }),
  ...bucketPart("notification", "notification", "Others are told of new objects.", {
    severity: "medium",
    lost: "Nobody is told of new objects any more.",
    remedy: INTENDED,
  }),
  ...bucketPart("object_lock_configuration", "Object Lock", "New objects are protected in another way.", {
    severity: "critical",
    lost: "New objects can be deleted and overwritten at any time. Objects that are locked stay locked.",
    remedy: "Keep Object Lock: transcripts.objectLock in the map.",
  }),
  ...bucketPart("ownership_controls", "ownership control", "Who writes an object may own it.", {
    severity: "high",
    lost: "Access control lists apply again: whoever writes an object owns it, and may keep the bucket's owner from reading it.",
    remedy: INTENDED,
  }),
  ...bucketPart("policy", "bucket policy", "Others may read or write the objects in the bucket.", {
    severity: "high",
    lost: "What the policy refuses is allowed: plain HTTP, other encryption, deletion, access from other accounts. Who was allowed by it alone loses access; members of an archive can no longer write.",
    remedy: INTENDED,
  }),
  ...bucketPart("public_access_block", "public access block", "The bucket can be made public.", {
    severity: "high",
    lost: "A bucket policy or an access control list can make the bucket public.",
    remedy: INTENDED,
  }),
  ...bucketPart(
    "replication_configuration",
    "replication",
    "Objects are copied elsewhere, or not all of them.",
    {
      severity: "high",
      lost: "New objects have no second copy any more. Existing copies stay.",
      remedy: INTENDED,
    },
  ),
  ...bucketPart(
    "server_side_encryption_configuration",
    "default encryption",
    "New objects are encrypted with another key.",
    {
      severity: "high",
      lost: "New objects are encrypted with a key of S3, and no longer with the customer managed key.",
      remedy: INTENDED,
    },
  ),
  ...bucketPart("versioning", "versioning", "Overwritten and deleted objects are kept, or not.", {
    severity: "high",
    lost: "An overwritten or deleted object cannot be restored any more.",
    remedy: INTENDED,
  }),
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
  aws_sns_topic: {
    noun: "topic",
    nouns: "topics",
    changed: "Notifications are encrypted with another key, or kept in another way.",
    destroyed: {
      severity: "high",
      lost: "Every subscription of the topic ends, also those that others have made. Nobody is told any more of what was published to it.",
      remedy: INTENDED,
    },
    replaced: {
      severity: "high",
      lost: "Every subscription of the old topic ends, also those that others have made. Email subscribers have to confirm again.",
      remedy: "Take back what forces the replacement.",
    },
  },
  aws_sns_topic_policy: {
    noun: "policy of a topic",
    nouns: "policies of topics",
    changed: "Others may publish to the topic, or subscribe to it.",
    destroyed: {
      severity: "high",
      lost: "EventBridge and alarms may no longer publish: nobody is told of sessions and findings.",
      remedy: INTENDED,
    },
    replaced: gap("EventBridge and alarms may not publish"),
  },
  aws_sns_topic_subscription: {
    noun: "subscriber",
    nouns: "subscribers",
    changed: "The subscriber is told of more or less.",
    destroyed: {
      severity: "medium",
      lost: "The subscriber is no longer told of what is published to the topic.",
      remedy: INTENDED,
    },
    replaced: {
      severity: "medium",
      lost: "An email subscriber gets nothing until somebody confirms the new subscription.",
      remedy: "Confirm the new subscription.",
    },
  },
  aws_sqs_queue: {
    noun: "dead-letter queue",
    nouns: "dead-letter queues",
    changed: "Undelivered notifications are kept in another way.",
    destroyed: {
      severity: "medium",
      lost: "Notifications that wait in it are deleted, and later ones that cannot be delivered are lost.",
      remedy: "Read the queue first.",
    },
    replaced: {
      severity: "medium",
      lost: "Notifications that wait in the old queue are deleted.",
      remedy: "Read the queue first.",
    },
  },
  aws_sqs_queue_policy: {
    noun: "policy of a queue",
    nouns: "policies of queues",
    changed: "Others may write to the queue, or read it.",
    destroyed: {
      severity: "medium",
      lost: "EventBridge and SNS can no longer keep what they could not deliver.",
      remedy: INTENDED,
    },
    replaced: gap("EventBridge and SNS cannot keep what they could not deliver"),
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
      remedy: "Apply when nobody holds a session.",
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

/** A part of a bucket that is a resource of its own. A replacement only writes it again. */
function bucketPart(part: string, noun: string, changed: string, destroyed: End): Record<string, Treatment> {
  const nouns = noun.endsWith("y") ? `${noun.slice(0, -1)}ies` : `${noun}s`;
  return {
    [`aws_s3_bucket_${part}`]: { noun, nouns: `${nouns} of buckets`, changed, destroyed, replaced: null },
  };
}

/** What is said of a type that the table does not have. */
export const OTHER: Treatment = {
  noun: "object",
  nouns: "objects",
  changed: "The review knows nothing about this type of resource.",
  destroyed: {
    severity: "medium",
    lost: "The review knows nothing about this type of resource, so it cannot say what is lost.",
    remedy: INTENDED,
  },
  replaced: {
    severity: "medium",
    lost: "The review knows nothing about this type of resource, so it cannot say what is lost.",
    remedy: INTENDED,
  },
};

/** How a review treats a type of resource. */
export const treatmentOf = (type: string): Treatment => TREATMENTS[type] ?? OTHER;
