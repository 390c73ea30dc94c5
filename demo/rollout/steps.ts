import { count } from "../steps";
import type { Step } from "../progress";

/** What the steps are about. */
export interface StepFacts {
  readonly stacks: number;
  readonly waves: number;
  readonly changes: number;
}

/** The steps of the demo, with how long each takes on two idle cores. */
export const stepsOf = ({ stacks, waves, changes }: StepFacts): Step[] => [
  { id: "tools", title: "find Terraform, provider and moto", seconds: 2 },
  { id: "start", title: "start the embedded AWS", seconds: 4 },
  { id: "plan", title: `plan ${count(stacks, "stack")}`, seconds: 30 },
  { id: "deploy", title: `deploy them in ${count(waves, "wave")}`, seconds: 100 },
  { id: "change", title: `change the map in ${count(changes, "place")}`, seconds: 32 },
  { id: "review", title: "review the plans, refuse them", seconds: 6 },
  { id: "again", title: "keep what is acceptable", seconds: 34 },
  { id: "stop", title: "deploy; the first wave fails", seconds: 12 },
  { id: "resume", title: "resume the deployment", seconds: 26 },
  { id: "drift", title: "find a change made by hand", seconds: 30 },
];
