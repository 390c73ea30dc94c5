import type { ArchiveSite, CentralSite, Organization, Target } from "./organization";
import type { MergedSettings, Settings } from "./settings";

/** The central channel is the same in merged and in resolved settings. */
type EitherSettings = Settings | MergedSettings;

/** The parts of an organization that decide where its central topics are. */
type Sites<S> = Pick<Organization<S>, "archives" | "central">;

type Channel = keyof Settings["notifications"];

/** Whether what an account reports in a region goes to a central topic, if there is one. */
const sends = ({ notifications }: EitherSettings, channel: Channel) =>
  notifications[channel].enabled && notifications[channel].central;

/** The archives beside which there is a central channel. There are none if the map names the place of central topics. */
export const centralSites = <S extends EitherSettings>({
  archives,
  central,
}: Sites<S>): readonly ArchiveSite<S>[] =>
  central === null ? archives.filter(({ settings }) => sends(settings, "security")) : [];

/** The channels that the place of `notifications.central` has: those that are on for the organization. */
export const centralChannels = <S extends EitherSettings>({
  central,
}: Pick<Sites<S>, "central">): Channel[] =>
  (["activity", "security"] as const).filter(
    (channel) => central !== null && central.settings.notifications[channel].enabled,
  );

/**
 * The place of the central topic that has the findings of an account in a region: that of `notifications.central`. If the
 * map names none, it is the archive of the region, or the first archive if that region has none. null: the findings go to
 * no central topic.
 * @param from a target, an archive, or a replica with the settings of its owner
 */
export function centralSiteOf<S extends EitherSettings>(
  organization: Sites<S>,
  { region, settings }: Pick<Target<S>, "region" | "settings">,
): ArchiveSite<S> | CentralSite<S> | null {
  if (!sends(settings, "security")) return null;
  const { central } = organization;
  if (central !== null) return centralChannels(organization).includes("security") ? central : null;
  const sites = centralSites(organization);
  return sites.find((site) => site.region === region) ?? sites[0] ?? null;
}

/**
 * The place of the central topic that has the sessions of a target; null: there is none. Only `notifications.central` has
 * such a topic.
 */
export const centralActivityOf = <S extends EitherSettings>(
  organization: Pick<Sites<S>, "central">,
  { settings }: Pick<Target<S>, "settings">,
): CentralSite<S> | null =>
  sends(settings, "activity") && centralChannels(organization).includes("activity")
    ? organization.central
    : null;
