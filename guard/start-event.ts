import { documentOf } from "./documents";

/** What the call of `StartSession` says about its caller and its purpose. Text without a value is "". */
export interface CallDetails {
  /** Source identity of the role session. */
  readonly sourceIdentity: string;
  /** Id of the user of IAM Identity Center who made the call. */
  readonly identityCenterUser: string;
  /** ARN of the identity store that has that user. */
  readonly identityStore: string;
  /** The reason that the caller gave for the session. */
  readonly reason: string;
  /** The host to which a session for port forwarding leads. */
  readonly host: string;
  /** The port to which a session for port forwarding leads. */
  readonly port: string;
}

/** The details of a call that the guard does not know. */
export const NO_DETAILS: CallDetails = {
  sourceIdentity: "",
  identityCenterUser: "",
  identityStore: "",
  reason: "",
  host: "",
  port: "",
};

/** A session that was started, as CloudTrail records the call of `StartSession`. Text without a value is "". */
export interface StartedSession {
  readonly sessionId: string;
  /** Name or ARN of the session's document, or undefined for the preferences. */
  readonly document: string | undefined;
  /** Id of the managed node. */
  readonly instance: string;
  /** ARN of the principal that started the session. */
  readonly who: string;
  /** Time of the call, in ISO 8601. */
  readonly when: string;
  /** Source address of the call. */
  readonly from: string;
  /** Id of the CloudTrail event, with which the whole call can be found. */
  readonly event: string;
  readonly details: CallDetails;
}

/** What an event asks of the guard: the reason of "nothing" and "refused" is a sentence without a full stop. */
export type Invocation =
  | { readonly kind: "schedule" }
  | { readonly kind: "session"; readonly session: StartedSession }
  | { readonly kind: "nothing"; readonly reason: string }
  | { readonly kind: "refused"; readonly reason: string };

/** The account and region in which the guard runs. */
interface Here {
  readonly account: string;
  readonly region: string;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads the event with which the guard was invoked. The guard acts on events of its own account and region only: an
 * event bus may also receive events from another account, which keep the account that they come from.
 * Reading never throws, because Lambda would repeat an event that can never be read.
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutPermission.html
 */
export function readEvent(event: unknown, here: Here): Invocation {
  const { source, account, region, detail, "detail-type": detailType } = fieldsOf(event);
  if (!isObject(event) || !isObject(detail)) return refused("the event has no detail");
  if (account !== here.account) return refused(`account is ${inWords(account)}, not ${here.account}`);
  if (region !== here.region) return refused(`region is ${inWords(region)}, not ${here.region}`);
  if (source === "aws.events" && detailType === "Scheduled Event") return { kind: "schedule" };
  const recipient = detail["recipientAccountId"];
  if (recipient !== undefined && recipient !== here.account)
    return refused(`detail.recipientAccountId is ${inWords(recipient)}, not ${here.account}`);
  if (detail["eventName"] !== "StartSession")
    return { kind: "nothing", reason: "the event is of another call" };
  if (detail["errorCode"] !== undefined) return { kind: "nothing", reason: "the call failed" };
  return startedSession(detail);
}

/**
 * The session of a call that succeeded. An id or a document that is no text is refused, because it decides which session
 * ends. What only the report needs is left empty instead: an odd address must not keep a session running.
 */
function startedSession(detail: Fields): Invocation {
  const request = fieldsOf(detail["requestParameters"]);
  const { sessionId } = fieldsOf(detail["responseElements"]);
  if (typeof sessionId !== "string" || sessionId === "")
    return refused(`detail.responseElements.sessionId is ${inWords(sessionId)}`);
  const documentName = request["documentName"] ?? "";
  if (typeof documentName !== "string")
    return refused(`detail.requestParameters.documentName is ${inWords(documentName)}`);
  return {
    kind: "session",
    session: {
      sessionId,
      document: documentOf(documentName),
      instance: textOf(request["target"]),
      who: textOf(fieldsOf(detail["userIdentity"])["arn"]),
      when: textOf(detail["eventTime"]),
      from: textOf(detail["sourceIPAddress"]),
      event: textOf(detail["eventID"]),
      details: detailsOf(detail),
    },
  };
}

function detailsOf(detail: Fields): CallDetails {
  const identity = fieldsOf(detail["userIdentity"]);
  const onBehalfOf = fieldsOf(identity["onBehalfOf"]);
  const request = fieldsOf(detail["requestParameters"]);
  const parameters = fieldsOf(request["parameters"]);
  return {
    sourceIdentity: textOf(fieldsOf(identity["sessionContext"])["sourceIdentity"]),
    identityCenterUser: textOf(onBehalfOf["userId"]),
    identityStore: textOf(onBehalfOf["identityStoreArn"]),
    reason: textOf(request["reason"]),
    // Each parameter of a document is a list of texts.
    host: textOf(fieldsOf(parameters["host"])[0]),
    port: textOf(fieldsOf(parameters["portNumber"])[0]),
  };
}

const refused = (reason: string): Invocation => ({ kind: "refused", reason });
const isObject = (value: unknown): value is Fields => typeof value === "object" && value !== null;
const fieldsOf = (value: unknown): Fields => (isObject(value) ? value : {});
const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** A value for a sentence, cut after 100 characters: somebody else chose it. */
const inWords = (value: unknown): string => (JSON.stringify(value) ?? "missing").slice(0, 100);
