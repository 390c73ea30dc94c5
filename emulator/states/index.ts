import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { rawCall } from "../clients/raw-call";
import type { Clients } from "../clients/clients";
import { AwsError, jsonResponse, type AwsRequest, type Handler, type Room } from "../gateway/protocol";
import type { Core } from "../iam/core";

/** A call of the Step Functions API. */
type Call = (operation: string, body: object) => Promise<Record<string, unknown>>;

const callOf =
  (clients: Clients): Call =>
  (operation, body) =>
    rawCall(clients, { service: "states", operation: { target: `AWSStepFunctions.${operation}` }, body });

/** How often and how long a heartbeat is repeated whose task moto does not know yet. */
const HEARTBEAT = { attempts: 100, pauseMs: 50 };

/** What moto says about an execution that has ended: the answers by operation and ARN. */
type Answers = Map<string, Record<string, unknown>>;

/**
 * Lets moto execute state machines. Without this, an execution starts, and its tasks never run.
 * @see https://docs.getmoto.org/en/latest/docs/configuration/index.html
 */
export async function executeStateMachines(endpoint: string): Promise<void> {
  const answer = await fetch(`${endpoint}/moto-api/config`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ stepfunctions: { execute_state_machine: true } }),
  });
  if (!answer.ok) throw new Error(`moto does not execute state machines: ${await answer.text()}`);
}

/**
 * Step Functions beyond moto, which has an interpreter for the language of state machines:
 *
 * - Moto copies all state machines of an account and region whenever an execution starts, together with their executions,
 *   which Python cannot copy once they have run. Therefore, the executions that have ended are taken out of moto before
 *   the next one starts, and this room answers for them. Only one execution runs at a time in an account and region.
 * - Moto lacks `ListStateMachineVersions`, and has no versions: there are none.
 * - Moto lacks `ValidateStateMachineDefinition`. Its interpreter judges the definition of a state machine that is created
 *   for this and deleted at once.
 * - Moto fails to list the map runs of an execution that it has not begun to execute: there are none.
 * - Moto sends the message of a task before it accepts heartbeats for the task. A worker that is quick would be refused.
 *
 * The tasks of a state machine call moto directly, with the identity of moto's own account: no policy judges them.
 */
export function statesRoom(
  { accounts, identities }: Pick<Core, "accounts" | "identities">,
  { executes }: { readonly executes: boolean },
): Room {
  const ended: Answers = new Map();
  const clientsOf = async ({ accessKeyId, region }: AwsRequest) =>
    accounts.in((await identities.of(accessKeyId, region)).accountId, region);

  const handlers: Record<string, (request: AwsRequest) => ReturnType<Handler>> = {
    StartExecution: async (request) => {
      // Without execution, moto does not run what it would have to copy.
      if (executes) await forgetExecutions(callOf(await clientsOf(request)), ended);
      return undefined;
    },
    ValidateStateMachineDefinition: async (request) => {
      const { definition } = JSON.parse(request.body.toString("utf8")) as { definition: string };
      return jsonResponse(await validated(callOf(await clientsOf(request)), definition));
    },
    ListStateMachineVersions: async (request) => {
      const { stateMachineArn } = JSON.parse(request.body.toString("utf8")) as { stateMachineArn: string };
      await callOf(await clientsOf(request))("DescribeStateMachine", { stateMachineArn });
      return jsonResponse({ stateMachineVersions: [] });
    },
    SendTaskHeartbeat: async (request) => {
      const call = callOf(await clientsOf(request));
      const body = JSON.parse(request.body.toString("utf8")) as object;
      for (let attempt = 1; ; attempt++) {
        try {
          return jsonResponse(await call("SendTaskHeartbeat", body));
        } catch (error) {
          if (!(error instanceof AwsError) || error.code !== "InvalidToken" || attempt === HEARTBEAT.attempts)
            throw error;
          await delay(HEARTBEAT.pauseMs);
        }
      }
    },
  };
  for (const [operation, field] of [
    ["DescribeExecution", "executionArn"],
    ["GetExecutionHistory", "executionArn"],
    ["ListMapRuns", "executionArn"],
    ["DescribeMapRun", "mapRunArn"],
  ] as const) {
    handlers[operation] = async (request) => {
      const body = JSON.parse(request.body.toString("utf8")) as Record<string, string>;
      const answer = ended.get(`${operation} ${body[field]}`);
      return answer && jsonResponse(answer);
    };
  }
  const keptMapRuns = handlers["ListMapRuns"]!;
  handlers["ListMapRuns"] = async (request) => {
    const kept = await keptMapRuns(request);
    if (kept !== undefined) return kept;
    const { executionArn } = JSON.parse(request.body.toString("utf8")) as { executionArn: string };
    const call = callOf(await clientsOf(request));
    const { events = [] } = (await call("GetExecutionHistory", { executionArn })) as { events?: object[] };
    return events.length > 0 ? undefined : jsonResponse({ mapRuns: [] });
  };
  return {
    handlers: [
      async (request) => (request.service === "states" ? handlers[request.operation]?.(request) : undefined),
    ],
  };
}

/** @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinition.html */
async function validated(call: Call, definition: string) {
  try {
    const { stateMachineArn } = await call("CreateStateMachine", {
      name: `validated-${randomUUID()}`,
      definition,
      roleArn: "arn:aws:iam::123456789012:role/none",
    });
    await call("DeleteStateMachine", { stateMachineArn });
    return { result: "OK", diagnostics: [] };
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== "InvalidDefinition") throw error;
    const diagnostic = { severity: "ERROR", code: "SCHEMA_VALIDATION_FAILED", message: error.message };
    return { result: "FAIL", diagnostics: [diagnostic] };
  }
}

/**
 * Takes the executions that have ended out of moto, and keeps what it says about them. It creates their state machines
 * anew, under the same ARNs.
 * @throws AwsError if an execution runs
 */
async function forgetExecutions(call: Call, ended: Answers): Promise<void> {
  const { stateMachines = [] } = (await call("ListStateMachines", {})) as {
    stateMachines?: { stateMachineArn: string }[];
  };
  for (const { stateMachineArn } of stateMachines) {
    const { executions = [] } = (await call("ListExecutions", { stateMachineArn })) as {
      executions?: { executionArn: string; status: string }[];
    };
    const running = executions.find(({ status }) => status === "RUNNING");
    if (running) {
      throw new AwsError(
        "ExecutionLimitExceeded",
        `${running.executionArn} runs. The embedded AWS executes one state machine at a time in an account and region.`,
      );
    }
    if (executions.length === 0) continue;
    for (const { executionArn } of executions) await keep(call, executionArn, ended);
    const { name, definition, roleArn, type, loggingConfiguration, tracingConfiguration } = await call(
      "DescribeStateMachine",
      { stateMachineArn },
    );
    const { tags } = await call("ListTagsForResource", { resourceArn: stateMachineArn });
    await call("DeleteStateMachine", { stateMachineArn });
    await call("CreateStateMachine", {
      name,
      definition,
      roleArn,
      type,
      tags,
      ...(loggingConfiguration !== undefined && { loggingConfiguration }),
      ...(tracingConfiguration !== undefined && { tracingConfiguration }),
    });
  }
}

/** Keeps what moto says about an execution. */
async function keep(call: Call, executionArn: string, ended: Answers): Promise<void> {
  const ask = async (operation: string, field: string, arn: string) => {
    const answer = await call(operation, { [field]: arn });
    ended.set(`${operation} ${arn}`, answer);
    return answer;
  };
  await ask("DescribeExecution", "executionArn", executionArn);
  await ask("GetExecutionHistory", "executionArn", executionArn);
  const { mapRuns = [] } = (await ask("ListMapRuns", "executionArn", executionArn)) as {
    mapRuns?: { mapRunArn: string }[];
  };
  for (const { mapRunArn } of mapRuns) await ask("DescribeMapRun", "mapRunArn", mapRunArn);
}
