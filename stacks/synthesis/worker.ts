import { parentPort, workerData } from "node:worker_threads";
import type { Organization } from "../../accounts/model/organization";
import type * as BuildAll from "./build-all";
import type { Written } from "./record";
import { leanly } from "./lean-loading";

/** What a worker gets when it starts. */
export interface WorkerInput {
  readonly organization: Organization;
  /** Absolute path of the directory where files wait. */
  readonly staging: string;
}

/** What a worker answers: the stacks that it was asked for, in the same order. */
export type WorkerAnswer = readonly Written[];

// This file is the entry point of a worker thread, which `workers.ts` starts. Nothing imports it.
const { organization, staging } = workerData as WorkerInput;
// eslint-disable-next-line @typescript-eslint/no-require-imports
const { stackWriter } = leanly(() => require("./build-all") as typeof BuildAll);
const write = stackWriter(organization, staging);
parentPort!.on("message", (places: readonly number[]) => {
  parentPort!.postMessage(places.map(write) satisfies WorkerAnswer);
});
