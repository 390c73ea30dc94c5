import { BucketLifecycles } from "../../../emulator/s3/bucket-lifecycles";
import type { AwsRequest } from "../../../emulator/gateway/protocol";

const XML =
  "<LifecycleConfiguration><Rule><Filter><ObjectSizeGreaterThan>0</ObjectSizeGreaterThan></Filter></Rule></LifecycleConfiguration>";
const SIZE = "x-amz-transition-default-minimum-object-size";
const request = (method: string, url: string, body = "", headers = {}): AwsRequest => ({
  method,
  url,
  headers,
  body: Buffer.from(body),
  isBuffered: true,
  protocol: "rest-xml",
  service: "s3",
  region: "eu-central-1",
  accessKeyId: "AKIA",
  operation: "",
});

describe("the lifecycle of a bucket", () => {
  let lifecycles: BucketLifecycles;
  const send = (status: number, ...sent: Parameters<typeof request>) =>
    lifecycles.observe(request(...sent))(status);
  const read = () => lifecycles.answer(request("GET", "/bucket?lifecycle="));
  beforeEach(() => (lifecycles = new BucketLifecycles()));

  it("is returned as it was set, with the default size of objects that move", async () => {
    send(200, "PUT", "/bucket?lifecycle=", XML);
    const headers = { "content-type": "application/xml", [SIZE]: "all_storage_classes_128K" };
    expect(await read()).toEqual({ status: 200, headers, body: XML });
  });

  it("has the default size that was set with it", async () => {
    send(200, "PUT", "/bucket?lifecycle=", XML, { [SIZE]: "varies_by_storage_class" });
    expect((await read())!.headers[SIZE]).toBe("varies_by_storage_class");
  });

  it.each([
    ["nobody has set it", () => undefined],
    ["S3 has refused it", () => send(400, "PUT", "/bucket?lifecycle=", XML)],
    [
      "it was deleted",
      () => {
        send(200, "PUT", "/bucket?lifecycle=", XML);
        send(204, "DELETE", "/bucket?lifecycle=");
      },
    ],
    [
      "its bucket was deleted",
      () => {
        send(200, "PUT", "/bucket?lifecycle=", XML);
        send(204, "DELETE", "/bucket");
      },
    ],
    ["another bucket has one", () => send(200, "PUT", "/other?lifecycle=", XML)],
  ])("is left to moto if %s", async (_case, before) => {
    before();
    expect(await read()).toBeUndefined();
  });
});
