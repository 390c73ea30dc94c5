/**
 * What a Terraform override file (`emulator_override.tf.json` beside `cdk.tf.json`) must say so that an unchanged
 * stack runs against the emulator: only what no environment variable can.
 */
export function providerOverride(): object {
  return { provider: { aws: { s3_use_path_style: true } } };
}
