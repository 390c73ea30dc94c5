import { ROOT_CREDENTIALS } from "./identities";

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
