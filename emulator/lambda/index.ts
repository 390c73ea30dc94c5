import type { Room } from "../gateway/protocol";
import type { Core } from "../iam/core";
import type { BucketOwners } from "../s3/bucket-owners";
import type { Subscriptions } from "../sns/subscriptions";
import { FunctionRunner, type FunctionRun } from "./function-runner";
import { Functions } from "./functions";
import { JudgedCallers } from "./judged-callers";

export type { FunctionRun } from "./function-runner";

/** Lambda beyond moto: functions of Node.js runtimes run, and every call that they make is judged. */
export interface LambdaRoom extends Room {
  readonly functions: Functions;
  readonly runner: FunctionRunner;
  /** Invokes a function once. @throws Error when the account has no such function in the region */
  invoke(accountId: string, region: string, name: string, event: unknown): Promise<FunctionRun>;
}

/** @param others the owners of buckets and the subscriptions of topics that functions call */
export function lambdaRoom(
  { accounts, identities, authorizer }: Core,
  others: { readonly owners: BucketOwners; readonly subscriptions: Subscriptions },
): LambdaRoom {
  const functions = new Functions(identities);
  const callers = new JudgedCallers(accounts, authorizer, others.owners, others.subscriptions);
  const runner = new FunctionRunner(accounts, identities, authorizer, callers);
  return {
    handlers: [callers.handle],
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
