import { AwsError } from "../gateway/protocol";
import type { Clients } from "./clients";

/** A call of an API that no client is there for. */
export interface RawCall {
  /** Signing name, such as `states`. */
  readonly service: string;
  /** `<prefix>.<operation>` of a JSON API, or method and path of a REST one. */
  readonly operation: { readonly target: string } | { readonly method: string; readonly path: string };
  readonly body?: object;
}

/**
 * Calls moto as the owner of some clients. Moto reads from a signature who signed and where, and checks no more.
 * @throws {@link AwsError} with the error code that moto answers
 */
export async function rawCall(
  { settings }: Clients,
  { service, operation, body }: RawCall,
): Promise<Record<string, unknown>> {
  const { endpoint, region, credentials } = settings;
  const isJson = "target" in operation;
  const answer = await fetch(`${endpoint}${isJson ? "/" : operation.path}`, {
    method: isJson ? "POST" : operation.method,
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=none`,
      "content-type": "application/x-amz-json-1.1",
      ...(isJson && { "x-amz-target": operation.target }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (answer.ok) return (text === "" ? {} : JSON.parse(text)) as Record<string, unknown>;
  const found = /"__type":\s*"([^"]+)"/.exec(text)?.[1] ?? answer.headers.get("x-amzn-errortype");
  throw new AwsError(found ?? `HTTP${answer.status}`, text.slice(0, 500), answer.status);
}
