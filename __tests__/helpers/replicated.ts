import type { AccountsMap } from "../../accounts/schema";
import { exampleWith } from "./synth";

/** Id of the account that owns the replicas in {@link replicated}. */
export const BACKUP = "555555555555";

/** The example map, with replicas of its archives in an account that has nothing else. */
export const replicated = (change: (map: AccountsMap) => void = () => {}): AccountsMap =>
  exampleWith((map) => {
    map.accounts["backup"] = {
      id: BACKUP,
      homeRegion: "eu-west-1",
      regions: [],
      access: { attachToRoles: [] },
    };
    map.transcripts = { ...map.transcripts, replication: { account: "backup", region: "eu-west-1" } };
    change(map);
  });

/** The example map, with a replica of each archive in the region of the other one, both in the archive account. */
export const crossed = (change: (map: AccountsMap) => void = () => {}): AccountsMap =>
  exampleWith((map) => {
    map.accounts["log-archive"]!.otherRegions = {
      "eu-central-1": { transcripts: { replication: { region: "us-east-1" } } },
      "us-east-1": { transcripts: { replication: { region: "eu-central-1" } } },
    };
    change(map);
  });

/** The example map without an archive, with a replica of each target's own bucket. */
export const replicatedTargets = (change: (map: AccountsMap) => void = () => {}): AccountsMap =>
  replicated((map) => {
    delete map.archive;
    delete map.accounts["log-archive"];
    change(map);
  });
