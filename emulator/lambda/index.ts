import { AwsError, type Handler, type Room } from "../gateway/protocol";
import type { Authorizer } from "../iam/authorizer";
import type { Core } from "../iam/core";
import { serviceMayAssume } from "../iam/role-trust";
import type { BucketOwners } from "../s3/bucket-owners";
import type { Subscriptions } from "../sns/subscriptions";
import type { Metrics } from "../metrics";
import { FunctionRunner, type FunctionRun } from "./function-runner";
import { deploysRole, Functions } from "./functions";
import { JudgedCallers } from "./judged-callers";

export type { FunctionRun } from "./function-runner";

/** Lambda beyond moto: functions of Node.js runtimes run, and every call that they make is judged. */
export interface LambdaRoom extends Room {
  readonly functions: Functions;
  readonly runner: FunctionRunner;
  /** Invokes a function once. @throws Error when the account has no such function in the region */
  invoke(accountId: string, region: string, name: string, event: unknown): Promise<FunctionRun>;
}

/**
 * Refuses a function whose role Lambda may not assume.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
 * @throws {@link AwsError} `InvalidParameterValueException`
 */
function requireAssumableRole(authorizer: Authorizer): Handler {
  return async ({ service, method, url, body }) => {
    if (service !== "lambda" || !deploysRole(method, url)) return undefined;
    const { Role } = JSON.parse(body.toString("utf8")) as { Role?: string };
    if (Role === undefined || (await serviceMayAssume(authorizer, "lambda", Role)).allowed) return undefined;
    throw new AwsError(
      "InvalidParameterValueException",
      "The role defined for the function cannot be assumed by Lambda.",
    );
  };
}

/** @param others the owners of buckets and the subscriptions of topics that functions call, and what counts their runs */
export function lambdaRoom(
  { accounts, identities, authorizer }: Core,
  others: { readonly owners: BucketOwners; readonly subscriptions: Subscriptions; readonly metrics: Metrics },
): LambdaRoom {
  const functions = new Functions(identities);
  const callers = new JudgedCallers(accounts, authorizer, others.owners, others.subscriptions);
  const runner = new FunctionRunner(accounts, identities, authorizer, callers, others.metrics);
  return {
    handlers: [requireAssumableRole(authorizer), callers.handle],
    amends: [functions.amend],
    functions,
    runner,
    invoke: (accountId, region, name, event) => {
      const fn = functions.find(accountId, region, name);
      if (fn === undefined) throw new Error(`There is no function ${name} in ${accountId}, ${region}`);
      return runner.invoke(fn, event);
    },
  };
}
