import type { AccountsMap } from "../../accounts/schema";

/** The accounts of the demo by what they are. */
export const ACCOUNTS = {
  archive: "111111111111",
  sandbox: "222222222222",
  storefront: "333333333333",
  payments: "444444444444",
} as const;

/** Where the demo deploys. */
export const REGION = "eu-central-1";
/** The bucket of the Terraform states. */
export const STATE_BUCKET = "acme-terraform-state";
/** The role that plans, and the role that deploys, in each account. */
export const ROLES = { plan: "session-audit-plan", deploy: "session-audit-deploy" } as const;

/** Three accounts in two waves, and one that owns the transcripts. Small, so that the demo takes minutes. */
export const ROLLOUT_MAP: AccountsMap = {
  organization: { name: "acme", id: "o-a1b2c3d4e5" },
  state: { backend: "s3", bucket: STATE_BUCKET, region: REGION, keyPrefix: "session-audit" },
  deployment: { mode: "assume-role", role: ROLES.deploy, planRole: ROLES.plan },
  waves: ["canary", "rest"],
  archive: { account: "log-archive" },
  trail: "existing",
  transcripts: { readers: [`arn:aws:iam::${ACCOUNTS.archive}:role/session-reviewer`] },
  logs: { retentionDays: 365 },
  notifications: {
    activity: {
      subscribers: [
        { protocol: "email", endpoint: "security@example.com" },
        { protocol: "email", endpoint: "soc@example.com" },
      ],
    },
    // Without the rule on changes of roles, the stack of an account has one provider less to start.
    security: { accountChanges: false },
  },
  accounts: {
    "log-archive": { id: ACCOUNTS.archive, homeRegion: REGION, regions: [] },
    sandbox: { id: ACCOUNTS.sandbox, homeRegion: REGION, regions: [REGION], wave: "canary" },
    storefront: { id: ACCOUNTS.storefront, homeRegion: REGION, regions: [REGION], wave: "rest" },
    payments: { id: ACCOUNTS.payments, homeRegion: REGION, regions: [REGION], wave: "rest" },
  },
};

/** A change of the map. */
export interface MapChange {
  /** One sentence without a full stop. */
  readonly what: string;
  /** Whether the demo deploys the change. */
  readonly isAcceptable: boolean;
  /** Makes the change in a copy of the map. */
  readonly apply: (map: AccountsMap) => void;
}

/** What somebody changes in the map of the demo, at one time. */
export const CHANGES: readonly MapChange[] = [
  {
    what: "payments keeps its logs for a month only",
    isAcceptable: false,
    apply: (map) => void (map.accounts["payments"]!.logs = { retentionDays: 30 }),
  },
  {
    what: "storefront opens sessions that cannot be recorded",
    isAcceptable: false,
    apply: (map) =>
      void (map.accounts["storefront"]!.preferences = { enforce: { s3: false, cloudWatch: false } }),
  },
  {
    what: "one more role reads transcripts",
    isAcceptable: false,
    apply: (map) => void map.transcripts!.readers!.push(`arn:aws:iam::${ACCOUNTS.archive}:role/data-science`),
  },
  {
    what: "one of two subscribers no longer receives notifications of sessions",
    isAcceptable: true,
    apply: (map) => void map.notifications!.activity!.subscribers!.pop(),
  },
];

/** The map of the demo with changes. */
export function changedMap(changes: readonly MapChange[]): AccountsMap {
  const map = structuredClone(ROLLOUT_MAP);
  for (const { apply } of changes) apply(map);
  return map;
}

/**
 * The settings in which two maps differ, one a line: `-` stands before what only the first one has, `+` before what only
 * the second one has. The order of a list does not count.
 * @example
 * mapDifference(before, after); // ["- logs.retentionDays: 365", "+ logs.retentionDays: 30"]
 */
export function mapDifference(before: AccountsMap, after: AccountsMap): string[] {
  const [old, now] = [settingsOf(before), settingsOf(after)];
  return [
    ...old.filter((setting) => !now.includes(setting)).map((setting) => `- ${setting}`),
    ...now.filter((setting) => !old.includes(setting)).map((setting) => `+ ${setting}`),
  ];
}

/** A value as YAML in one line: with spaces, at which a screen can fold it. */
const written = (value: unknown): string =>
  typeof value === "object" && value !== null
    ? `{ ${Object.entries(value)
        .map(([key, inner]) => `${key}: ${written(inner)}`)
        .join(", ")} }`
    : String(value);

/** Each setting of a map with its path. The elements of a list are settings of their own. */
function settingsOf(value: unknown, path = ""): string[] {
  if (Array.isArray(value)) return value.map((element) => `${path}: ${written(element)}`);
  if (typeof value !== "object" || value === null) return [`${path}: ${written(value)}`];
  return Object.entries(value).flatMap(([key, inner]) =>
    settingsOf(inner, path === "" ? key : `${path}.${key}`),
  );
}
