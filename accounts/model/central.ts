import type { ArchiveSite, Organization, Target } from "./organization";
import type { MergedSettings, Settings } from "./settings";

/** The central channel is the same in merged and in resolved settings. */
type EitherSettings = Settings | MergedSettings;

/** Whether the findings of an account in a region go to a central channel, if there is one. */
const sends = ({ notifications: { security } }: EitherSettings) => security.enabled && security.central;

/** The archives beside which there is a central channel. */
export const centralSites = <S extends EitherSettings>({
  archives,
}: Pick<Organization<S>, "archives">): readonly ArchiveSite<S>[] =>
  archives.filter(({ settings }) => sends(settings));

/**
 * The archive beside which the central channel of an account in a region is: the one of that region, or the first one
 * if that region has none. null: the findings go to no central channel.
 * @param from a target, an archive, or a replica with the settings of its owner
 */
export function centralSiteOf<S extends EitherSettings>(
  organization: Pick<Organization<S>, "archives">,
  { region, settings }: Pick<Target<S>, "region" | "settings">,
): ArchiveSite<S> | null {
  if (!sends(settings)) return null;
  const sites = centralSites(organization);
  return sites.find((site) => site.region === region) ?? sites[0] ?? null;
}
