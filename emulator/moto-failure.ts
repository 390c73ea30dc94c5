import { AwsError } from "./aws-error";
import type { AwsRequest } from "./aws-request";

const NOT_IMPLEMENTED = /not\s*(yet\s*)?(been\s*)?implemented|NotImplementedError/i;

/**
 * What to answer in place of moto's HTTP 500 or HTML page. A client error, because the SDKs retry a 500 for minutes
 * and the outcome cannot change; with moto's own text, because a crash must stay visible.
 */
export function motoFailure(request: AwsRequest, page: string, output: readonly string[]): AwsError {
  const call = `${request.service}:${request.operation}`;
  const text = traceIn(output) ?? plainText(page);
  return NOT_IMPLEMENTED.test(text)
    ? new AwsError("UnsupportedOperation", `The embedded AWS does not implement ${call}: ${text}`)
    : new AwsError("EmulatorFailure", `moto failed at ${call}: ${text}`);
}

/** The line of a Python traceback that names the error. */
export const traceIn = (output: readonly string[]): string | undefined =>
  output.filter((line) => /^\w[\w.]*(Error|Exception)\b/.test(line)).pop();

function plainText(page: string): string {
  const withoutTags = page.replace(/<(title|style)[^>]*>.*?<\/\1>/gis, "").replace(/<[^>]+>/g, " ");
  return withoutTags.replace(/\s+/g, " ").trim().slice(0, 600);
}
