import type { AccountsMap } from "../../../accounts/schema";

/** A map without faults: an archive account, an account with settings by region, and one with a list of regions. */
export const goodMap = (): AccountsMap => ({
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

/** Values by their paths, such as `accounts.shop.regions.us-east-1.protect`. `undefined` removes the key. */
export type Changes = Readonly<Record<string, unknown>>;

/** No archive account, so each target has a bucket of its own. */
export const OWN_BUCKETS: Changes = { archive: undefined, "accounts.log-archive": undefined };

/** Without session logs, and without what needs them. */
export const NO_LOGS: Changes = {
  "logs.group": "none",
  "logs.streaming": false,
  "preferences.enforce.cloudWatch": false,
};

export const NO_READERS: Changes = { "transcripts.readers": undefined };

/** Without transcripts in S3, and without what needs them. */
export const NO_BUCKET: Changes = {
  "transcripts.bucket": "none",
  "preferences.enforce.s3": false,
  ...NO_READERS,
};

/** A role of the archive account. */
export const READER = "arn:aws:iam::111111111111:role/session-reviewer";

/** A KMS key of account shop. */
export const key = (region: string) =>
  `arn:aws:kms:${region}:222222222222:key/1234abcd-12ab-34cd-56ef-1234567890ab`;

/** A single subscriber of the activity channel. */
export const withSubscriber = (subscriber: unknown): Changes => ({
  "notifications.activity.subscribers": [subscriber],
});

/** Readers whose ARNs are more than the policy of a bucket holds. */
export const longReaders = Array.from(
  { length: 100 },
  (_, index) => `arn:aws:iam::111111111111:role/${"p".repeat(60)}/r${index}`,
);

/** A thousand accounts in addition to those of the good map. */
export const manyAccounts: Changes = Object.fromEntries(
  Array.from({ length: 1000 }, (_, index) => [
    `accounts.a${index}`,
    { id: String(400_000_000_000 + index), homeRegion: "eu-central-1", regions: ["eu-central-1"] },
  ]),
);

/** The good map with changes, as unchecked data. */
export function mapWith(changes: Changes): unknown {
  const map: object = goodMap();
  for (const [path, value] of Object.entries(changes)) {
    const steps = path.split(".");
    const last = steps.pop()!;
    let at = map as Record<string, unknown>;
    for (const step of steps) at = (at[step] ??= {}) as Record<string, unknown>;
    if (value === undefined) delete at[last];
    else at[last] = value;
  }
  return map;
}
