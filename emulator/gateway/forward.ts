import { setTimeout as delay } from "node:timers/promises";
import { Agent, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import {
  errorResponse,
  jsonResponse,
  type AwsResponse,
  type AwsRequest,
  type Amendment,
  AwsError,
} from "./protocol";
import { bodyOf } from "./read-request";
import type { Moto } from "./moto";

const NOT_IMPLEMENTED = /not\s*(yet\s*)?(been\s*)?implemented|NotImplementedError/i;

/**
 * What to answer in place of moto's HTTP 500 or HTML page. A client error, because the SDKs retry a 500 for minutes
 * and the outcome cannot change; with moto's own text, because a crash must stay visible.
 */
export function motoFailure(request: AwsRequest, page: string, output: readonly string[]): AwsError {
  const call = `${request.service}:${request.operation}`;
  const trace = output.filter((line) => /^\w[\w.]*(Error|Exception)\b/.test(line)).pop();
  const text = trace ?? plainText(page);
  return NOT_IMPLEMENTED.test(text)
    ? new AwsError("UnsupportedOperation", `The embedded AWS does not implement ${call}: ${text}`)
    : new AwsError("EmulatorFailure", `moto failed at ${call}: ${text}`);
}

function plainText(page: string): string {
  const withoutTags = page.replace(/<(title|style)[^>]*>.*?<\/\1>/gis, "").replace(/<[^>]+>/g, " ");
  return withoutTags.replace(/\s+/g, " ").trim().slice(0, 600);
}

const TRACEBACK_LAG_MS = 40;

/** Passes requests on to moto. */
export class Forwarder {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 64 });

  constructor(private readonly moto: Pick<Moto, "port" | "outputMark" | "outputSince">) {}

  /** Streams a request to moto and its answer back; only moto's failures are replaced. */
  send(
    request: AwsRequest,
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    amend?: Amendment,
  ): Promise<void> {
    const buffered = request.isBuffered;
    const headers = { ...request.headers };
    // Node has answered it already; moto's server would answer it a second time.
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
        (answer) => this.answer(request, answer, outgoing, mark, amend).then(resolve, reject),
      );
      upstream.once("error", reject);
      outgoing.once("close", () => {
        if (!outgoing.writableEnded) upstream.destroy();
      });
      if (buffered) upstream.end(request.body);
      else incoming.pipe(upstream);
    });
  }

  /** Ends the kept connections. */
  close(): void {
    this.agent.destroy();
  }

  private async answer(
    request: AwsRequest,
    answer: IncomingMessage,
    outgoing: ServerResponse,
    mark: number,
    amend: Amendment | undefined,
  ): Promise<void> {
    const status = answer.statusCode ?? 502;
    const isPage = (answer.headers["content-type"] ?? "").startsWith("text/html");
    if (status >= 500 || (status >= 400 && isPage && request.method !== "HEAD")) {
      // The traceback reaches us through another pipe than the answer does.
      await delay(TRACEBACK_LAG_MS);
      const page = (await bodyOf(answer)).toString("utf8");
      // An S3 error is sent as HTML by moto but is what the caller asked about.
      if (status >= 500 || !page.includes("<Code>")) {
        write(
          outgoing,
          errorResponse(motoFailure(request, page, this.moto.outputSince(mark)), request.protocol),
        );
        return;
      }
      outgoing.writeHead(status, answer.headers).end(page);
      return;
    }
    if (amend !== undefined && status < 300) {
      const text = (await bodyOf(answer)).toString("utf8");
      const amended = amend(JSON.parse(text === "" ? "{}" : text) as Record<string, unknown>);
      const body = text === "" ? "" : JSON.stringify(amended);
      return write(outgoing, { ...jsonResponse(amended), status, body });
    }
    outgoing.writeHead(status, answer.rawHeaders);
    await new Promise<void>((resolve, reject) => {
      answer.once("error", reject);
      outgoing.once("close", resolve);
      answer.pipe(outgoing);
    });
  }
}

/** Writes an answer that the gateway gives itself. */
export function write(outgoing: ServerResponse, { status, headers, body }: AwsResponse): void {
  outgoing.writeHead(status, { ...headers, "content-length": String(Buffer.byteLength(body)) }).end(body);
}
