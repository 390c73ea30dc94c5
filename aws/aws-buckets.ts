/**
 * Buckets of AWS that SSM Agent downloads from (its own updates, modules of documents, packages, patch baselines), and
 * the package repositories of Amazon Linux.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/ssm-agent-technical-details.html
 */
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

/**
 * Buckets of AWS that other software on instances downloads from: layers of container images in Amazon ECR, and the
 * CloudWatch agent.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
 */
export const packageBuckets = (region: string): string[] => [
  `prod-${region}-starport-layer-bucket`,
  `amazoncloudwatch-agent-${region}`,
  "amazoncloudwatch-agent",
];
