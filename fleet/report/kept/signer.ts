import { GetPublicKeyCommand, KMSClient, SignCommand } from "@aws-sdk/client-kms";
import { arnParts } from "../../../aws/arn";
import { UserError } from "../../../processes/user-error";
import {
  ALGORITHMS,
  publicKeyOf,
  statementOf,
  type Algorithm,
  type Signature,
} from "../../../report/chain/signature";
import { attemptsIn } from "../../client-settings";

/** Signs manifests. */
export interface Signer {
  sign(manifest: string, bytes: Buffer): Promise<Signature>;
}

/**
 * The signer that signs with a KMS key. KMS gets a line about a manifest and never the report.
 * @param id key ARN, alias ARN, key id or alias of an asymmetric key for SIGN_VERIFY
 * @throws UserError if the key cannot sign in a way that `report verify` knows; what AWS answered
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html
 */
export async function kmsSigner(id: string, env: NodeJS.ProcessEnv): Promise<Signer> {
  const region = arnParts(id).region || env["AWS_REGION"] || env["AWS_DEFAULT_REGION"];
  const kms = new KMSClient({
    ...(region !== undefined && { region }),
    retryMode: "adaptive",
    maxAttempts: attemptsIn(env),
  });
  const {
    KeyId,
    KeyUsage,
    SigningAlgorithms = [],
    PublicKey,
  } = await kms.send(new GetPublicKeyCommand({ KeyId: id }));
  const algorithm = ALGORITHMS.find((one) => SigningAlgorithms.includes(one));
  if (KeyUsage !== "SIGN_VERIFY" || algorithm === undefined || PublicKey === undefined) {
    throw new UserError({
      what: `--sign ${id}: the key cannot sign reports (${KeyUsage}, ${SigningAlgorithms.join(", ") || "no algorithm"}).`,
      allowed: `a KMS key for SIGN_VERIFY with ${ALGORITHMS.join(" or ")}`,
      remedy: "Create a key with --key-usage SIGN_VERIFY --key-spec ECC_NIST_P256.",
    });
  }
  const { sha256: publicKeySha256 } = publicKeyOf(Buffer.from(PublicKey));
  return {
    sign: (manifest, bytes) => signed(kms, { manifest, bytes, algorithm, keyId: KeyId!, publicKeySha256 }),
  };
}

async function signed(
  kms: KMSClient,
  {
    bytes,
    ...known
  }: Pick<Signature, "manifest" | "keyId" | "publicKeySha256"> & { bytes: Buffer; algorithm: Algorithm },
): Promise<Signature> {
  const { Signature: signature } = await kms.send(
    new SignCommand({
      KeyId: known.keyId,
      MessageType: "RAW",
      SigningAlgorithm: known.algorithm,
      Message: statementOf(known, bytes),
    }),
  );
  return {
    type: "kept-report-signature",
    version: 1,
    ...known,
    signature: Buffer.from(signature!).toString("base64"),
  };
}
