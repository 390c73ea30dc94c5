import { createServer, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { startGateway, type Gateway } from "../../../emulator/gateway/gateway";
import type { Moto } from "../../../emulator/gateway/moto";
import { AwsError, jsonResponse, type Room } from "../../../emulator/gateway/protocol";

let upstream: Server;
let gateway: Gateway | undefined;

/** A server that answers every call, in place of moto. */
beforeAll(async () => {
  upstream = createServer((request, response) => {
    request.resume();
    const headers = { "content-type": "application/x-amz-json-1.1", "x-amzn-requestid": "of moto" };
    response.writeHead(200, headers).end('{"from":"moto"}');
  });
  await once(upstream.listen(0, "127.0.0.1"), "listening");
});
afterEach(() => gateway?.close());
afterAll(() => upstream.close());

async function call(...rooms: Room[]): Promise<{ status: number; body: unknown; headers: Headers }> {
  const { port } = upstream.address() as AddressInfo;
  const moto = { port, outputMark: () => 0, outputSince: () => [] } as unknown as Moto;
  gateway = await startGateway(moto, rooms);
  const headers = { "x-amz-target": "AmazonSSM.GetDocument", "content-type": "application/x-amz-json-1.1" };
  const answer = await fetch(gateway.endpoint, { method: "POST", headers, body: "{}" });
  return { status: answer.status, body: await answer.json(), headers: answer.headers };
}

const answering = (from: string): Room => ({ handlers: [async () => jsonResponse({ from })] });
const passing: Room = { handlers: [async () => undefined] };

it("answers with the first room that has an answer", async () => {
  expect((await call(passing, answering("first"), answering("second"))).body).toEqual({ from: "first" });
});

it("answers with moto if no room has an answer", async () => {
  expect((await call(passing, {})).body).toEqual({ from: "moto" });
});

it("amends moto's answer by the first room that has an amendment", async () => {
  const amending = (by: string): Room => ({ amends: [async () => (answer) => ({ ...answer, by })] });
  const none: Room = { amends: [async () => undefined] };
  expect((await call(none, amending("first"), amending("second"))).body).toEqual({
    from: "moto",
    by: "first",
  });
});

it("keeps the headers of an answer that it amends, and adds those of the rooms", async () => {
  const room: Room = {
    amends: [async () => () => ({ longer: "than the answer of moto" })],
    stamps: [() => ({ "x-one": "yes" })],
  };
  const { body, headers } = await call(room);
  expect(body).toEqual({ longer: "than the answer of moto" });
  expect([headers.get("x-amzn-requestid"), headers.get("x-one")]).toEqual(["of moto", "yes"]);
});

it("adds the headers of every room to moto's answer", async () => {
  const stamping = (name: string): Room => ({ stamps: [() => ({ [name]: "yes" }), () => undefined] });
  const { body, headers } = await call(stamping("x-one"), stamping("x-two"));
  expect([body, headers.get("x-one"), headers.get("x-two")]).toEqual([{ from: "moto" }, "yes", "yes"]);
});

it.each([
  ["answered by a room", answering("a room"), 200],
  ["answered by moto", {}, 200],
  ["refused", { handlers: [async () => Promise.reject(new AwsError("Denied", "no", 403))] }, 403],
])("reports the status of a call that is %s to every observer", async (_how, room: Room, status) => {
  const seen: string[] = [];
  let answered: Promise<unknown> | undefined;
  const reported = new Promise<void>((resolve) => {
    const observing = (name: string): Room => ({
      observers: [
        ({ operation }) =>
          (code) => {
            if (seen.push(`${name}: ${operation} ${code}`) === 2) resolve();
          },
      ],
    });
    answered = call(observing("one"), room, observing("two"));
  });
  await reported;
  await answered;
  expect(seen).toEqual([`one: GetDocument ${status}`, `two: GetDocument ${status}`]);
});
