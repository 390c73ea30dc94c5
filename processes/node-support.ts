/** The first version of Node.js that the AWS SDK supports after {@link SDK_DROPS_OLDER}. */
const SDK_NEEDS = 22;
const SDK_DROPS_OLDER = "the first week of January 2027";

/**
 * What a user of an older Node.js needs to know about the AWS SDK, or undefined on a newer one. The SDK prints a warning
 * of ten lines about it, in the middle of the demo; the demo prints this sentence in its place.
 * @param version such as "v20.12.0"
 * @see `emitWarningIfUnsupportedVersion` in the package `@aws-sdk/core`: a test compares the two
 */
export function nodeSupportNotice(version: string): string | undefined {
  const major = Number.parseInt(version.replace(/^v/, ""), 10);
  if (major >= SDK_NEEDS) return undefined;
  return (
    `Node.js ${major}: releases of the AWS SDK after ${SDK_DROPS_OLDER} need Node.js ${SDK_NEEDS}. ` +
    "This project pins older releases, which run on this version."
  );
}

/** Keeps the AWS SDK from printing its own warning about the version of Node.js. */
export function replaceSdkWarning(env: NodeJS.ProcessEnv): void {
  env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";
}
