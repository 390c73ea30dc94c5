import { randomUUID } from "node:crypto";
import { arnParts } from "../../aws/arn";
import type { AccountClients } from "../clients/account-clients";
import { jsonResponse, type Handler } from "../gateway/protocol";
import type { Identities } from "../clients/identities";
import { rawCall } from "../clients/raw-call";

interface Execution {
  readonly pipelineExecutionId: string;
  readonly status: "Succeeded";
  /** Seconds since 1970. */
  readonly startTime: number;
  readonly lastUpdateTime: number;
  readonly trigger: { readonly triggerType: "CloudWatchEvent"; readonly triggerDetail: string };
}

/** Executions of pipelines, which moto lacks. An execution succeeds as soon as it starts. */
export class Pipelines {
  private readonly executions = new Map<string, Execution[]>();

  constructor(
    private readonly accounts: AccountClients,
    private readonly identities: Identities,
  ) {}

  /** Starts an execution for a rule. @throws {@link AwsError} `PipelineNotFoundException` */
  async start(pipelineArn: string, ruleArn: string): Promise<void> {
    const { region, accountId, resource: name } = arnParts(pipelineArn);
    const clients = await this.accounts.of(pipelineArn);
    const operation = { target: "CodePipeline_20150709.GetPipeline" };
    await rawCall(clients, { service: "codepipeline", operation, body: { name } });
    const now = Date.now() / 1000;
    const execution: Execution = {
      pipelineExecutionId: randomUUID(),
      status: "Succeeded",
      startTime: now,
      lastUpdateTime: now,
      trigger: { triggerType: "CloudWatchEvent", triggerDetail: ruleArn },
    };
    const key = `${accountId}/${region}/${name}`;
    this.executions.set(key, [execution, ...(this.executions.get(key) ?? [])]);
  }

  /** `ListPipelineExecutions`, newest first. */
  readonly answer: Handler = async (request) => {
    if (request.service !== "codepipeline" || request.operation !== "ListPipelineExecutions")
      return undefined;
    const { accountId } = await this.identities.of(request.accessKeyId, request.region);
    const { pipelineName } = JSON.parse(request.body.toString("utf8")) as { pipelineName: string };
    const found = this.executions.get(`${accountId}/${request.region}/${pipelineName}`) ?? [];
    return jsonResponse({ pipelineExecutionSummaries: found });
  };
}
