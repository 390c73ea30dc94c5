import type { AccountsMap } from "../../../accounts/schema";

/** A map without fault: an archive account, an account with settings by region, one with a list of regions. */
const goodMap = (): AccountsMap => ({
  organization: { name: "acme", id: "o-a1b2c3d4e5" },
  state: { backend: "local", directory: "state" },
  deployment: { mode: "assume-role", role: "session-audit-deploy" },
  waves: ["canary", "rest"],
  archive: { account: "log-archive" },
  trail: "existing",
  transcripts: { readers: ["arn:aws:iam::111111111111:role/session-reviewer"] },
  accounts: {
    "log-archive": { id: "111111111111", homeRegion: "eu-central-1", regions: [] },
    shop: {
      id: "222222222222",
      homeRegion: "eu-central-1",
      regions: { "eu-central-1": {}, "us-east-1": {} },
      wave: "canary",
    },
    lab: { id: "333333333333", homeRegion: "eu-central-1", regions: ["eu-central-1"] },
  },
});

/** Values by their place, `accounts.shop.regions.us-east-1.protect`; undefined takes away what stands there. */
export type Changes = Readonly<Record<string, unknown>>;

/** Without an archive account, each target has a bucket of its own. */
export const OWN_BUCKETS: Changes = { archive: undefined, "accounts.log-archive": undefined };

/** The good map with changes, as data that nobody has checked. */
export function mapWith(changes: Changes): unknown {
  const map: object = goodMap();
  for (const [place, value] of Object.entries(changes)) {
    const steps = place.split(".");
    const last = steps.pop()!;
    let at = map as Record<string, unknown>;
    for (const step of steps) at = (at[step] ??= {}) as Record<string, unknown>;
    if (value === undefined) delete at[last];
    else at[last] = value;
  }
  return map;
}
