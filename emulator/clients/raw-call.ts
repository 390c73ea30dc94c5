import { AwsError } from "../gateway/protocol";
import type { Clients } from "./clients";

/** A call of an API for which this project has no AWS SDK client. */
export interface RawCall {
  /** Signing name, such as `states`. */
  readonly service: string;
  /** `<prefix>.<operation>` of a JSON API, or method and path of a REST API. */
  readonly operation: { readonly target: string } | { readonly method: string; readonly path: string };
  readonly body?: object;
}

/**
 * Calls moto with the credentials, region and endpoint of existing clients. The signature is a dummy: moto reads from
 * it the access key, the region and the service, and does not verify it.
 * @throws {@link AwsError} with the error code of moto's answer
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
