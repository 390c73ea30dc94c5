import type { Account, AccountIdentity, ArchiveSite, Replica, ReplicaSource, Target } from "./organization";
import type { Settings } from "./settings";

/** Settings that an account of the map has in a region, whether or not it has a target there. */
type SettingsIn = (account: string, region: string) => Settings;

/** Every replica that a bucket's settings ask for, archives first. What names no account of the map is left out. */
export function replicasOf(
  accounts: readonly Account[],
  archives: readonly ArchiveSite[],
  settingsIn: SettingsIn,
): Replica[] {
  const ofArchive = ({ account, region, settings }: ArchiveSite): ReplicaSource => {
    return { kind: "archive", account, region, wave: null, settings };
  };
  const ofTarget = ({ account, region, wave, settings }: Target): ReplicaSource => {
    return { kind: "target", account, region, wave, settings };
  };
  const own = accounts
    .flatMap(({ targets }) => targets)
    .filter(({ usesArchive, settings }) => !usesArchive && settings.transcripts.bucket === "create");
  return [...archives.map(ofArchive), ...own.map(ofTarget)].flatMap((source): Replica[] => {
    const { replication } = source.settings.transcripts;
    if (replication === null) return [];
    const { region } = replication;
    const owner =
      replication.account === null
        ? source.account
        : accounts.find(({ name }) => name === replication.account);
    if (!owner) return [];
    const account: AccountIdentity = { name: owner.name, id: owner.id, partition: owner.partition };
    return [{ source, account, region, settings: settingsIn(owner.name, region) }];
  });
}
