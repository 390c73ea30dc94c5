import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ConnectionCut } from "./faults";
import { AwsError, errorResponse, type Amendment, type AwsRequest, type Room } from "./protocol";
import { readAwsRequest } from "./read-request";
import { Forwarder, write } from "./forward";
import type { Moto } from "./moto";

/** The running gateway. */
export interface Gateway {
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string;
  /** Closes every connection and frees the port. */
  close(): Promise<void>;
}

/**
 * Starts the HTTP server in front of moto, on a free port of the loopback interface.
 * @param rooms asked in this order; the first handler that answers ends the search, and so does the first amendment
 * @param log receives each failure of the emulator itself, with its stack trace
 */
export async function startGateway(
  moto: Moto,
  rooms: readonly Room[],
  log?: (line: string) => void,
): Promise<Gateway> {
  const observers = rooms.flatMap((room) => room.observers ?? []);
  const handlers = rooms.flatMap((room) => room.handlers ?? []);
  const rewrites = rooms.flatMap((room) => room.rewrites ?? []);
  const stamps = rooms.flatMap((room) => room.stamps ?? []);
  const amends = rooms.flatMap((room) => room.amends ?? []);
  const forwarder = new Forwarder(moto);
  const amendmentOf = async (request: AwsRequest): Promise<Amendment | undefined> => {
    for (const amend of amends) {
      const amendment = await amend(request);
      if (amendment !== undefined) return amendment;
    }
    return undefined;
  };
  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    let request: AwsRequest | undefined;
    let observed: ((status: number) => void)[] = [];
    // Before the answer: a caller that has it finds the effect of its call.
    const answering = (status: number) => {
      for (const report of observed.splice(0)) report(status);
    };
    try {
      const received = await readAwsRequest(incoming);
      request = received;
      observed = observers.map((observe) => observe(received));
      for (const handle of handlers) {
        const answer = await handle(received);
        if (answer !== undefined) {
          incoming.resume();
          answering(answer.status);
          return write(outgoing, answer);
        }
      }
      const sent = rewrites.reduce((changed, rewrite) => rewrite(changed), received);
      await forwarder.send(sent, incoming, outgoing, answering, {
        amend: await amendmentOf(received),
        stamp: () => Object.assign({}, ...stamps.map((stamp) => stamp(received))) as Record<string, string>,
      });
    } catch (error) {
      if (outgoing.headersSent || error instanceof ConnectionCut) return void outgoing.destroy();
      const what = request === undefined ? "a request" : `${request.service}:${request.operation}`;
      if (!(error instanceof AwsError)) log?.(`gateway: ${what} failed: ${(error as Error).stack ?? error}`);
      const shown =
        error instanceof AwsError
          ? error
          : new AwsError("EmulatorFailure", `${what}: ${(error as Error).message}`);
      answering(shown.status);
      write(outgoing, errorResponse(shown, request?.protocol ?? "json"));
    } finally {
      // Failed requests included: `settled()` waits until every observed request has a status.
      answering(outgoing.statusCode);
    }
  };
  const server = createServer((incoming, outgoing) => void serve(incoming, outgoing));
  // Observed: Terraform's AWS provider reuses a connection long after the five seconds that Node.js keeps it open.
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
