import { setTimeout as delay } from "node:timers/promises";
import { Agent, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { errorResponse, type AwsResponse, type AwsRequest, type Amendment, AwsError } from "./protocol";
import { bodyOf } from "./read-request";
import type { Moto } from "./moto";

const NOT_IMPLEMENTED = /not\s*(yet\s*)?(been\s*)?implemented|NotImplementedError/i;

/**
 * The error that replaces moto's HTTP 500 or HTML page. It is a client error (HTTP 400), because the AWS SDKs retry a
 * 500 for minutes although the outcome cannot change. It quotes moto, because a crash must stay visible.
 * @param page the body of moto's answer
 * @param output what moto wrote to its output meanwhile, line by line
 */
export function motoFailure(request: AwsRequest, page: string, output: readonly string[]): AwsError {
  const call = `${request.service}:${request.operation}`;
  const text = traceIn(output) ?? plainText(page);
  return NOT_IMPLEMENTED.test(text)
    ? new AwsError("UnsupportedOperation", `The embedded AWS does not implement ${call}: ${text}`)
    : new AwsError("EmulatorFailure", `moto failed at ${call}: ${text}`);
}

/** The line of a Python traceback that names the error. */
const traceIn = (output: readonly string[]): string | undefined =>
  output.filter((line) => /^\w[\w.]*(Error|Exception)\b/.test(line)).pop();

function plainText(page: string): string {
  const withoutTags = page.replace(/<(title|style)[^>]*>.*?<\/\1>/gis, "").replace(/<[^>]+>/g, " ");
  return withoutTags.replace(/\s+/g, " ").trim().slice(0, 600);
}

/** Time after which the gateway answers a failure even if moto has printed no traceback. */
const TRACEBACK_WITHIN_MS = 5_000;

/** A request on its way to moto and back. */
interface Forwarded {
  readonly request: AwsRequest;
  readonly outgoing: ServerResponse;
  /** Where moto's output was when the request was sent. */
  readonly mark: number;
  readonly answering: (status: number) => void;
  readonly back: Back;
}

/** What becomes of moto's successful answer on its way back. */
export interface Back {
  /** Changes its JSON: adds what it lacks, or masks what the caller may not see. undefined: it stays as it is. */
  readonly amend: Amendment | undefined;
  /** The headers that are added to it, whether it is amended or not. */
  readonly stamp: () => Readonly<Record<string, string>>;
}

/** Forwards requests to moto. */
export class Forwarder {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 64 });

  constructor(private readonly moto: Pick<Moto, "port" | "outputMark" | "outputSince">) {}

  /**
   * Streams a request to moto, and the answer back. Only failures of moto, and answers that a room completes, are rewritten.
   * @param answering is called with the status before the answer is written
   * @throws Error when moto cannot be reached
   */
  send(
    request: AwsRequest,
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    answering: (status: number) => void,
    back: Back,
  ): Promise<void> {
    const buffered = request.isBuffered;
    const headers = { ...request.headers };
    // Node.js has answered `Expect: 100-continue` already; moto's server would answer it a second time.
    delete headers.expect;
    const mark = this.moto.outputMark();
    if (buffered) {
      delete headers["transfer-encoding"];
      headers["content-length"] = String(request.body.length);
    }
    return new Promise((resolve, reject) => {
      const upstream = httpRequest(
        {
          host: "127.0.0.1",
          port: this.moto.port,
          agent: this.agent,
          method: request.method,
          path: request.url,
          headers,
        },
        (answer) => this.answer({ request, outgoing, mark, answering, back }, answer).then(resolve, reject),
      );
      upstream.once("error", reject);
      outgoing.once("close", () => {
        if (!outgoing.writableEnded) upstream.destroy();
      });
      if (buffered) upstream.end(request.body);
      else incoming.pipe(upstream);
    });
  }

  /** Closes the connections that are kept open to moto. */
  close(): void {
    this.agent.destroy();
  }

  /** Moto's output of a call that crashed. The traceback comes by another pipe than the answer, and may come later. */
  private async traceSince(mark: number): Promise<readonly string[]> {
    for (const end = Date.now() + TRACEBACK_WITHIN_MS; Date.now() < end; await delay(20)) {
      if (traceIn(this.moto.outputSince(mark)) !== undefined) break;
    }
    return this.moto.outputSince(mark);
  }

  private async answer(
    { request, outgoing, mark, answering, back: { amend, stamp } }: Forwarded,
    answer: IncomingMessage,
  ): Promise<void> {
    const status = answer.statusCode ?? 502;
    const isPage = (answer.headers["content-type"] ?? "").startsWith("text/html");
    if (status >= 500 || (status >= 400 && isPage && request.method !== "HEAD")) {
      const page = (await bodyOf(answer)).toString("utf8");
      // Observed: moto sends errors of S3 as `text/html`. They are valid answers and pass through.
      if (status >= 500 || !page.includes("<Code>")) {
        const output = status >= 500 ? await this.traceSince(mark) : this.moto.outputSince(mark);
        const failure = motoFailure(request, page, output);
        answering(failure.status);
        return write(outgoing, errorResponse(failure, request.protocol));
      }
      answering(status);
      outgoing.writeHead(status, answer.headers).end(page);
      return;
    }
    if (amend !== undefined && status < 300) {
      const text = (await bodyOf(answer)).toString("utf8");
      const amended = amend(JSON.parse(text === "" ? "{}" : text) as Record<string, unknown>);
      const body = text === "" ? "" : JSON.stringify(amended);
      // The body is written as a whole, and its length and its checksum are others than those of moto's answer.
      const { "transfer-encoding": _chunked, "x-amz-crc32": _checksum, ...headers } = answer.headers;
      answering(status);
      outgoing
        .writeHead(status, { ...headers, ...stamp(), "content-length": String(Buffer.byteLength(body)) })
        .end(body);
      return;
    }
    answering(status);
    const stamped = status < 300 ? Object.entries(stamp()).flat() : [];
    outgoing.writeHead(status, [...answer.rawHeaders, ...stamped]);
    await new Promise<void>((resolve, reject) => {
      answer.once("error", reject);
      outgoing.once("close", resolve);
      answer.pipe(outgoing);
    });
  }
}

/** Writes an answer that does not come from moto. */
export function write(outgoing: ServerResponse, { status, headers, body }: AwsResponse): void {
  outgoing.writeHead(status, { ...headers, "content-length": String(Buffer.byteLength(body)) }).end(body);
}
