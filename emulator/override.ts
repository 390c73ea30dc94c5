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
 */
export function rehearsalOverride(stateFile: string): object {
  return { ...providerOverride(), terraform: { backend: { local: { path: stateFile } } } };
}
