/**
 * Buckets that AWS owns and anybody may read, by region, as AWS documents them for endpoint policies: "SSM Agent
 * communications with AWS managed S3 buckets", and the user guides of Amazon Linux, Amazon ECR and the CloudWatch agent.
 */

/** What SSM Agent fetches: itself, documents' modules, packages, patch baselines. And Amazon Linux's packages. */
export const awsBuckets = (region: string): string[] => [
  `amazon-ssm-${region}`,
  `amazon-ssm-packages-${region}`,
  `aws-ssm-${region}`,
  `aws-ssm-distributor-file-${region}`,
  `aws-ssm-document-attachments-${region}`,
  `${region}-birdwatcher-prod`,
  `aws-windows-downloads-${region}`,
  `patch-baseline-snapshot-${region}${region === "me-south-1" ? "-uduvl7q8" : ""}`,
  `aws-patchmanager-macos-${region}`,
  `amazonlinux-2-repos-${region}`,
  `al2023-repos-${region}-de612dc2`,
];

/** What else instances commonly fetch: layers of container images in ECR, the CloudWatch agent. */
export const packageBuckets = (region: string): string[] => [
  `prod-${region}-starport-layer-bucket`,
  `amazoncloudwatch-agent-${region}`,
  "amazoncloudwatch-agent",
];
