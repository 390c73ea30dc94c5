import type { Organization } from "../../accounts/model/organization";
import { describeValue, once, type Conflict } from "../../accounts/reading/problems";
import { BUCKET_NAME_LIMIT } from "../../aws/quotas";
import { homeOf, names, pipelineOf, placeOf, type Place } from "../names";
import { actionLimits } from "./actions";
import { alike, measuredOnce } from "./alike";
import { centralLimits } from "./central";
import { guardLimits } from "./guard";
import { guardrailLimits } from "./guardrails";
import { hostLimits } from "./hosts";
import { nameLimits } from "./names";
import { longName, type Oversize } from "./oversize";
import { patternLimits } from "./patterns";
import { policyLimits } from "./policies";

/**
 * The names, policies, event patterns and templates that AWS would refuse, because they are too long. They are composed
 * from the map, so their sizes are known before anything is deployed.
 * @param organization one that breaks no rule
 */
export function limitProblems(organization: Organization): Conflict[] {
  const groups = alike(organization);
  const found = [
    ...bucketNames(organization),
    ...patternLimits(organization, groups),
    ...policyLimits(organization, groups),
    ...measuredOnce(organization.targets, groups.ofTarget, (target) => guardLimits(organization, target)),
    ...actionLimits(organization, groups),
    ...centralLimits(organization, groups),
    ...guardrailLimits(organization),
    ...hostLimits(organization, groups),
    ...nameLimits(organization, groups),
  ];
  // Problems with the same remedy are reported once, as the largest of them: too many readers affect every target.
  const worstFirst = found.sort((a, b) => b.times - a.times);
  return once(worstFirst, ({ path, remedy }) => `${path}\n${remedy}`).map(
    ({ times: _, ...problem }) => problem,
  );
}

function bucketNames(organization: Organization): Oversize[] {
  const composed = [
    ...organization.targets
      .filter(({ usesArchive, settings }) => !usesArchive && settings.transcripts.bucket.kind === "created")
      .flatMap((target) => withAccessLogs(placeOf(organization, target))),
    ...organization.archives.flatMap((site) => withAccessLogs(placeOf(organization, site))),
    ...organization.replicas.map(({ source }) => names.replicaAccessLogBucket(placeOf(organization, source))),
    ...organization.targets
      .filter(({ settings }) => settings.remoteDesktop.recordings !== "none")
      .map((target) => names.recordingAccessLogBucket(placeOf(organization, target))),
    ...organization.accounts
      .filter(({ settings }) => settings.trail === "create")
      .map((account) => names.trailAccessLogBucket(homeOf(organization, account))),
  ];
  if (organization.pipeline !== null) composed.push(pipelineOf(organization, organization.pipeline).bucket);
  const longest = composed.sort((a, b) => b.length - a.length)[0] ?? "";
  return longName({
    organization: organization.name,
    what: `the bucket ${describeValue(longest)}`,
    name: longest,
    limit: BUCKET_NAME_LIMIT,
    service: "S3",
  });
}

const withAccessLogs = (place: Place) => [names.transcriptBucket(place), names.accessLogBucket(place)];
