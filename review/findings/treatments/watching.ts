import { gap, INTENDED, KEEP, type Treatment } from "./treatment";

/** What notices changes to the recording: rules, alarms, the guard. */
export const WATCHING: Readonly<Record<string, Treatment>> = {
  aws_cloudwatch_event_bus: {
    noun: "event bus",
    nouns: "event buses",
    changed: "The findings of all accounts arrive on a bus with other settings.",
    destroyed: {
      severity: "high",
      lost: "Findings of all accounts no longer reach the archive account.",
      remedy: INTENDED,
    },
    replaced: gap("findings that other accounts forward are lost"),
  },
  aws_cloudwatch_event_bus_policy: {
    noun: "policy of the event bus",
    nouns: "policies of event buses",
    changed: "Other accounts may forward findings.",
    destroyed: {
      severity: "high",
      lost: "No other account can forward its findings to the bus.",
      remedy: INTENDED,
    },
    replaced: gap("findings that other accounts forward are lost"),
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
  aws_cloudwatch_metric_alarm: {
    noun: "alarm",
    nouns: "alarms",
    changed: "CloudWatch raises the alarm in other cases, or tells others.",
    destroyed: {
      severity: "medium",
      lost: "Nobody is notified any more when what the alarm watches fails.",
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
  aws_lambda_function: {
    noun: "function",
    nouns: "functions",
    changed: "The guard works in another way.",
    destroyed: {
      severity: "high",
      lost: "Nothing ends sessions with documents that are not allowed, and nobody is notified of sessions that leave no record.",
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
};
