import { AwsError, errorResponse, type AwsRequest } from "../../../emulator/gateway/protocol";
import { childEnvironment } from "../../../emulator/child-environment";
import { trailArnsToNames } from "../../../emulator/events/trails";
import { motoFailure } from "../../../emulator/gateway/forward";

const request = (more: Partial<AwsRequest>): AwsRequest => ({
  method: "POST",
  url: "/",
  headers: {},
  body: Buffer.from("{}"),
  isBuffered: true,
  protocol: "json",
  service: "cloudtrail",
  region: "eu-west-1",
  accessKeyId: "AKIA",
  operation: "StartLogging",
  ...more,
});

describe("an error is written in the protocol of the request", () => {
  const error = new AwsError("SomeCode", "a < b");
  it("as JSON", () =>
    expect(JSON.parse(errorResponse(error, "json").body)).toMatchObject({
      __type: "SomeCode",
      message: "a < b",
    }));
  it("as the XML of query APIs", () =>
    expect(errorResponse(error, "query").body).toContain(
      "<Error><Type>Sender</Type><Code>SomeCode</Code><Message>a &lt; b</",
    ));
  it("as the XML of S3", () =>
    expect(errorResponse(error, "rest-xml").body).toContain("<Error><Code>SomeCode</Code>"));
});

describe("a failure of moto", () => {
  const trace = [
    "Traceback",
    "NotImplementedError: The list_x action has not been implemented",
    "127.0.0.1 500",
  ];
  it("names the call that moto lacks", () => {
    const failure = motoFailure(request({ operation: "ListX" }), "<title>500</title>", trace);
    expect(failure).toMatchObject({ code: "UnsupportedOperation", status: 400 });
    expect(failure.message).toContain("cloudtrail:ListX");
  });
  it("is reported as a crash, with moto's text, when moto crashes", () => {
    const failure = motoFailure(request({}), "<p>Internal error</p>", ["KeyError: 'own'"]);
    expect(failure).toMatchObject({
      code: "EmulatorFailure",
      message: expect.stringContaining("KeyError: 'own'"),
    });
  });
  it("quotes the page when there is no traceback", () =>
    expect(motoFailure(request({}), "<title>x</title><p>It broke</p>", []).message).toContain("It broke"));
});

describe("a trail's ARN becomes its name", () => {
  const arn = "arn:aws:cloudtrail:eu-west-1:111111111111:trail/own";
  const sent = (operation: string, member: string, more: Partial<AwsRequest> = {}) =>
    JSON.parse(
      trailArnsToNames(
        request({ operation, body: Buffer.from(JSON.stringify({ [member]: arn })), ...more }),
      ).body.toString(),
    );
  it.each`
    operation              | member
    ${"StartLogging"}      | ${"Name"}
    ${"DeleteTrail"}       | ${"Name"}
    ${"PutEventSelectors"} | ${"TrailName"}
  `("in $operation", ({ operation, member }) => expect(sent(operation, member)).toEqual({ [member]: "own" }));
  it("except in calls that accept the ARN of any resource", () =>
    expect(sent("AddTags", "ResourceId")).toEqual({ ResourceId: arn }));
  it("except in calls of other services", () =>
    expect(sent("StartLogging", "Name", { service: "ssm" })).toEqual({ Name: arn }));
});

describe("the environment of child processes", () => {
  const env = childEnvironment("http://127.0.0.1:1", {
    PATH: "/bin",
    AWS_PROFILE: "production",
    AWS_ENDPOINT_URL_S3: "https://s3",
    HTTPS_PROXY: "http://proxy",
    TF_WORKSPACE: "other",
  });
  it("points to the emulator", () =>
    expect(env).toMatchObject({ PATH: "/bin", AWS_ENDPOINT_URL: "http://127.0.0.1:1" }));
  it.each(["AWS_PROFILE", "AWS_ENDPOINT_URL_S3", "HTTPS_PROXY", "TF_WORKSPACE"])("has no %s", (name) =>
    expect(env).not.toHaveProperty(name),
  );
});
