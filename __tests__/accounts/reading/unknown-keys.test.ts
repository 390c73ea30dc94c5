import { withSubscriber } from "../rules/good-map";
import { refuses } from "../rules/refusals";

const SUBSCRIBER = "notifications.activity.subscribers[0]";

refuses("with an unknown key", [
  ["at the top", { preference: {} }, "preference", "no key", 'did you mean "preferences"?'],
  [
    "in the organization",
    { "organization.id": undefined, "organization.ids": "o-1" },
    "organization.ids",
    "name, id",
    'did you mean "id"?',
  ],
  [
    "that is a required one misspelt, once",
    { "accounts.sandbox.homeRegion": undefined, "accounts.sandbox.hmoeRegion": "eu-central-1" },
    "accounts.sandbox.hmoeRegion",
    "no key",
    'did you mean "homeRegion"?',
  ],
  ["in a section", { "logs.retentiondays": 30 }, "logs.retentiondays", "no key", 'mean "retentionDays"?'],
  [
    "in a section of a section",
    { "accounts.payments.preferences.enforce.cloudwatch": true },
    "accounts.payments.preferences.enforce.cloudwatch",
    "s3, cloudWatch",
    'did you mean "cloudWatch"?',
  ],
  [
    "in the settings of a region",
    { "accounts.payments.regions.us-east-1": { preferencs: {} } },
    'accounts.payments.regions["us-east-1"].preferencs',
    "no key",
    'did you mean "preferences"?',
  ],
  [
    "deep in the settings of a region",
    { "accounts.payments.regions.us-east-1": { logs: { steaming: true } } },
    'accounts.payments.regions["us-east-1"].logs.steaming',
    "group, streaming, retentionDays, class",
    'did you mean "streaming"?',
  ],
  [
    "in an object that a union offers",
    { "accounts.payments.transcripts.bucket": { existin: "my-bucket" } },
    "accounts.payments.transcripts.bucket.existin",
    "existing, keyArn",
    'did you mean "existing"?',
  ],
  [
    "of another backend",
    { "state.bucket": "my-state" },
    "state.bucket",
    "known are backend, directory",
    "remove it",
  ],
  [
    "of another deployment mode",
    { deployment: { mode: "ambient", role: "r" } },
    "deployment.role",
    "mode",
    "remove",
  ],
  [
    "in an element of a list",
    withSubscriber({ protocol: "email", endpoint: "a@example.com", filter: {} }),
    `${SUBSCRIBER}.filter`,
    "protocol, endpoint, filterPolicy",
    'did you mean "filterPolicy"?',
  ],
  [
    "without its unit",
    { "preferences.idleTimeout": 10 },
    "preferences.idleTimeout",
    "no key",
    'did you mean "idleTimeoutMinutes"?',
  ],
  [
    "that is a setting of another section",
    { "accounts.sandbox.idleTimeoutMinutes": 10 },
    "accounts.sandbox.idleTimeoutMinutes",
    "no key",
    "move it into preferences",
  ],
  [
    "that an account has once",
    { "accounts.payments.regions.us-east-1": { trail: "create" } },
    'accounts.payments.regions["us-east-1"].trail',
    "no key",
    "set for the organization or an account",
  ],
  [
    "that JavaScript has",
    { "organization.constructor": 1 },
    "organization.constructor",
    "no key",
    "remove it",
  ],
]);
