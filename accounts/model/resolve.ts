import type { BucketChoice, Choice, Created, EncryptionChoice, None, TopicChoice } from "./choices";
import { deepFreeze } from "./merge";
import type * as merged from "./merged";
import type { Organization, ReplicaSource, Target } from "./organization";
import type { AccountSettings, MergedSettings, OncePerAccount, Settings } from "./settings";

/**
 * Makes the organization of the stacks from one that breaks no rule, and freezes it.
 * @throws Error if the settings break a rule that the unions rely on
 */
export function resolve(organization: merged.Organization): Organization {
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
    replicas: organization.replicas.map((replica) => ({
      ...replica,
      source: sourceOf(replica.source),
      settings: settingsOf(replica.settings),
    })),
  });
}

const accountSettingsOf = (settings: MergedSettings & OncePerAccount): AccountSettings => ({
  ...settings,
  ...settingsOf(settings),
});

function settingsOf(settings: MergedSettings): Settings {
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
function choiceOf(choice: "create" | Named): TopicChoice;
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
