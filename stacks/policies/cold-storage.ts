import type { Settings } from "../../accounts/model/settings";

/** After how many days objects move to the storage classes that are read after a restore only; null: never. */
export type MovesToArchives = Pick<
  Settings["transcripts"]["lifecycle"],
  | "glacierAfterDays"
  | "deepArchiveAfterDays"
  | "noncurrentGlacierAfterDays"
  | "noncurrentDeepArchiveAfterDays"
>;

/**
 * Whether a lifecycle moves objects, or versions of objects, to Glacier Flexible Retrieval (`GLACIER`) or Glacier Deep
 * Archive. S3 answers `InvalidObjectState` to everybody who reads an object there, until somebody restores a copy of it.
 * Glacier Instant Retrieval (`GLACIER_IR`) needs no restore.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/restoring-objects-retrieval-options.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 * @example movesToArchives(settings.transcripts.lifecycle)
 */
export const movesToArchives = (lifecycle: MovesToArchives): boolean =>
  lifecycle.glacierAfterDays !== null ||
  lifecycle.deepArchiveAfterDays !== null ||
  lifecycle.noncurrentGlacierAfterDays !== null ||
  lifecycle.noncurrentDeepArchiveAfterDays !== null;

/**
 * The actions with which somebody reads objects and their versions. `s3:RestoreObject` is the action for a version as
 * well. It is left out where nothing is moved, so that readers get no permission for which they have no use.
 * @param archived whether objects may be in a storage class from which they are restored before they are read
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_RestoreObject.html
 */
export const readActions = (archived: boolean): readonly string[] => [
  "s3:GetObject",
  "s3:GetObjectVersion",
  ...(archived ? ["s3:RestoreObject"] : []),
];
