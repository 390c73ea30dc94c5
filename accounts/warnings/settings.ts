import { rolesOfInstances } from "../model/access";
import type { Account, ArchiveSite, Target } from "../model/merged";
import type { SettingPath } from "../rules/setting-fault";
import type { AcceptableWarning } from "../schema/accept";

/** A setting of a level of the map that leads to a warning. */
export interface Doubt {
  readonly warning: AcceptableWarning;
  readonly setting: SettingPath;
  /** Other settings that lead to it. The warning is reported at the innermost level that sets any of them. */
  readonly because: readonly SettingPath[];
  readonly why: string;
  readonly remedy: string;
}

/** Lengths of Object Lock that are warned of, in days: sessions stay in the session history for 30 days. */
const SHORT_LOCK_DAYS = 30;

type Channel = Target["settings"]["notifications"]["activity" | "security"];

/** Whether a channel notifies somebody. A topic that exists already may have subscribers that the map does not know. */
export const isHeard = ({ topic, subscribers, chat, actions }: Channel): boolean =>
  typeof topic === "object" || subscribers.length + chat.length + actions.length > 0;

/** @param wave position of the target's wave */
export function targetDoubts({ settings }: Target, wave: number): Doubt[] {
  const { preferences } = settings;
  const { s3, cloudWatch } = preferences.enforce;
  return [
    ...(wave > 0 && !s3 && !cloudWatch
      ? [
          {
            warning: "not-enforced-late",
            setting: ["preferences", "enforce"],
            because: [],
            why: "Sessions start even if they cannot be recorded. Enforcement is usually off only in the first wave, until its instances have the permissions to record.",
            remedy: "set preferences.enforce: { s3: true, cloudWatch: true }",
          } as const,
        ]
      : []),
  ];
}

/** What is doubtful about a bucket of transcripts: a target's own one, or that of an archive. */
export function bucketDoubts({ settings }: Target | ArchiveSite): Doubt[] {
  const { bucket, objectLock } = settings.transcripts;
  if (bucket !== "create" || objectLock.mode === "off") return [];
  const { mode, days } = objectLock;
  const setting = ["transcripts", "objectLock"];
  return [
    ...(mode === "compliance"
      ? [
          {
            warning: "compliance-lock",
            setting,
            because: [],
            why: `For ${days} days, nobody can delete a transcript or shorten its retention, not even the root user or AWS Support. The bucket cannot be deleted before the last transcript's retention ends.`,
            remedy: 'use mode "governance" unless a regulation demands compliance mode',
          } as const,
        ]
      : []),
    ...(days < SHORT_LOCK_DAYS
      ? [
          {
            warning: "lock-of-days",
            setting,
            because: [],
            why: `After ${days} ${days === 1 ? "day" : "days"}, an administrator can delete a transcript. AWS keeps the history of sessions for 30 days.`,
            remedy: `lock transcripts for at least ${SHORT_LOCK_DAYS} days`,
          } as const,
        ]
      : []),
  ];
}

export function accountDoubts(account: Account): Doubt[] {
  const { access } = account.settings;
  const enforced = account.targets.some(({ settings: { preferences } }) => {
    const { s3, cloudWatch } = preferences.enforce;
    return s3 || cloudWatch;
  });
  if (!enforced || access.instanceProfile || rolesOfInstances(access).length > 0) return [];
  return [
    {
      warning: "no-role-can-record",
      setting: ["access", "attachToRoles"],
      because: [
        ["access", "instanceProfile"],
        ["access", "defaultHostManagementRole"],
      ],
      why: "Sessions without a record are refused, and the map attaches the permission to record to no role: unless another tool attaches the instance policy, every session is refused.",
      remedy:
        "name the roles of instances in access.attachToRoles or access.defaultHostManagementRole, or set access.instanceProfile: true",
    },
  ];
}
