import type { Organization } from "../../accounts/model/organization";
import { describeValue, once, type Conflict } from "../../accounts/reading/problems";
import { BUCKET_NAME_LIMIT } from "../../aws/quotas";
import { homeOf, names, placeOf, type Place } from "../names";
import { actionLimits } from "./actions";
import { centralLimits } from "./central";
import { guardLimits } from "./guard";
import { guardrailLimits } from "./guardrails";
import { hostLimits } from "./hosts";
import { longName, type Oversize } from "./oversize";
import { policyLimits } from "./policies";

/**
 * The names, policies, event patterns and templates that AWS would refuse, because they are too long. They are composed
 * from the map, so their sizes are known before anything is deployed.
 * @param organization one that breaks no rule
 */
export function limitProblems(organization: Organization): Conflict[] {
  const found = [
    ...bucketNames(organization),
    ...policyLimits(organization),
    ...organization.targets.flatMap((target) => guardLimits(organization, target)),
    ...actionLimits(organization),
    ...centralLimits(organization),
    ...guardrailLimits(organization),
    ...hostLimits(organization),
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
    ...organization.accounts
      .filter(({ settings }) => settings.trail === "create")
      .map((account) => names.trailAccessLogBucket(homeOf(organization, account))),
  ];
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
