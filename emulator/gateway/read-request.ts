import type { IncomingMessage } from "node:http";
import type { Protocol, AwsRequest } from "./protocol";
import { bucketOfLifecycle, bucketOfPolicy, bucketOfReplication } from "./bucket-urls";

const SCOPE = /Credential=([^/]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/;

/**
 * Reads a request. The body is buffered only where a handler needs it: in JSON and query calls it holds the operation
 * or its parameters, and some REST calls are answered or rewritten here. All other bodies, such as objects of S3, are
 * streamed to moto.
 */
export async function readAwsRequest(message: IncomingMessage): Promise<AwsRequest> {
  const { headers } = message;
  const url = message.url ?? "/";
  const scope = SCOPE.exec(
    headers.authorization ??
      decodeURIComponent(new URL(url, "http://x").searchParams.get("X-Amz-Credential") ?? "").replace(
        /^/,
        "Credential=",
      ),
  );
  const target = headers["x-amz-target"];
  const isForm = (headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded");
  const service = scope?.[3] ?? "unknown";
  const protocol: Protocol =
    target !== undefined
      ? "json"
      : isForm && service !== "s3"
        ? "query"
        : service === "s3"
          ? "rest-xml"
          : "rest-json";
  const located = { service, url };
  const setting = bucketOfPolicy(located) ?? bucketOfReplication(located) ?? bucketOfLifecycle(located);
  const isSetting = message.method === "PUT" && setting !== undefined;
  const isBuffered =
    protocol === "json" || protocol === "query" || isSetting || service === "chatbot" || service === "lambda";
  const body = isBuffered ? await bodyOf(message) : Buffer.alloc(0);
  return {
    method: message.method ?? "GET",
    url,
    headers,
    body,
    isBuffered,
    protocol,
    service,
    region: scope?.[2] ?? "us-east-1",
    accessKeyId: scope?.[1],
    operation: operationOf(message, protocol, body),
  };
}

function operationOf(message: IncomingMessage, protocol: Protocol, body: Buffer): string {
  if (protocol === "json") return String(message.headers["x-amz-target"]).split(".").pop() ?? "";
  if (protocol === "query") return new URLSearchParams(body.toString("utf8")).get("Action") ?? "";
  return `${message.method ?? "GET"} ${message.url ?? "/"}`;
}

/** The whole body of an HTTP message. */
export async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
