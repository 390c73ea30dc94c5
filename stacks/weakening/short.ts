/**
 * Wildcards that stand for several calls of one service, because a pattern has room for 2,048 characters and a service
 * control policy for 5,120. A wildcard also stands for calls that AWS may add one day. A test checks that none of them
 * stands for a known call that changes something and that the table does not have.
 */
export const SHORT_EVENTS: Readonly<Record<string, readonly string[]>> = {
  logs: [
    ...["*RetentionPolicy", "*SubscriptionFilter", "*KmsKey", "*DataProtectionPolicy", "*Transformer"],
    ...["*AccountPolicy", "*SyslogConfiguration", "*MetricFilter", "*ResourcePolicy"],
  ],
  kms: ["DisableKey*", "*Grant"],
  s3: ["PutBucket*", "DeleteBucket*"],
  ssm: ["*DefaultHostManagementConfiguration"],
  "ssm-guiconnect": ["*ConnectionRecordingPreferences"],
  observabilityadmin: ["*CentralizationRuleForOrganization"],
  events: ["*Rule", "*Targets", "*Permission"],
  sns: ["*Permission"],
  sqs: ["*Permission"],
  monitoring: ["*Alarm"],
  chatbot: ["Update*Channel*", "Delete*Channel*"],
  // CloudTrail appends an API version to some names of Lambda, as in UpdateFunctionCode20150331v2.
  // @see https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html
  lambda: ["AddPermission*", "Create*", "Delete*", "Put*", "RemovePermission*", "Update*"],
  // The parameter says which role, policy or profile a call is about, so its name does not matter.
  iam: ["*"],
};

/**
 * Wildcards that stand for several actions. In a service control policy, `*` may stand at the end of an action only.
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html
 */
export const SHORT_ACTIONS: readonly string[] = [
  ...["iam:DeletePolicy*", "iam:DeleteRole*", "iam:PutRole*", "iam:UpdateRole*"],
  ...["kms:DisableKey*", "logs:Delete*", "lambda:Create*"],
  ...[
    "codebuild:RetryBuild*",
    "codebuild:StartBuild*",
    "codebuild:StartSandbox*",
    "codebuild:UpdateProject*",
  ],
  ...["lambda:Delete*", "lambda:Invoke*", "lambda:Put*", "lambda:Update*"],
  ...["s3:DeleteBucket*", "s3:DeleteObject*", "s3:PutBucket*", "ssm:UpdateDocument*"],
];

/**
 * Replaces names by wildcards that match them, and leaves out repetitions.
 * @param least how many different names a wildcard must match to replace them
 */
export function shortened(names: readonly string[], wildcards: readonly string[], least: number): string[] {
  const different = [...new Set(names)];
  const used = wildcards
    .map((wildcard) => ({ wildcard, pattern: new RegExp(`^${wildcard.replaceAll("*", ".*")}$`) }))
    .filter(({ pattern }) => different.filter((name) => pattern.test(name)).length >= least);
  return [
    ...new Set(different.map((name) => used.find(({ pattern }) => pattern.test(name))?.wildcard ?? name)),
  ];
}
