import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { Faults, type Effect } from "../../../emulator/gateway/faults";
import { startGateway, type Gateway } from "../../../emulator/gateway/gateway";
import type { Moto } from "../../../emulator/gateway/moto";
import type { AwsRequest, Room } from "../../../emulator/gateway/protocol";

/** The calls that passed the faults. */
const passed: AwsRequest[] = [];
const sts: Room = {
  handlers: [
    async (request) => {
      passed.push(request);
      return {
        status: 200,
        headers: { "content-type": "text/xml" },
        body: "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111111111111</Account></GetCallerIdentityResult></GetCallerIdentityResponse>",
      };
    },
  ],
};
const faults = new Faults();
let gateway: Gateway;
beforeAll(async () => {
  // Every call is answered before it would reach moto.
  gateway = await startGateway({} as Moto, [faults, sts]);
});
afterAll(() => gateway.close());
beforeEach(() => void passed.splice(0));
afterEach(() => faults.disturb(null));

async function call(maxAttempts: number): Promise<string | undefined> {
  const client = new STSClient({
    endpoint: gateway.endpoint,
    region: "eu-central-1",
    maxAttempts,
    credentials: { accessKeyId: "AKIA", secretAccessKey: "secret" },
  });
  try {
    return (await client.send(new GetCallerIdentityCommand({}))).Account;
  } finally {
    client.destroy();
  }
}
const disturb = (effect: Effect, hits = () => true) => faults.disturb({ effect, hits });

it("an error reaches the caller with its code and status, and passes when the disturbance ends", async () => {
  disturb({ kind: "error", code: "Throttling", message: "Rate exceeded", status: 400 });
  await expect(call(1)).rejects.toMatchObject({
    name: "Throttling",
    message: "Rate exceeded",
    $metadata: { httpStatusCode: 400 },
  });
  faults.disturb(null);
  expect(await call(1)).toBe("111111111111");
});

it("hits the calls that it is asked about, and no other", async () => {
  let left = 2;
  disturb({ kind: "error", code: "InternalFailure", message: "", status: 500 }, () => left-- > 0);
  expect(await call(3)).toBe("111111111111");
  expect(passed).toHaveLength(1);
});

it("a cut connection has no answer", async () => {
  disturb({ kind: "cut" });
  await expect(call(1)).rejects.toThrow(/socket hang up|ECONNRESET|EPIPE/);
  expect(passed).toEqual([]);
});

it("a delayed call is answered", async () => {
  disturb({ kind: "delay", milliseconds: 1 });
  expect(await call(1)).toBe("111111111111");
});

it("a clock that is an hour slow is refused, and passes once the client has corrected it by the answer's date", async () => {
  disturb({ kind: "skew", milliseconds: 3_600_000 });
  await expect(call(1)).rejects.toMatchObject({ name: "SignatureDoesNotMatch" });
  expect(passed).toEqual([]);
  expect(await call(2)).toBe("111111111111");
  expect(passed).toHaveLength(1);
});
