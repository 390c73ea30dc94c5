import { DeleteObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { ROOT_CREDENTIALS } from "../../emulator/clients/identities";
import { STATE_BUCKET, type Fleet } from "../helpers/fleet";
import { foreignLock } from "../helpers/foreign-lock";

/** The locks of the states below a prefix of the bucket, each a file beside its state. */
export interface StateLocks {
  /** Locks the state of a stack, as another Terraform does. */
  hold(stack: string): Promise<void>;
  release(stack: string): Promise<void>;
  /** Ids of the stacks whose states are locked. */
  held(): Promise<string[]>;
}

const SUFFIX = ".tfstate.tflock";

/** @see https://developer.hashicorp.com/terraform/language/backend/s3#state-locking */
export function stateLocks({ emulator: { endpoint } }: Fleet, prefix: string): StateLocks {
  const s3 = new S3Client({
    endpoint,
    region: "eu-central-1",
    forcePathStyle: true,
    credentials: ROOT_CREDENTIALS,
  });
  const keyOf = (stack: string) => `${prefix}/${stack}${SUFFIX}`;
  return {
    async hold(stack) {
      await s3.send(
        new PutObjectCommand({ Bucket: STATE_BUCKET, Key: keyOf(stack), Body: foreignLock(keyOf(stack)) }),
      );
    },
    async release(stack) {
      await s3.send(new DeleteObjectCommand({ Bucket: STATE_BUCKET, Key: keyOf(stack) }));
    },
    async held() {
      const { Contents = [] } = await s3.send(
        new ListObjectsV2Command({ Bucket: STATE_BUCKET, Prefix: `${prefix}/` }),
      );
      return Contents.flatMap(({ Key = "" }) =>
        Key.endsWith(SUFFIX) ? [Key.slice(prefix.length + 1, -SUFFIX.length)] : [],
      );
    },
  };
}
