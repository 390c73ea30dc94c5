import type { OtherAccess } from "../../../aws/other-access";
import type { Partition } from "../../../aws/regions";
import type { Guardrails, Organization } from "../../../accounts/model/organization";
import { chatUsesOf } from "../../../accounts/model/chat";
import { rolesOfInstances } from "../../../accounts/model/access";
import { arnParts } from "../../../aws/arn";
import { pipelineOf, placeOf, topicArn } from "../../names";
import { unique } from "../policy";
import { readersOf } from "../principals";

/** A bucket that somebody else made, and the part of it that holds transcripts. */
export interface ExistingBucket {
  readonly bucket: string;
  /** Key prefix without slash at its end. */
  readonly prefix: string;
}

/** What the guardrails of an organization name. It does not grow with the number of accounts. */
export interface GuardrailScope {
  /** Name of the organization in the map, which the names of created resources contain. */
  readonly organization: string;
  readonly partition: Partition;
  /** Regions in which any account is recorded. */
  readonly regions: readonly string[];
  /** ARNs of roles that are exempt from every statement, where `*` may stand. */
  readonly breakGlassRoles: readonly string[];
  /** ARNs of roles that may change the recording. They may start only the sessions that everybody may start. */
  readonly deploymentRoles: readonly string[];
  /**
   * ARNs of roles that may read transcripts, or see masked text in session logs. They may contain `*`. A pattern that
   * matches every role of an account is left out, because everybody who can create a role there can read anyway.
   */
  readonly readers: readonly string[];
  /** Names of existing roles that instances record with, without their paths. */
  readonly instanceRoles: {
    /** Those whose permissions boundaries stay. */
    readonly bounded: readonly string[];
    /** Those that stay as they are. */
    readonly kept: readonly string[];
  };
  /** Whether any notification channel has a chat channel. */
  readonly chat: boolean;
  /** Whether connections by Remote Desktop are recorded in any account. */
  readonly remoteDesktop: boolean;
  /** Ways into hosts that are refused to everybody but {@link otherAccessRoles}. */
  readonly otherAccess: readonly OtherAccess[];
  /** ARNs of roles that may use these ways, where `*` may stand. */
  readonly otherAccessRoles: readonly string[];
  /** Names of Session documents that are allowed in addition to the preferences; null: every document is allowed. */
  readonly documents: readonly string[] | null;
  /** What the section `pipeline` of the map creates; null: the map has none. */
  readonly pipeline: { readonly bucket: string } | null;
  /** Resources that the map names and does not create. */
  readonly existing: {
    readonly buckets: readonly ExistingBucket[];
    readonly logGroups: readonly string[];
    readonly keyArns: readonly string[];
    readonly topicArns: readonly string[];
  };
}

/** The scope of an organization's guardrails; null: it wants none. */
export const guardrailScopeOf = (organization: Organization): GuardrailScope | null =>
  organization.guardrails === null ? null : guardrailScope(organization, organization.guardrails);

/** The scope of guardrails. */
export function guardrailScope(organization: Organization, guardrails: Guardrails): GuardrailScope {
  const { name, pipeline, targets } = organization;
  const roles = unique(organization.accounts.flatMap(({ settings }) => rolesOfInstances(settings.access)));
  const { breakGlassRoles, deploymentRoles, refuseUnrecordedSessions, allowedDocuments, protectExisting } =
    guardrails;
  return {
    organization: name,
    partition: guardrails.managementAccount.partition,
    regions: unique(targets.map(({ region }) => region)).sort(),
    breakGlassRoles,
    deploymentRoles,
    readers: protectExisting ? readersIn(organization, guardrails.managementAccount.partition) : [],
    instanceRoles: {
      bounded: protectExisting ? roles : [],
      kept: guardrails.keepInstanceRoles ? roles : [],
    },
    chat: organization.accounts.some((account) => chatUsesOf(organization, account).length > 0),
    remoteDesktop: targets.some(({ settings }) => settings.remoteDesktop.recordings === "create"),
    otherAccess: guardrails.refuseOtherAccess,
    otherAccessRoles: guardrails.otherAccessRoles,
    documents: refuseUnrecordedSessions ? allowedDocuments : null,
    pipeline: pipeline === null ? null : { bucket: pipelineOf(organization, pipeline).bucket },
    existing: protectExisting
      ? existingIn(organization)
      : { buckets: [], logGroups: [], keyArns: [], topicArns: [] },
  };
}

/**
 * ARNs of roles that read. A role of the same name in several accounts is named once, for all accounts, so that the
 * number of accounts does not matter.
 */
function readersIn(organization: Organization, partition: Partition): string[] {
  const unmasking = organization.accounts.flatMap(({ settings: { access } }) =>
    access.unmaskRoles.map((role) => `arn:${partition}:iam::*:role/${role}`),
  );
  const accountsOf = new Map<string, string[]>();
  for (const arn of [...readersOf(organization), ...unmasking]) {
    const { resource, accountId } = arnParts(arn);
    accountsOf.set(resource, unique([...(accountsOf.get(resource) ?? []), accountId]));
  }
  return [...accountsOf]
    .filter(([resource]) => !/^role\/\*+$/.test(resource))
    .map(([resource, [account, ...others]]) =>
      [`arn:${partition}:iam:`, others.length > 0 ? "*" : account, resource].join(":"),
    );
}

function existingIn(organization: Organization): GuardrailScope["existing"] {
  const { targets, archives, replicas, central } = organization;
  const sites = [...targets, ...archives, ...replicas, ...(central === null ? [] : [central])];
  const all = sites.map(({ settings }) => settings);
  const buckets = all.flatMap(({ transcripts: { bucket, prefix } }) =>
    bucket.kind === "existing" ? [{ bucket: bucket.name, prefix, keyArn: bucket.keyArn }] : [],
  );
  const keys = all.flatMap(({ encryption }) => (encryption.mode === "existing" ? [encryption.keyArn] : []));
  return {
    buckets: buckets
      .map(({ bucket, prefix }) => ({ bucket, prefix }))
      .filter((one, index, found) => found.findIndex((other) => sameBucket(one, other)) === index),
    logGroups: unique(all.flatMap(({ logs: { group } }) => (group.kind === "existing" ? [group.name] : []))),
    topicArns: unique(
      sites.flatMap((site) =>
        [site.settings.notifications.activity, site.settings.notifications.security]
          .filter(({ enabled, topic }) => enabled && topic.kind === "existing")
          .map((channel) => topicArn(placeOf(organization, site), channel, "")!),
      ),
    ),
    keyArns: unique([...keys, ...buckets.map(({ keyArn }) => keyArn)].filter((arn) => arn !== null)),
  };
}

const sameBucket = (one: ExistingBucket, other: ExistingBucket) =>
  one.bucket === other.bucket && one.prefix === other.prefix;
