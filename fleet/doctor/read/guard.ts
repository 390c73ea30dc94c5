import { GetFunctionConfigurationCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import type { FunctionState } from "../checks/guard";
import { orNull } from "./seen";

/** A function; null: there is no such function. */
export const readFunction = (lambda: LambdaClient, FunctionName: string): Promise<FunctionState | null> =>
  orNull(["ResourceNotFoundException"], async () => {
    const found = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    return {
      state: found.State ?? "Active",
      reason: found.StateReason ?? null,
      updated: found.LastModified ? new Date(found.LastModified) : null,
    };
  });
