/** Whether `version` ("1.11.4", "1.10.0-beta1", "5.2.1") is at least `minimum` ("1.10"), by major and minor. */
export function isAtLeast(version: string, minimum: string): boolean {
  const [major = 0, minor = 0] = numbers(version);
  const [minimumMajor = 0, minimumMinor = 0] = numbers(minimum);
  return major > minimumMajor || (major === minimumMajor && minor >= minimumMinor);
}

const numbers = (version: string): number[] =>
  version.split(/[.-]/).map((part) => Number.parseInt(part, 10) || 0);
