/**
 * An input transformer: how EventBridge makes a JSON message from an event.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export interface EventMessage {
  /** Paths into the event, by the name of the placeholder. */
  readonly paths: Readonly<Record<string, string>>;
  /** JSON with a placeholder `<name>` for the value at the path of that name. */
  readonly template: string;
}

/**
 * Paths to what a CloudTrail record says about the person behind a role session, in addition to the ARN. The name of
 * the session in the ARN is whatever the client chose, such as `botocore-session-1700000000`. A record has each of
 * these fields only if the person's login set it.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
export const PERSON_PATHS = {
  sourceIdentity: "$.detail.userIdentity.sessionContext.sourceIdentity",
  identityCenterUser: "$.detail.userIdentity.onBehalfOf.userId",
  identityStore: "$.detail.userIdentity.onBehalfOf.identityStoreArn",
} as const;

/**
 * Paths to what the caller of `StartSession` wrote: the reason, and the host and port to which a session for port
 * forwarding leads. Each parameter of a document is a list of texts, and these have one.
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_StartSession.html
 */
export const REQUEST_PATHS = {
  reason: "$.detail.requestParameters.reason",
  host: "$.detail.requestParameters.parameters.host[0]",
  port: "$.detail.requestParameters.parameters.portNumber[0]",
} as const;

/** The placeholders of some paths, as fields of a message. */
export const placeholders = <Name extends string>(paths: Readonly<Record<Name, string>>) =>
  Object.fromEntries(Object.keys(paths).map((name) => [name, `<${name}>`])) as Record<Name, string>;
