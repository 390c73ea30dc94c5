import { refuses } from "../rules/refusals";

const PAYMENTS = { id: "444444444444", homeRegion: "eu-central-1" };

refuses("of the wrong shape", [
  ["no organization", { organization: undefined }, "organization", "name", "organization: {"],
  ["no state", { state: undefined }, "state", '"local", "s3" or "cloud"', "state: {"],
  ["no deployment", { deployment: undefined }, "deployment", '"assume-role"', "deployment: {"],
  [
    "accounts that are missing",
    { accounts: undefined },
    "accounts",
    "short name",
    'write the accounts by their names: accounts: { sandbox: { id: "222222222222", homeRegion: "eu-central-1", regions: ["eu-central-1"] } }',
  ],
  ["accounts without any", { accounts: {} }, "accounts", "at least one account", "describe an account"],
  [
    "accounts as a list",
    { accounts: [PAYMENTS] },
    "accounts",
    "an object",
    'write the accounts by their names: accounts: { sandbox: { id: "222222222222", homeRegion: "eu-central-1", regions: ["eu-central-1"] } }',
  ],
  [
    "an account as a string",
    { "accounts.sandbox": "222222222222" },
    "accounts.sandbox",
    "id, homeRegion",
    'write { id: "222222222222", homeRegion: "eu-central-1", regions: ["eu-central-1"] }',
  ],
  ["a name in capitals", { "organization.name": "Acme" }, "organization.name", "lower-case", 'write "acme"'],
  ["a name of 31 characters", { "organization.name": "a".repeat(31) }, "organization.name", "30", "shorten"],
  [
    "an organization id of some account",
    { "organization.id": "111111111111" },
    "organization.id",
    "o-a1",
    "copy",
  ],
  [
    "an archive that is a name",
    { archive: "log-archive" },
    "archive",
    "{ account:",
    'write { account: "log-archive" }',
  ],
  ["an archive account by id", { "archive.account": 1 }, "archive.account", "name of an account", "name the"],
  ["protect in quotes", { protect: "true" }, "protect", "true or false", "without quotes"],
]);
