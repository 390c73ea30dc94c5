/**
 * The first versions of the SSM Agent that can do what recording needs.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-prerequisites.html
 * @see https://github.com/aws/amazon-ssm-agent/blob/mainline/RELEASENOTES.md
 */
export const AGENT_VERSIONS = {
  /** Sessions at all. */
  sessions: "2.3.68.0",
  /** A data channel that a KMS key encrypts. */
  encryption: "2.3.539.0",
  /** Another operating system user than ssm-user. */
  runAs: "2.3.672.0",
  /** Uploads that a bucket of another account accepts. */
  bucketOwner: "2.3.722.0",
  /** Lines in CloudWatch Logs while a session runs. */
  streaming: "3.0.284.0",
  /** Uploads with the bucket's own encryption. */
  uploadEncryption: "3.0.529.0",
} as const;

/**
 * Compares versions of the agent, number by number.
 * @returns negative if the first is older, 0 if they are the same, positive if it is newer
 * @example compareVersions("3.0.284.0", "3.0.1124.0") // < 0
 */
export function compareVersions(one: string, other: string): number {
  const [left, right] = [one, other].map((version) => version.split(".").map(Number));
  for (let index = 0; index < Math.max(left!.length, right!.length); index++) {
    const difference = (left![index] ?? 0) - (right![index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
