import type { Organization } from "../model/merged";
import { once, type Conflict } from "../reading/problems";
import type { ParsedMap } from "../schema";
import { accessProblems } from "./access";
import { accountProblems } from "./accounts";
import { settingProblems } from "./apply";
import { archiveProblems } from "./archive";
import { centralProblems } from "./central";
import { centralPlaceProblems } from "./central-place";
import { chatProblems } from "./chat";
import { deploymentProblems } from "./deployment";
import { settingsWithoutEffect } from "./find-without-effect";
import { guardrailProblems } from "./guardrails";
import { networkProblems } from "./network";
import { otherRegionProblems } from "./other-regions";
import { pipelineProblems } from "./pipeline";
import { regionProblems } from "./regions";
import { replicationProblems } from "./replication";
import { stateProblems } from "./state";
import { syncProblems } from "./sync";
import { tagProblems } from "./tags";
import { trailProblems } from "./trail";
import { waveProblems } from "./waves";

/** Everything in a map of the right shape that contradicts other things in it. */
export function ruleProblems(map: ParsedMap, organization: Organization): Conflict[] {
  const found = [
    ...waveProblems(map),
    ...syncProblems(map),
    ...accountProblems(map, organization),
    ...regionProblems(map),
    ...otherRegionProblems(map, organization),
    ...archiveProblems(map, organization),
    ...replicationProblems(map, organization),
    ...deploymentProblems(map, organization),
    ...stateProblems(map),
    ...settingProblems(map, organization),
    ...networkProblems(map, organization),
    ...accessProblems(map, organization),
    ...chatProblems(map, organization),
    ...centralProblems(map, organization),
    ...centralPlaceProblems(map, organization),
    ...settingsWithoutEffect(map, organization),
    ...tagProblems(map),
    ...trailProblems(map, organization),
    ...guardrailProblems(map, organization),
    ...pipelineProblems(map, organization),
  ];
  // A fault in the organization's settings shows in each of a thousand targets. It is reported once.
  return once(found, ({ path, allowed }) => `${path}\n${allowed}`);
}
