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
