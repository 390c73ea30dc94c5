import { fork, type ChildProcess } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { CreateLogStreamCommand, PutLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { GetQueueUrlCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { arnParts } from "../../aws/arn";
import { readZipEntry } from "../../files/zip";
import type { AccountClients } from "../clients/account-clients";
import type { Authorizer } from "../iam/authorizer";
import { serviceMayAssume } from "../iam/role-trust";
import type { AwsCredentialIdentity } from "../clients/clients";
import type { HostOutcome } from "./function-host";
import type { LambdaFunction } from "./functions";
import type { Identities } from "../clients/identities";
import type { Metrics } from "../metrics";
import type { JudgedCallers } from "./judged-callers";
import { assumedRoleArn, regionalArn } from "../clients/partitions";

/** One invocation of a function. */
export interface FunctionRun {
  readonly accountId: string;
  readonly region: string;
  readonly functionName: string;
  readonly event: unknown;
  /** Why the invocation failed; undefined when it succeeded. */
  readonly error?: string;
  /** What the function logged: lines of JSON. */
  readonly lines: readonly string[];
}

/**
 * Lambda retries a failed asynchronous invocation twice. The emulator does so at once, without waiting for minutes.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
const ATTEMPTS = 3;

const CANNOT_ASSUME = "AccessDeniedException: The role defined for the function cannot be assumed by Lambda.";

const PROJECT = resolve(__dirname, "..", "..");

/**
 * Runs functions of Node.js runtimes as they were deployed: their code in a process of its own, with their environment
 * variables and with credentials of their role. Every call that they make through the gateway is judged by the policies
 * deployed at that moment.
 */
export class FunctionRunner {
  /** Every invocation so far, oldest first. */
  readonly runs: FunctionRun[] = [];
  private readonly children = new Set<ChildProcess>();
  private endpoint = "";

  constructor(
    private readonly accounts: AccountClients,
    private readonly identities: Identities,
    private readonly authorizer: Authorizer,
    private readonly callers: JudgedCallers,
    private readonly metrics: Metrics,
  ) {}

  /** Sets the endpoint at which functions call AWS: `http://127.0.0.1:<port>` of the gateway. */
  serveAt(endpoint: string): void {
    this.endpoint = endpoint;
  }

  /** Invokes a function as EventBridge does: asynchronously. A failed event is retried, then sent to the dead-letter queue. */
  async invokeAsync(fn: LambdaFunction, event: unknown): Promise<void> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      if ((await this.invoke(fn, event)).error === undefined) return;
    }
    if (fn.deadLetters !== undefined && arnParts(fn.deadLetters).service === "sqs")
      await this.sendToDeadLetters(fn, fn.deadLetters, event);
  }

  /** Invokes a function once, and counts the run. A function that fails is an outcome and not an error. */
  async invoke(fn: LambdaFunction, event: unknown): Promise<FunctionRun> {
    const run = await this.runOnce(fn, event);
    const { accountId, region, name: FunctionName } = fn;
    const counted = { accountId, region, namespace: "AWS/Lambda", dimensions: { FunctionName } };
    await this.metrics.add({ ...counted, name: "Invocations" });
    await this.metrics.add({ ...counted, name: "Errors" }, run.error === undefined ? 0 : 1);
    return run;
  }

  private async runOnce(fn: LambdaFunction, event: unknown): Promise<FunctionRun> {
    const { allowed } = await serviceMayAssume(this.authorizer, "lambda", fn.role);
    if (!allowed) {
      const { accountId, region, name: functionName } = fn;
      const run = { accountId, region, functionName, event, lines: [], error: CANNOT_ASSUME };
      this.runs.push(run);
      return run;
    }
    const directory = await mkdtemp(join(tmpdir(), "session-audit-function-"));
    try {
      const file = `${fn.handler.split(".")[0]}.js`;
      await writeFile(join(directory, file), readZipEntry(fn.code, file));
      const roleName = roleNameOf(fn);
      const credentials = await this.identities.assumeRole(fn.accountId, roleName, fn.name);
      this.callers.judge(credentials.accessKeyId, assumedRoleArn(fn.region, fn.accountId, roleName, fn.name));
      const { outcome, lines } = await this.host(fn, event, directory, credentials);
      const { accountId, region, name: functionName } = fn;
      const run = { accountId, region, functionName, event, lines, ...("error" in outcome && outcome) };
      this.runs.push(run);
      await this.log(fn, lines);
      return run;
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  /** Ends the functions that still run. */
  stop(): void {
    for (const child of this.children) child.kill("SIGKILL");
  }

  private host(
    fn: LambdaFunction,
    event: unknown,
    directory: string,
    credentials: AwsCredentialIdentity,
  ): Promise<{ outcome: HostOutcome; lines: string[] }> {
    const deadline = Date.now() + fn.timeoutSeconds * 1000;
    const child = fork(join(__dirname, "function-host.ts"), {
      cwd: PROJECT,
      // Only for function-host.ts: what a function imports is JavaScript. `--import=tsx` would take twice as long to start.
      execArgv: ["--require=tsx/cjs"],
      env: this.environment(fn, credentials),
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.children.add(child);
    const assignment = { directory, handler: fn.handler, event, requestId: randomUUID(), deadline };
    return new Promise((resolve, reject) => {
      let outcome: HostOutcome = { error: "Runtime.ExitError: the runtime exited" };
      let output = "";
      let problems = "";
      child.stdout!.setEncoding("utf8").on("data", (text: string) => (output += text));
      child.stderr!.setEncoding("utf8").on("data", (text: string) => (problems += text));
      const timer = setTimeout(() => {
        outcome = { error: `Sandbox.Timedout: timed out after ${fn.timeoutSeconds} seconds` };
        child.kill("SIGKILL");
      }, fn.timeoutSeconds * 1000);
      child.once("error", reject);
      child.once("message", (message) => {
        outcome = message as HostOutcome;
        child.kill("SIGKILL");
      });
      child.once("close", () => {
        clearTimeout(timer);
        this.children.delete(child);
        const lines = output.split("\n").filter((line) => line !== "");
        resolve({ outcome, lines: problems === "" ? lines : [...lines, problems] });
      });
      child.send(assignment);
    });
  }

  /** The variables that Lambda sets, and nothing of this process's environment that could change what the function does. */
  private environment(fn: LambdaFunction, credentials: AwsCredentialIdentity): NodeJS.ProcessEnv {
    return {
      PATH: process.env["PATH"],
      // Lambda's Node.js runtimes contain the AWS SDK; here it comes from this project.
      NODE_PATH: join(PROJECT, "node_modules"),
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
      AWS_REGION: fn.region,
      AWS_LAMBDA_FUNCTION_NAME: fn.name,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: credentials.sessionToken,
      AWS_ENDPOINT_URL: this.endpoint,
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      ...fn.environment,
    };
  }

  /**
   * Writes what a function logged. Lambda does so with the role of the function: without permission, the logs are lost.
   * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
   */
  private async log(fn: LambdaFunction, lines: readonly string[]): Promise<void> {
    const day = new Date().toISOString().slice(0, 10).replaceAll("-", "/");
    const logStreamName = `${day}/${fn.name}[$LATEST]${randomBytes(16).toString("hex")}`;
    const group = regionalArn("logs", fn.region, fn.accountId, `log-group:${fn.logGroup}`);
    const stream = `${group}:log-stream:${logStreamName}`;
    for (const action of ["logs:CreateLogStream", "logs:PutLogEvents"]) {
      if (!(await this.may(fn, action, stream))) return;
    }
    if (lines.length === 0) return;
    const { logs } = await this.accounts.in(fn.accountId, fn.region);
    const to = { logGroupName: fn.logGroup, logStreamName };
    const timestamp = Date.now();
    try {
      await logs.send(new CreateLogStreamCommand(to));
      const logEvents = lines.map((message) => ({ message, timestamp }));
      await logs.send(new PutLogEventsCommand({ ...to, logEvents }));
      await this.metrics.count({ accountId: fn.accountId, region: fn.region, group: fn.logGroup }, lines);
    } catch (error) {
      // Lambda creates a missing log group if the role allows it. The roles of this project do not, so the logs are lost.
      if ((error as Error).name !== "ResourceNotFoundException") throw error;
    }
  }

  private async sendToDeadLetters(fn: LambdaFunction, queueArn: string, event: unknown): Promise<void> {
    if (!(await this.may(fn, "sqs:SendMessage", queueArn))) return;
    const { sqs } = await this.accounts.of(queueArn);
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: arnParts(queueArn).resource }));
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(event) }));
  }

  private async may(fn: LambdaFunction, action: string, resource: string): Promise<boolean> {
    const principal = assumedRoleArn(fn.region, fn.accountId, roleNameOf(fn), fn.name);
    const { accountId } = fn;
    return (await this.authorizer.authorize({ principal, accountId, action, resource })).allowed;
  }
}

/** The name of a function's execution role, without its path. */
const roleNameOf = ({ role }: LambdaFunction): string => arnParts(role).resource.split("/").at(-1) ?? "";
