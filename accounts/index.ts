import type { AccountsMap } from "./schema";

/**
 * The map: your accounts, and what is recorded in them. This is the file to edit.
 *
 * It describes an example organization: three workload accounts, each in a wave of its own, and a log archive account
 * that owns the buckets. Replace it with your own. docs/map.md explains every setting.
 */
const map: AccountsMap = {
  organization: { name: "acme", id: "o-a1b2c3d4e5" },
  state: { backend: "local", directory: "state" },
  deployment: { mode: "assume-role", role: "session-audit-deploy" },
  waves: ["canary", "early", "rest"],
  archive: { account: "log-archive" },

  // Settings of every account and region that does not set them itself.
  trail: "existing",
  tags: { "managed-by": "session-audit" },
  transcripts: {
    readers: ["arn:aws:iam::111111111111:role/session-reviewer"],
    lifecycle: { glacierInstantRetrievalAfterDays: 90 },
  },
  access: { attachToRoles: ["app-server"] },
  notifications: {
    activity: { subscribers: [{ protocol: "email", endpoint: "security@example.com" }] },
    security: { subscribers: [{ protocol: "email", endpoint: "security@example.com" }] },
  },

  // Account names are for good: stack ids and state keys contain them, so Terraform plans new resources after a rename.
  accounts: {
    "log-archive": {
      id: "111111111111",
      homeRegion: "eu-central-1",
      regions: [],
      access: { attachToRoles: [] },
    },
    sandbox: {
      id: "222222222222",
      homeRegion: "eu-central-1",
      regions: ["eu-central-1"],
      wave: "canary",
      protect: false,
      preferences: { idleTimeoutMinutes: 60 },
    },
    storefront: {
      id: "333333333333",
      homeRegion: "us-east-1",
      regions: ["us-east-1"],
      wave: "early",
      trail: "create",
      // Ends sessions whose document is not allowed, and reports sessions that left no record.
      guard: { enabled: true },
    },
    payments: {
      id: "444444444444",
      homeRegion: "eu-central-1",
      regions: {
        "eu-central-1": {},
        "us-east-1": { logs: { retentionDays: 731 } },
      },
      wave: "rest",
      preferences: { idleTimeoutMinutes: 15, maximumDurationMinutes: 240 },
    },
  },
};

export default map;
