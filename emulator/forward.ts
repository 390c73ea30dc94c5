import { setTimeout as delay } from "node:timers/promises";
import { Agent, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { errorResponse, jsonResponse, type AwsResponse } from "./aws-error";
import { bodyOf, type AwsRequest } from "./aws-request";
import type { Amendment } from "./gateway";
import type { Moto } from "./moto";
import { motoFailure, traceIn } from "./moto-failure";

/** A failure without a traceback is answered after this long. */
const TRACEBACK_WITHIN_MS = 5_000;

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

  /** Moto's output of a call that crashed. The traceback comes by another pipe than the answer, and may come later. */
  private async traceSince(mark: number): Promise<readonly string[]> {
    for (const end = Date.now() + TRACEBACK_WITHIN_MS; Date.now() < end; await delay(20)) {
      if (traceIn(this.moto.outputSince(mark)) !== undefined) break;
    }
    return this.moto.outputSince(mark);
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
      const page = (await bodyOf(answer)).toString("utf8");
      // An S3 error is sent as HTML by moto but is what the caller asked about.
      if (status >= 500 || !page.includes("<Code>")) {
        const output = status >= 500 ? await this.traceSince(mark) : this.moto.outputSince(mark);
        const failure = motoFailure(request, page, output);
        return write(outgoing, errorResponse(failure, request.protocol));
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
