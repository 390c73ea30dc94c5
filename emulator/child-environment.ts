import { ROOT_CREDENTIALS } from "./clients/identities";

/**
 * The content of a Terraform override file (`emulator_override.tf.json` beside `cdk.tf.json`) with which an unchanged
 * stack runs against the emulator. It sets only what no environment variable can set: path-style S3, the role, and a
 * local state file in place of the stack's backend or `cloud` block, so that a rehearsal never reaches a real state.
 * @see https://developer.hashicorp.com/terraform/language/files/override
 * @param stateFile path of the local state
 * @param assume role of a map with `deployment: { mode: "ambient" }`; null for stacks that name their role themselves
 * @param aliases aliases of the AWS providers that the stack has beside its default one
 * @example
 * rehearsalOverride("state/audit.tfstate", null); // { provider: { aws: … }, terraform: { backend: … } }
 */
export function rehearsalOverride(
  stateFile: string,
  assume: { readonly roleArn: string } | null,
  aliases: readonly string[] = [],
): object {
  // An ambient stack takes its account from its credentials. The emulator has many accounts, so a role says which.
  const role = assume && { assume_role: [{ role_arn: assume.roleArn, session_name: "session-audit" }] };
  const own = { s3_use_path_style: true, ...role };
  return {
    provider: { aws: aliases.length === 0 ? own : [own, ...aliases.map((alias) => ({ alias, ...own }))] },
    terraform: { backend: { local: { path: stateFile } } },
  };
}

/**
 * The environment for child processes (Terraform, AWS CLIs) that must reach the emulator and nothing else. It is the
 * environment of this process without the AWS settings, profiles and proxies that could lead a call to the real AWS.
 * @param endpoint `http://127.0.0.1:<port>` of the gateway
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
    // The AWS provider does not use AWS_ENDPOINT_URL when a profile assumes a role (measured with provider 5.100.0).
    AWS_ENDPOINT_URL_STS: endpoint,
    AWS_ACCESS_KEY_ID: ROOT_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: ROOT_CREDENTIALS.secretAccessKey,
    AWS_REGION: "us-east-1",
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_EC2_METADATA_DISABLED: "true",
    // A failure of the emulator is permanent: more retries of the SDKs would only hide it for minutes.
    AWS_MAX_ATTEMPTS: "2",
    NO_PROXY: "127.0.0.1,localhost",
    no_proxy: "127.0.0.1,localhost",
  };
}
