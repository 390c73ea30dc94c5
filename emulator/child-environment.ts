import { ROOT_CREDENTIALS } from "./clients/identities";

/**
 * What a Terraform override file (`emulator_override.tf.json` beside `cdk.tf.json`) must say so that an unchanged
 * stack runs against the emulator: only what no environment variable can.
 */
export function providerOverride(): object {
  return { provider: { aws: { s3_use_path_style: true } } };
}

/**
 * The same, with a state in a local file: it takes the place of whatever backend or `cloud` block a stack names, so
 * that a rehearsal never reaches a real state.
 * @param assume role to take where the map says `deployment: { mode: "ambient" }`; null where stacks name one
 * @param aliases of the providers that a stack has besides its own
 */
export function rehearsalOverride(
  stateFile: string,
  assume: { readonly roleArn: string } | null,
  aliases: readonly string[] = [],
): object {
  // A stack that takes its account from its surroundings gets it here as a role: one emulator has many accounts.
  const role = assume && { assume_role: [{ role_arn: assume.roleArn, session_name: "session-audit" }] };
  const own = { s3_use_path_style: true, ...role };
  return {
    provider: { aws: aliases.length === 0 ? own : [own, ...aliases.map((alias) => ({ alias, ...own }))] },
    terraform: { backend: { local: { path: stateFile } } },
  };
}

/**
 * The environment for child processes (Terraform, AWS CLIs) that are to reach the emulator and nothing else: this
 * process's own without any AWS setting, profile or proxy that could lead a call to the real AWS.
 */
export function childEnvironment(
  endpoint: string,
  inherited: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  const kept = Object.entries(inherited).filter(
    ([name]) => !/^(AWS_|TF_|HTTPS?_PROXY$|https?_proxy$)/.test(name),
  );
  return {
    ...Object.fromEntries(kept),
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: ROOT_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: ROOT_CREDENTIALS.secretAccessKey,
    AWS_REGION: "us-east-1",
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_EC2_METADATA_DISABLED: "true",
    // A failure of the emulator does not mend itself: the SDKs' usual retries would only hide it for minutes.
    AWS_MAX_ATTEMPTS: "2",
    NO_PROXY: "127.0.0.1,localhost",
    no_proxy: "127.0.0.1,localhost",
  };
}
