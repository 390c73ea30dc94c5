import type { Protocol } from "./aws-request";

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
