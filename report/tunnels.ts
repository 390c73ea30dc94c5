/**
 * AWS's own documents of type `Port`, whose sessions are tunnels without content. Port forwarding has several documents,
 * whose names have the same beginning.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-logging.html
 */
const TUNNELS = [
  ["ssh", /^AWS-StartSSHSession$/],
  ["port-forwarding", /^AWS-StartPortForwardingSession/],
] as const;

/** The kind of tunnel that a document of AWS opens; null: the document opens none, or is somebody else's. */
export function tunnelOf(document: string): "ssh" | "port-forwarding" | null {
  // The ARN of a document that AWS owns has no account id.
  const name = /^arn:[^:]*:ssm:[^:]*::document\/(.*)$/.exec(document)?.[1] ?? document;
  return TUNNELS.find(([, pattern]) => pattern.test(name))?.[0] ?? null;
}
