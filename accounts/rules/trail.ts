import type { Account, Organization, Target } from "../model/merged";
import type { Conflict } from "../reading/problems";
import type { ParsedMap } from "../schema";
import { conflictOf } from "./conflict";

/** Notifications come from CloudTrail, so an account that has them needs a trail. */
export function trailProblems(
  map: ParsedMap,
  { accounts, archives, replicas, central }: Organization,
): Conflict[] {
  const channels = ["activity", "security"] as const;
  const on = ({ notifications }: Target["settings"], channel: (typeof channels)[number]) =>
    notifications[channel].enabled;
  const notified = (account: Account) =>
    account.targets.some(({ settings }) => channels.some((channel) => on(settings, channel))) ||
    [...archives, ...replicas].some(
      (site) => site.account.id === account.id && on(site.settings, "security"),
    );
  const watches = (account: Account) => central?.account.id === account.id;
  return accounts
    .filter((account) => account.settings.trail === "none" && (notified(account) || watches(account)))
    .map((account) =>
      conflictOf(map, account.name, null, account.settings, {
        setting: ["trail"],
        because: channels.map((channel) => ["notifications", channel, "enabled"]),
        allowed:
          '"existing" or "create" while notifications are on: EventBridge gets the events of sessions only through a trail',
        remedy:
          'set trail: "existing" if an organization or account trail records management events here, "create" if none does, or set enabled: false for notifications.activity and notifications.security',
      }),
    );
}
