import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { AccountClients } from "../../emulator/clients/account-clients";
import type { Identities } from "../../emulator/clients/identities";
import type { AwsRequest } from "../../emulator/gateway/protocol";
import { statesRoom } from "../../emulator/states";

const EXECUTION = "arn:aws:states:eu-central-1:111111111111:execution:pipeline:one";

/** The history of every execution, as moto gives it. */
let events: readonly object[] = [];
let moto: Server;

beforeAll(async () => {
  moto = createServer((request, response) => {
    request.resume();
    response.end(JSON.stringify({ events }));
  });
  await once(moto.listen(0, "127.0.0.1"), "listening");
});
afterAll(() => {
  moto.closeAllConnections();
  moto.close();
});

async function listMapRuns() {
  const endpoint = `http://127.0.0.1:${(moto.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "secret" };
  const settings = { endpoint, region: "eu-central-1", credentials, maxAttempts: 1 };
  const room = statesRoom(
    {
      accounts: { in: async () => ({ settings }) } as unknown as AccountClients,
      identities: { of: async () => ({ accountId: "111111111111" }) } as unknown as Identities,
    },
    { executes: true },
  );
  const body = Buffer.from(JSON.stringify({ executionArn: EXECUTION }));
  return room.handlers![0]!({
    service: "states",
    operation: "ListMapRuns",
    region: "eu-central-1",
    body,
  } as AwsRequest);
}

it("lists no map runs of an execution that has not begun, which moto fails to list", async () => {
  events = [];
  expect(JSON.parse((await listMapRuns())!.body)).toEqual({ mapRuns: [] });
});

it("lets moto list the map runs of an execution that has begun", async () => {
  events = [{ type: "ExecutionStarted" }];
  expect(await listMapRuns()).toBeUndefined();
});
