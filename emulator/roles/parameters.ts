import type { AwsRequest } from "../gateway/protocol";

/** The parameters of a request with a JSON or query body, by their names in the API. Empty for all other requests. */
export function parametersOf({
  protocol,
  body,
}: Pick<AwsRequest, "protocol" | "body">): Readonly<Record<string, unknown>> {
  const text = body.toString("utf8");
  if (protocol === "query") return Object.fromEntries(new URLSearchParams(text));
  return protocol === "json" && text !== "" ? (JSON.parse(text) as Record<string, unknown>) : {};
}
