import type { AccountsMap } from "session-audit";

/** The accounts of the organization, and what is recorded in them. */
const map: AccountsMap = {
  organization: { name: "acme" },
  state: { backend: "local", directory: "state" },
  deployment: { mode: "assume-role", role: "session-audit-deploy", planRole: "session-audit-plan" },
  trail: "existing",
  transcripts: { readers: ["arn:aws:iam::222222222222:role/session-reviewer"] },
  access: { attachToRoles: ["app-server"] },
  notifications: {
    activity: { subscribers: [{ protocol: "email", endpoint: "security@example.com" }] },
    security: { subscribers: [{ protocol: "email", endpoint: "security@example.com" }] },
  },
  accounts: {
    sandbox: { id: "222222222222", homeRegion: "eu-central-1", regions: ["eu-central-1"] },
  },
};

export default map;
