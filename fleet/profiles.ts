import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { removeWithUs } from "../processes/process-group";
import { UserError } from "../processes/user-error";
import type { DeploymentProfile } from "../stacks/profiles";

/** What the role of a profile is assumed for. */
export type Purpose = "plan" | "deploy";

/** Where the user's own configuration is. @see https://docs.aws.amazon.com/sdkref/latest/guide/file-location.html */
const userFile = (env: NodeJS.ProcessEnv, variable: string, name: string): string =>
  env[variable] || join(env["HOME"] || homedir(), ".aws", name);

/** A profile for the credentials of a pipeline's own identity. */
const WEB_IDENTITY = "session-audit-web-identity";

/** The environment for Terraform, and a function that removes the file which it names. */
export interface ProfileEnvironment {
  readonly env: NodeJS.ProcessEnv;
  readonly remove: () => Promise<void>;
}

/**
 * Writes an AWS configuration file in which each profile assumes the role for a purpose. What the providers name is the
 * profile, so the saved plan has no role: the role that deploys applies what the role that plans has made.
 * @param profiles null: the providers name roles, and nothing is written
 * @throws UserError if the user's configuration has profiles of the same names
 */
export async function profileEnvironment(
  profiles: readonly DeploymentProfile[] | null,
  purpose: Purpose,
  env: NodeJS.ProcessEnv,
): Promise<ProfileEnvironment> {
  if (profiles === null) return { env, remove: () => Promise.resolve() };
  const read = (file: string) => readFile(file, "utf8").catch(() => "");
  const file = userFile(env, "AWS_CONFIG_FILE", "config");
  const own = await read(file);
  const names = sections(own);
  const twice = profiles.find(({ name }) => names.includes(name) || names.includes(`profile ${name}`));
  if (twice) {
    throw new UserError({
      what: `${file} has a profile ${twice.name}, and session-audit needs a profile of this name.`,
      remedy: "Rename the profile.",
    });
  }
  const credentials = sections(await read(userFile(env, "AWS_SHARED_CREDENTIALS_FILE", "credentials")));
  const source = sourceOf(env, names.includes("default") || credentials.includes("default"));
  const text = [own, ...source.sections, ...profiles.map((one) => profileText(one, purpose, source.line))];
  const directory = await mkdtemp(join(tmpdir(), "session-audit-aws-"));
  await chmod(directory, 0o700);
  const forget = removeWithUs(directory);
  const config = join(directory, "config");
  await writeFile(config, text.join("\n\n"), { mode: 0o600 });
  return {
    env: { ...env, AWS_CONFIG_FILE: config, AWS_SDK_LOAD_CONFIG: "1" },
    remove: async () => {
      await rm(directory, { recursive: true, force: true });
      forget();
    },
  };
}

/** The names in the headers of a configuration file. */
const sections = (text: string): string[] =>
  [...text.matchAll(/^\s*\[\s*([^\]]+?)\s*\]/gm)].map(([, name]) => name!);

/**
 * The credentials with which the roles are assumed: the ones that Terraform would use without a profile.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html
 */
function sourceOf(
  env: NodeJS.ProcessEnv,
  hasDefault: boolean,
): { readonly line: string; readonly sections: readonly string[] } {
  const none = { sections: [] };
  if (env["AWS_ACCESS_KEY_ID"]) return { line: "credential_source = Environment", ...none };
  const profile = env["AWS_PROFILE"] || env["AWS_DEFAULT_PROFILE"];
  if (profile) return { line: `source_profile = ${profile}`, ...none };
  const { AWS_WEB_IDENTITY_TOKEN_FILE: token, AWS_ROLE_ARN: role } = env;
  if (token && role) {
    const section = `[profile ${WEB_IDENTITY}]\nrole_arn = ${role}\nweb_identity_token_file = ${token}`;
    return { line: `source_profile = ${WEB_IDENTITY}`, sections: [section] };
  }
  if (env["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] || env["AWS_CONTAINER_CREDENTIALS_FULL_URI"]) {
    return { line: "credential_source = EcsContainer", ...none };
  }
  if (hasDefault) return { line: "source_profile = default", ...none };
  return { line: "credential_source = Ec2InstanceMetadata", ...none };
}

const profileText = (
  { name, planRoleArn, roleArn, externalId }: DeploymentProfile,
  purpose: Purpose,
  source: string,
): string =>
  [
    `[profile ${name}]`,
    `role_arn = ${purpose === "plan" ? planRoleArn : roleArn}`,
    "role_session_name = session-audit",
    ...(externalId === null ? [] : [`external_id = ${externalId}`]),
    source,
  ].join("\n");
