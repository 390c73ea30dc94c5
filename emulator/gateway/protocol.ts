import type { IncomingHttpHeaders } from "node:http";

/** An error that the emulator answers in the protocol of the request. */
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

/** A response that the gateway writes itself. */
export interface AwsResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A successful answer of a JSON API. */
export const jsonResponse = (value: unknown): AwsResponse => ({
  status: 200,
  headers: { "content-type": "application/x-amz-json-1.1" },
  body: JSON.stringify(value),
});

/** An error as the SDKs expect it in the given protocol. */
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

const XML: Readonly<Record<string, string>> = {
  "<": "&lt;",
  ">": "&gt;",
  "&": "&amp;",
  '"': "&quot;",
  "'": "&apos;",
};
const escapeXml = (text: string): string => text.replace(/[<>&"']/g, (char) => XML[char] ?? char);

/** The wire protocols of the AWS APIs that the emulator answers itself. */
export type Protocol = "json" | "query" | "rest-xml" | "rest-json";

/** What the gateway reads off a request before it decides what becomes of it. */
export interface AwsRequest {
  readonly method: string;
  /** Path with query string. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** Empty for REST calls, whose bodies are streamed through unread; but for a bucket's policy, and for Lambda and chat. */
  readonly body: Buffer;
  /** Whether `body` is the whole body, and nothing is left to stream. */
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

/** Answers a request itself, or returns undefined to leave it to the next handler and in the end to moto. */
export type Handler = (request: AwsRequest) => Promise<AwsResponse | undefined>;

/** Changes a request on its way to moto. */
export type Rewrite = (request: AwsRequest) => AwsRequest;

/** Learns of a request; what it returns learns the HTTP status of the answer. */
export type Observer = (request: AwsRequest) => (status: number) => void;

/** Completes the JSON of a successful answer from moto. */
export type Amendment = (answer: Record<string, unknown>) => Record<string, unknown>;

/** Decides how moto's answer to a request is completed; undefined to pass it on as it is. */
export type Amend = (request: AwsRequest) => Promise<Amendment | undefined>;
