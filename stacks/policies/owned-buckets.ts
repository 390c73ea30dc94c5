import { unique, type Statement } from "./policy";

/** A bucket, and the account that owns it as far as the map says. */
export interface OwnedBucket {
  /** Id of the account that owns the bucket; null: the map does not say whose it is. */
  readonly owner: string | null;
}

/**
 * Limits a statement to buckets of some accounts. The ARN of a bucket names no account. A bucket name is free again
 * when its bucket is deleted, and a stranger who creates a bucket of that name would be given transcripts. AWS has
 * `aws:ResourceAccount` in every request to S3. ARNs of log groups, keys, topics and tables name their account, so that
 * statements about them need no such condition.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourceaccount
 * @example inAccounts(["111111111111"])
 */
export const inAccounts = (ids: readonly string[]) => ({ "aws:ResourceAccount": unique(ids) });

/**
 * Makes a statement about buckets in an identity policy: one for the buckets whose owner the map says, limited to their
 * owners, and a second one for the others, if there are any.
 * @param sid Sid of the statement
 * @param statementOf actions and resources of a statement about some of the buckets
 * @example
 * aboutBuckets("CheckTranscriptEncryption", buckets, (some) => ({
 *   Action: ["s3:GetEncryptionConfiguration"],
 *   Resource: some.map(({ arn }) => arn),
 * }))
 */
export function aboutBuckets<B extends OwnedBucket>(
  sid: string,
  buckets: readonly B[],
  statementOf: (some: readonly B[]) => Pick<Statement, "Action" | "Resource">,
): Statement[] {
  const owners = buckets.flatMap(({ owner }) => owner ?? []);
  const known = buckets.filter(({ owner }) => owner !== null);
  const unknown = buckets.filter(({ owner }) => owner === null);
  return [
    ...(known.length === 0
      ? []
      : [
          {
            Sid: sid,
            Effect: "Allow" as const,
            ...statementOf(known),
            Condition: { StringEquals: inAccounts(owners) },
          },
        ]),
    ...(unknown.length === 0
      ? []
      : [{ Sid: `${sid}OfUnknownOwner`, Effect: "Allow" as const, ...statementOf(unknown) }]),
  ];
}
