import { INTENDED, type Treatment } from "./treatment";

/** What distributes plan, deploy and drift to workers. It records nothing. */
export const PIPELINE: Readonly<Record<string, Treatment>> = {
  aws_sfn_state_machine: {
    noun: "state machine",
    nouns: "state machines",
    changed: "Runs on many machines work in another way.",
    destroyed: {
      severity: "low",
      lost: "Executions that run are ended. Workers finish what they have begun, and nothing is deployed on many machines any more.",
      remedy: INTENDED,
    },
    replaced: {
      severity: "low",
      lost: "Executions that run are ended. Workers finish what they have begun.",
      remedy: "Apply while no execution runs.",
    },
  },
  aws_codebuild_project: {
    noun: "project of workers",
    nouns: "projects of workers",
    changed:
      "Workers run in another way, or from another repository: what they run may assume the roles that deploy.",
    destroyed: {
      severity: "low",
      lost: "No more workers start in AWS CodeBuild, and builds that run are ended.",
      remedy: INTENDED,
    },
    replaced: {
      severity: "low",
      lost: "Builds that run are ended.",
      remedy: "Apply while no execution runs.",
    },
  },
};
