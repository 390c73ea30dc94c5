import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  AwsError,
  errorResponse,
  type AwsRequest,
  type Handler,
  type Rewrite,
  type Observer,
  type Amend,
} from "./protocol";
import { readAwsRequest } from "./read-request";
import { Forwarder, write } from "./forward";
import type { Moto } from "./moto";

/** The running gateway. */
export interface Gateway {
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string;
  close(): Promise<void>;
}

/** Starts the server that stands in front of moto, on a free loopback port. */
export async function startGateway(
  moto: Moto,
  options: {
    handlers: readonly Handler[];
    rewrites: readonly Rewrite[];
    amend?: Amend;
    observe?: Observer;
    log?: (line: string) => void;
  },
): Promise<Gateway> {
  const forwarder = new Forwarder(moto);
  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    let request: AwsRequest | undefined;
    let answered: ((status: number) => void) | undefined;
    try {
      request = await readAwsRequest(incoming);
      answered = options.observe?.(request);
      for (const handle of options.handlers) {
        const answer = await handle(request);
        if (answer !== undefined) {
          incoming.resume();
          return write(outgoing, answer);
        }
      }
      const sent = options.rewrites.reduce((changed, rewrite) => rewrite(changed), request);
      const amendment = await options.amend?.(request);
      await forwarder.send(sent, incoming, outgoing, amendment);
    } catch (error) {
      if (outgoing.headersSent) return void outgoing.destroy();
      const what = request === undefined ? "a request" : `${request.service}:${request.operation}`;
      if (!(error instanceof AwsError))
        options.log?.(`gateway: ${what} failed: ${(error as Error).stack ?? error}`);
      const shown =
        error instanceof AwsError
          ? error
          : new AwsError("EmulatorFailure", `${what}: ${(error as Error).message}`);
      write(outgoing, errorResponse(shown, request?.protocol ?? "json"));
    } finally {
      // Also when it fails: whoever waits for the events of all calls would wait for ever.
      answered?.(outgoing.statusCode);
    }
  };
  const server = createServer((incoming, outgoing) => void serve(incoming, outgoing));
  // Terraform's provider reuses its connections long after the five seconds that Node would keep them.
  server.keepAliveTimeout = 120_000;
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      forwarder.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
