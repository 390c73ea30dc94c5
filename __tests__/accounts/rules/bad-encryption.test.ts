import { NO_READERS, key } from "./good-map";
import { accepts, refuses } from "./refusals";

/** Members with buckets of their own: the archive account has no site. */
const OWN_MEMBERS = {
  "accounts.payments.transcripts.bucket": { existing: "payments-transcripts" },
  "accounts.sandbox.transcripts.bucket": { existing: "sandbox-transcripts" },
  ...NO_READERS,
};

refuses("of encryption", [
  ["dual-layer encryption", { "encryption.mode": "aws:kms:dsse" }, "encryption.mode", '"s3-managed"', "DSSE"],
  [
    "an alias",
    { "encryption.keyArn": "alias/sessions" },
    "encryption.keyArn",
    ":key/<key id>, or null",
    "alias",
  ],
  ["a bare key id", { "encryption.keyArn": "1234abcd-12ab" }, "encryption.keyArn", "full ARN", "bare key id"],
  [
    "an alias' ARN",
    { "encryption.keyArn": "arn:aws:kms:eu-central-1:444444444444:alias/sessions" },
    "encryption.keyArn",
    "full ARN",
    "write the ARN of the key behind the alias, because the alias may lead to another key one day; `aws kms describe-key --key-id arn:aws:kms:eu-central-1:444444444444:alias/sessions` shows it",
  ],
  [
    "existing without a key",
    { "accounts.sandbox.encryption": { mode: "existing" } },
    "accounts.sandbox.encryption.keyArn",
    'while encryption.mode is "existing"',
    "name the key's ARN",
  ],
  [
    "a key without existing",
    { "accounts.sandbox.encryption": { keyArn: key("eu-central-1") } },
    "accounts.sandbox.encryption.keyArn",
    'null while encryption.mode is "customer-managed"',
    'mode: "existing"',
  ],
  [
    "a key in another region",
    { "accounts.sandbox.encryption": { mode: "existing", keyArn: key("eu-west-1") } },
    "accounts.sandbox.encryption.keyArn",
    "a key in eu-central-1",
    "in the settings of that region",
  ],
  [
    "one key for two regions",
    { "accounts.payments.encryption": { mode: "existing", keyArn: key("eu-central-1") } },
    "accounts.payments.encryption.keyArn",
    "a key in us-east-1",
    "in the settings of that region",
  ],
  [
    "a trail in the archive account without a key",
    {
      ...OWN_MEMBERS,
      "accounts.log-archive.trail": "create",
      "accounts.log-archive.encryption.mode": "existing",
    },
    'accounts["log-archive"].encryption.keyArn',
    'while encryption.mode is "existing"',
    "name the key's ARN",
  ],
  [
    "a trail in the archive account with a key elsewhere",
    {
      ...OWN_MEMBERS,
      "accounts.log-archive.trail": "create",
      "accounts.log-archive.encryption": { mode: "existing", keyArn: key("us-east-1") },
    },
    'accounts["log-archive"].encryption.keyArn',
    "a key in eu-central-1",
    "name a key in eu-central-1",
  ],
  [
    "a rotation of 30 days",
    { "encryption.rotationPeriodDays": 30 },
    "encryption.rotationPeriodDays",
    "90 to 2560",
    "90",
  ],
]);

refuses("of settings that contradict each other", [
  [
    "session encryption without a key",
    { "encryption.mode": "s3-managed", "preferences.enforce.cloudWatch": false },
    "preferences.encryptSessionData",
    "no key to encrypt with",
    "encryptSessionData: false",
  ],
]);

accepts([
  [
    "with a trail in the archive account under a key of its home region",
    {
      "accounts.payments.regions": ["eu-central-1"],
      "accounts.log-archive.trail": "create",
      "accounts.log-archive.encryption": { mode: "existing", keyArn: key("eu-central-1") },
    },
  ],
  [
    "with a key in each region's settings",
    {
      "accounts.payments.regions": Object.fromEntries(
        ["eu-central-1", "us-east-1"].map((region) => [
          region,
          { encryption: { mode: "existing", keyArn: key(region) } },
        ]),
      ),
    },
  ],
]);
