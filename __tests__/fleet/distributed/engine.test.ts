import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { S3Client } from "@aws-sdk/client-s3";
import { EXIT } from "../../../fleet/command";
import { Engine, type ExecutionProps } from "../../../fleet/distributed/engine";

const MACHINE = "arn:aws:states:eu-central-1:123456789012:stateMachine:session-audit-acme-pipeline";
const EXECUTION = "arn:aws:states:eu-central-1:123456789012:execution:session-audit-acme-pipeline:one";

type Answer = readonly [status: number, body: object];

/** What Step Functions answers to each operation. */
let answers: Record<string, Answer>;
let aws: Server;
let engine: Engine;
const before = { ...process.env };

beforeEach(async () => {
  aws = createServer((request, response) => {
    request.resume();
    const operation = String(request.headers["x-amz-target"] ?? "").split(".")[1];
    const [status, body] = operation === undefined ? [200, {}] : answers[operation]!;
    response.writeHead(status, { "content-type": "application/x-amz-json-1.0" });
    response.end(JSON.stringify(body));
  });
  await once(aws.listen(0, "127.0.0.1"), "listening");
  const endpoint = `http://127.0.0.1:${(aws.address() as AddressInfo).port}`;
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: "AKIAEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "secret",
  });
  const s3 = new S3Client({ region: "eu-central-1", forcePathStyle: true });
  engine = await Engine.open(MACHINE, "acme-pipeline", s3, process.env);
});
afterEach(() => {
  engine.close();
  engine.s3.destroy();
  aws.closeAllConnections();
  aws.close();
  process.env = { ...before };
});

const props = (): ExecutionProps => ({
  stages: [[]],
  tolerated: 0,
  concurrency: 1,
  signal: new AbortController().signal,
  onProgress: () => undefined,
});
const RUNS: Record<string, Answer> = {
  StartExecution: [200, { executionArn: EXECUTION, startDate: 1 }],
  DescribeExecution: [200, { executionArn: EXECUTION, status: "RUNNING", startDate: 1 }],
  ListMapRuns: [200, { mapRuns: [] }],
};
const EXPIRED: Answer = [400, { __type: "ExpiredTokenException", message: "The token has expired" }];

it("waits for the end of an execution", async () => {
  answers = { ...RUNS, DescribeExecution: [200, { executionArn: EXECUTION, status: "SUCCEEDED" }] };
  expect(await engine.execute("runs/one", props())).toEqual({ arn: EXECUTION, succeeded: true, cause: null });
});

it.each(["DescribeExecution", "ListMapRuns"])(
  "says that the execution goes on when AWS refuses %s in the middle of it",
  async (operation) => {
    answers = { ...RUNS, [operation]: EXPIRED };
    const running = engine.execute("runs/one", props());
    await expect(running).rejects.toMatchObject({
      name: "UserError",
      message: `${EXECUTION} runs, and AWS does not tell any more how it goes: ExpiredTokenException: The token has expired
  remedy   Its workers go on. Wait for its end, then run the same command again. A deployment goes on with --resume.`,
    });
  },
);

it("throws the error of AWS if the execution is not started", async () => {
  answers = { ...RUNS, StartExecution: EXPIRED };
  await expect(engine.execute("runs/one", props())).rejects.toMatchObject({ name: "ExpiredTokenException" });
});

it("refuses what is not the ARN of a state machine", async () => {
  const opening = Engine.open("session-audit-acme-pipeline", "acme-pipeline", engine.s3, process.env);
  await expect(opening).rejects.toThrow("is not the ARN of a state machine");
});

it("refuses with exit code 5 while an execution runs", async () => {
  answers = { ListExecutions: [200, { executions: [{ executionArn: EXECUTION, status: "RUNNING" }] }] };
  await expect(engine.refuseRunning()).rejects.toMatchObject({
    message: expect.stringContaining(`${EXECUTION} runs.`) as string,
    exitCode: EXIT.elsewhere,
  });
});

it("goes on if no execution runs", async () => {
  answers = { ListExecutions: [200, { executions: [] }] };
  await expect(engine.refuseRunning()).resolves.toBeUndefined();
});
