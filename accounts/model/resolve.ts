import type { BucketChoice, Choice, Created, EncryptionChoice, None } from "./choices";
import { deepFreeze, oncePerObject } from "./merge";
import type * as merged from "./merged";
import type { Organization, ReplicaSource, Target } from "./organization";
import type { AccountSettings, MergedSettings, OncePerAccount, Settings } from "./settings";

/**
 * Turns a merged organization that breaks no rule into the organization of the stacks, and freezes it. Where the map
 * chooses between creating a resource, an existing one and none, the result has a discriminated union.
 * @throws Error if the settings break a rule on which the unions rely
 * @example resolve(mergeLevels(map))
 */
export function resolve(organization: merged.Organization): Organization {
  const settingsOf = oncePerObject(resolveSettings);
  const accountSettingsOf = oncePerObject(resolveAccountSettings);
  const targetOf = (target: merged.Target): Target => ({ ...target, settings: settingsOf(target.settings) });
  const sourceOf = (source: merged.ReplicaSource): ReplicaSource => ({
    ...source,
    settings: settingsOf(source.settings),
  });
  const accounts = organization.accounts.map((account) => ({
    ...account,
    settings: accountSettingsOf(account.settings),
    targets: account.targets.map(targetOf),
  }));
  return deepFreeze({
    ...organization,
    accounts,
    targets: accounts.flatMap(({ targets }) => targets),
    archives: organization.archives.map((site) => ({ ...site, settings: settingsOf(site.settings) })),
    central: organization.central && {
      ...organization.central,
      settings: settingsOf(organization.central.settings),
    },
    replicas: organization.replicas.map((replica) => ({
      ...replica,
      source: sourceOf(replica.source),
      settings: settingsOf(replica.settings),
    })),
  });
}

const resolveAccountSettings = (settings: MergedSettings & OncePerAccount): AccountSettings => ({
  ...settings,
  ...resolveSettings(settings),
});

function resolveSettings(settings: MergedSettings): Settings {
  const { encryption, transcripts, logs, notifications } = settings;
  const { activity, security } = notifications;
  return {
    ...settings,
    encryption: encryptionOf(encryption),
    transcripts: {
      ...transcripts,
      bucket: bucketOf(transcripts.bucket),
      accessLogs: choiceOf(transcripts.accessLogs),
    },
    logs: { ...logs, group: choiceOf(logs.group) },
    notifications: {
      activity: { ...activity, topic: choiceOf(activity.topic) },
      security: { ...security, topic: choiceOf(security.topic) },
    },
  };
}

function encryptionOf({ mode, keyArn, ...days }: MergedSettings["encryption"]): EncryptionChoice {
  if (mode !== "existing") return { mode, ...days };
  if (keyArn === null) throw new Error('encryption.mode is "existing" and encryption.keyArn names no key');
  return { mode, keyArn, ...days };
}

function bucketOf(bucket: MergedSettings["transcripts"]["bucket"]): BucketChoice {
  if (typeof bucket !== "object") return choiceOf(bucket);
  return { kind: "existing", name: bucket.existing, keyArn: bucket.keyArn, accountId: bucket.account };
}

type Named = { readonly existing: string };

function choiceOf(choice: "create" | "none"): Created | None;
function choiceOf(choice: "create" | "none" | Named): Choice;
function choiceOf(choice: "create" | "none" | Named): Choice {
  switch (choice) {
    case "create":
      return { kind: "created" };
    case "none":
      return { kind: "none" };
    default:
      return { kind: "existing", name: choice.existing };
  }
}
