import { exampleWith } from "../../helpers/example";
import type { AccountsMap } from "../../../accounts/schema";

/** The example map without most of its settings: three of its accounts, and who reads the transcripts. */
export const goodMap = (): AccountsMap =>
  exampleWith((map) => {
    map.waves = ["canary", "rest"];
    map.transcripts = { readers: [READER] };
    for (const section of ["tags", "access", "notifications", "accept"] as const) delete map[section];
    delete map.accounts["storefront"];
    for (const [name, { id, homeRegion, regions, wave }] of Object.entries(map.accounts))
      map.accounts[name] = { id, homeRegion, regions: withoutSettings(regions), ...(wave && { wave }) };
  });

const withoutSettings = (regions: AccountsMap["accounts"][string]["regions"]) =>
  Array.isArray(regions) ? regions : Object.fromEntries(Object.keys(regions).map((region) => [region, {}]));

/** Values by their paths, such as `accounts.payments.regions.us-east-1.protect`. `undefined` removes the key. */
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

/** A KMS key of account payments. */
export const key = (region: string) =>
  `arn:aws:kms:${region}:444444444444:key/1234abcd-12ab-34cd-56ef-1234567890ab`;

/** A single subscriber of the activity channel. */
export const withSubscriber = (subscriber: unknown): Changes => ({
  "notifications.activity.subscribers": [subscriber],
});

/** Readers whose ARNs are more than the policy of a bucket holds. */
export const longReaders = Array.from(
  { length: 100 },
  (_, index) => `arn:aws:iam::111111111111:role/${"p".repeat(60)}/r${index}`,
);

/** More accounts, in addition to those of the good map, than a bucket's policy can name one by one. */
export const manyAccounts: Changes = Object.fromEntries(
  Array.from({ length: 600 }, (_, index) => [
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

/** The role of {@link GUARDRAILS} for emergencies. */
export const BREAK_GLASS = "arn:aws:iam::*:role/break-glass";

/** Changes that give the good map guardrails. */
export const GUARDRAILS: Changes = {
  "guardrails.managementAccount.id": "999999999999",
  "guardrails.managementAccount.homeRegion": "us-east-1",
  "guardrails.organizationalUnits": ["ou-ab12-1a2b3c4d"],
  "guardrails.breakGlassRoles": [BREAK_GLASS],
};
