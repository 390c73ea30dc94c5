import type { PlannedStack } from "./model";
import { namesOf, templateOf } from "./placeholders";

/** What stands in place of a secret. */
export const SENSITIVE = "(sensitive)";

/** Credentials, in the forms in which errors of HTTP clients and of the AWS SDK show them. */
const CREDENTIALS: readonly (readonly [RegExp, string])[] = [
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, SENSITIVE],
  [/(\b(?:X-Amz-(?:Signature|Security-Token|Credential)|Signature)=)[^&\s"']+/gi, `$1${SENSITIVE}`],
  [
    /(\b(?:aws_)?(?:secret_?(?:access_?)?key|session_?token|password|client_secret)["']?\s*[:=]\s*["']?)[^\s"',}]+/gi,
    `$1${SENSITIVE}`,
  ],
  [/(:\/\/[^\s/:@]+:)[^\s/@]+(?=@)/g, `$1${SENSITIVE}`],
];

/** A message without credentials. Messages of Terraform come from providers, which mark nothing as sensitive. */
export const withoutCredentials = (message: string): string =>
  CREDENTIALS.reduce((text, [pattern, masked]) => text.replace(pattern, masked), message);

/** A stack that failed, with Terraform's message. */
export type FailedStack = Pick<PlannedStack, "id" | "account" | "accountId" | "region"> & {
  readonly failure?: string | undefined;
};

/** A failure that is the same in many stacks. */
export interface SameFailure<S extends FailedStack = FailedStack> {
  /** The message of the first stack. */
  readonly message: string;
  readonly stacks: readonly S[];
}

/** What AWS puts into each answer anew, and where in the configuration of a stack Terraform found the error. */
const EACH_ANEW: readonly RegExp[] = [
  /\b(?:RequestID|HostID|request id|requestId)[:=]? *[\w+/=-]+/gi,
  /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi,
  /^[ │]*with provider\[.*$/gm,
  /^[ │]*on \S+ line \d+.*$/gm,
  /^[ │]*\d+: .*$/gm,
];

/**
 * The errors of a message, each once, without what is new each time. A stack with two providers has an error of the
 * credentials twice. Terraform breaks lines where names of other stacks would not.
 */
function lasting(message: string): string {
  const errors = EACH_ANEW.reduce((text, pattern) => text.replace(pattern, ""), message)
    .split(/^(?=[ │]*Error: )/m)
    .map((error) => error.replaceAll(/\s+/g, " ").trim());
  return [...new Set(errors)].sort().join("\n");
}

/**
 * Failures whose messages differ in nothing but the names of their stacks and the ids of requests, as one. The most
 * frequent first.
 */
export function sameFailures<S extends FailedStack>(failed: readonly S[]): SameFailure<S>[] {
  const groups = new Map<string, { message: string; stacks: S[] }>();
  for (const stack of failed) {
    const message = stack.failure ?? "";
    const key = templateOf(namesOf({ ...stack, kind: "", wave: null }, null))(lasting(message));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { message, stacks: [stack] });
    else group.stacks.push(stack);
  }
  return [...groups.values()].sort((one, other) => other.stacks.length - one.stacks.length);
}
