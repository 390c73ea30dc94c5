import { arnParts } from "../accounts/arn";
import { keyOf } from "./keys";
import { SessionRefused, type SessionRun } from "./session-run";

/**
 * The handshake that encrypts the data channel when the preferences name a key: the operator's client makes a data
 * key, the agent decrypts it, both with the session and the target as encryption context.
 * @throws {@link SessionRefused} with the text that the operator sees
 */
export async function kmsHandshake(run: SessionRun): Promise<void> {
  const { session, inputs } = run.setting;
  // Port sessions are never encrypted by this key.
  if (inputs.kmsKeyId === "" || run.setting.sessionType === "Port") return;
  const key = await keyOf(
    await run.setting.accounts.in(accountOf(inputs.kmsKeyId, session.accountId), session.region),
    inputs.kmsKeyId,
  );
  const alias = /(?:^|:)(alias\/.+)$/.exec(inputs.kmsKeyId)?.[1];
  const call = async (principal: string, action: string) => {
    // An operator whom the emulated IAM does not know is an administrator, here as everywhere.
    if (principal === session.owner && (await run.log.authorizer.role(principal)) === undefined) return;
    if (key === undefined) throw new Error(`NotFoundException: Key '${inputs.kmsKeyId}' does not exist`);
    await run.log.require({
      principal,
      accountId: key.accountId,
      action,
      resource: key.arn,
      encryptionContext: { "aws:ssm:SessionId": session.sessionId, "aws:ssm:TargetId": session.target },
      context: {
        "kms:ResourceAliases": key.aliases,
        ...(alias === undefined || action !== "kms:GenerateDataKey" ? {} : { "kms:RequestAlias": alias }),
      },
    });
    if (!key.usable) throw new Error(`DisabledException: ${key.arn} is disabled`);
  };
  const client =
    "Encountered error while initiating handshake. KMSEncryption failed on client with status 2 error:";
  await call(session.owner, "kms:GenerateDataKey").catch((error: Error) => {
    throw new SessionRefused(`${client} Error calling KMS GenerateDataKey: ${error.message}`);
  });
  await call(run.setting.agentArn, "kms:Decrypt").catch((error: Error) => {
    const text = "Fetching data key failed: Unable to retrieve data key, Error when decrypting data key";
    throw new SessionRefused(`Encountered error while initiating handshake. ${text} ${error.message}`);
  });
}

const accountOf = (keyId: string, own: string): string => arnParts(keyId).accountId || own;
