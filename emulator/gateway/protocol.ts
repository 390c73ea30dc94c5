import type { IncomingHttpHeaders } from "node:http";

/** An error of AWS. The gateway answers it in the protocol of the request. */
export class AwsError extends Error {
  constructor(
    /** AWS's error code, such as `AccessDeniedException`. */
    readonly code: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}

/** An answer that does not come from moto. */
export interface AwsResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A successful answer (HTTP 200) of a JSON API. */
export const jsonResponse = (value: unknown): AwsResponse => ({
  status: 200,
  headers: { "content-type": "application/x-amz-json-1.1" },
  body: JSON.stringify(value),
});

/**
 * An error as the AWS SDKs expect it.
 * @see https://smithy.io/2.0/aws/protocols/index.html
 */
export function errorResponse({ code, message, status }: AwsError, protocol: Protocol): AwsResponse {
  if (protocol === "json" || protocol === "rest-json") {
    return {
      status,
      headers: { "content-type": "application/x-amz-json-1.1", "x-amzn-errortype": code },
      body: JSON.stringify({ __type: code, message, Message: message }),
    };
  }
  const error = `<Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message>`;
  const body =
    protocol === "query"
      ? `<ErrorResponse><Error><Type>Sender</Type>${error}</Error><RequestId>emulator</RequestId></ErrorResponse>`
      : `<Error>${error}<RequestId>emulator</RequestId></Error>`;
  return {
    status,
    headers: { "content-type": "text/xml" },
    body: `<?xml version="1.0" encoding="UTF-8"?>${body}`,
  };
}

/**
 * An error of EC2, which has a protocol of its own.
 * @see https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html
 */
export function ec2ErrorResponse(error: AwsError): AwsResponse {
  const answer = errorResponse(error, "query");
  const body = answer.body
    .replace(/<(\/?)ErrorResponse>/g, "<$1Response>")
    .replace(/<Error>/, "<Errors><Error>")
    .replace(/<\/Error>/, "</Error></Errors>");
  return { ...answer, body };
}

const XML: Readonly<Record<string, string>> = {
  "<": "&lt;",
  ">": "&gt;",
  "&": "&amp;",
  '"': "&quot;",
  "'": "&apos;",
};
/** A text as the content of an XML element. */
export const escapeXml = (text: string): string => text.replace(/[<>&"']/g, (char) => XML[char] ?? char);

/** The wire protocols of the AWS APIs that the emulator answers itself. */
export type Protocol = "json" | "query" | "rest-xml" | "rest-json";

/** What the gateway reads from a request before it decides who answers. */
export interface AwsRequest {
  readonly method: string;
  /** Path with query string. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /**
   * The body of JSON and query calls, of Lambda and chat calls, and of a bucket's policy, replication or lifecycle. Empty for all
   * other REST calls, whose bodies are streamed to moto without being read.
   */
  readonly body: Buffer;
  /** Whether `body` holds the whole body, so that nothing is left to stream. */
  readonly isBuffered: boolean;
  readonly protocol: Protocol;
  /** Signing name of the service, such as `ssm`; `unknown` without a signature. */
  readonly service: string;
  readonly region: string;
  /** Access key id of the signature; undefined for unsigned requests. */
  readonly accessKeyId: string | undefined;
  /** The operation, such as `StartSession`; for REST protocols method and path. */
  readonly operation: string;
}

/**
 * Answers a request in place of moto, or returns undefined: the next handler is asked, and after the last one moto.
 * @throws {@link AwsError} which the gateway answers in the protocol of the request
 */
export type Handler = (request: AwsRequest) => Promise<AwsResponse | undefined>;

/** Changes a request on its way to moto. */
export type Rewrite = (request: AwsRequest) => AwsRequest;

/**
 * Sees every request before any handler does. The function that it returns is called with the HTTP status of the answer,
 * before the caller gets the answer.
 */
export type Observer = (request: AwsRequest) => (status: number) => void;

/** Changes the JSON of a successful answer from moto. The headers of the answer stay. */
export type Amendment = (answer: Record<string, unknown>) => Record<string, unknown>;

/** Decides how moto's answer to a request is changed. Returns undefined when the answer needs no change. */
export type Amend = (request: AwsRequest) => Promise<Amendment | undefined>;

/** Headers that moto's successful answer to a request lacks. Returns undefined when it lacks none. */
export type Stamp = (request: AwsRequest) => Readonly<Record<string, string>> | undefined;

/**
 * What one room (a folder of the emulator) adds to moto. A request passes through it in this order: `observers`,
 * `handlers`, then `rewrites` on the way to moto, and `amends` and `stamps` on the way back.
 */
export interface Room {
  readonly observers?: readonly Observer[];
  readonly handlers?: readonly Handler[];
  readonly rewrites?: readonly Rewrite[];
  readonly amends?: readonly Amend[];
  readonly stamps?: readonly Stamp[];
}
