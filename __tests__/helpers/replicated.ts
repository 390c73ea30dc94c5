import type { AccountsMap } from "../../accounts/schema";
import { exampleWith } from "./synth";

/** Account of the replicas in {@link replicated}. */
export const BACKUP = "555555555555";

/** The example, whose archives are replicated to an account that has nothing else. */
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

/** The same without an archive: each target's own bucket is replicated. */
export const replicatedTargets = (change: (map: AccountsMap) => void = () => {}): AccountsMap =>
  replicated((map) => {
    delete map.archive;
    delete map.accounts["log-archive"];
    change(map);
  });
