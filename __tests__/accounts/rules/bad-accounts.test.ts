import { OWN_BUCKETS } from "./good-map";
import { accepts, refuses } from "./refusals";

const PAYMENTS = { id: "444444444444", homeRegion: "eu-central-1" };

refuses("of accounts and regions", [
  [
    "an account id that is a number",
    { "accounts.sandbox.id": 222222222222 },
    "accounts.sandbox.id",
    "12 digits",
    "in quotes",
  ],
  [
    "an account id of 11 digits",
    { "accounts.sandbox.id": "12345678901" },
    "accounts.sandbox.id",
    "12 digits",
    "leading zeros",
  ],
  [
    "an account id with hyphens",
    { "accounts.sandbox.id": "2222-2222-2222" },
    "accounts.sandbox.id",
    "12 digits",
    "quotes",
  ],
  [
    "an account id used twice",
    { "accounts.payments.id": "222222222222" },
    "accounts.payments.id",
    "accounts.sandbox has this id",
    "each account once",
  ],
  [
    "a name with capitals and blanks",
    {
      "accounts.sandbox": undefined,
      "accounts.My Lab": { ...PAYMENTS, id: "222222222222", regions: ["eu-central-1"] },
    },
    'accounts["My Lab"]',
    "lower-case letters",
    "respell the name",
  ],
  [
    "regions that are one string",
    { "accounts.sandbox.regions": "eu-central-1" },
    "accounts.sandbox.regions",
    "a list",
    '["',
  ],
  [
    "no regions at all",
    { "accounts.sandbox.regions": undefined },
    "accounts.sandbox.regions",
    "a list",
    "write regions",
  ],
  [
    "an empty list of regions",
    { "accounts.sandbox.regions": [] },
    "accounts.sandbox.regions",
    "at least one",
    "list the",
  ],
  [
    "a region that is none, in a list",
    { "accounts.sandbox.regions": ["eu-central-1", "eu-west-9"] },
    "accounts.sandbox.regions[1]",
    "an AWS region: af-south-1",
    'did you mean "eu-west-1"?',
  ],
  [
    "a region that is none, as a key",
    { "accounts.payments.regions.eu-west-9": {} },
    'accounts.payments.regions["eu-west-9"]',
    "an AWS region: af-south-1",
    'did you mean "eu-west-1"?',
  ],
  [
    "a region that every object has",
    { "accounts.payments.regions.constructor": {} },
    "accounts.payments.regions.constructor",
    "an AWS region",
    "like eu-central-1",
  ],
  [
    "an availability zone",
    { "accounts.sandbox.regions": ["eu-central-1", "eu-central-1a"] },
    "accounts.sandbox.regions[1]",
    "an AWS region",
    'did you mean "eu-central-1"?',
  ],
  [
    "a region that is a number",
    { "accounts.sandbox.regions": [1] },
    "accounts.sandbox.regions[0]",
    "an AWS region",
    "zone",
  ],
  [
    "the settings of a region as null",
    { "accounts.payments.regions.us-east-1": null },
    'accounts.payments.regions["us-east-1"]',
    "an object with encryption",
    "write {}",
  ],
  [
    "a region twice",
    { "accounts.sandbox.regions": ["eu-central-1", "eu-central-1"] },
    "accounts.sandbox.regions[1]",
    "each region once",
    "remove the repetition",
  ],
  [
    "a home region that is none",
    { "accounts.sandbox.homeRegion": "Frankfurt" },
    "accounts.sandbox.homeRegion",
    "AWS",
    "code",
  ],
  [
    "a home region outside the list",
    { "accounts.sandbox.homeRegion": "eu-west-1" },
    "accounts.sandbox.homeRegion",
    "one of this account's regions: eu-central-1",
    "add the home region",
  ],
  [
    "a region of another partition",
    { "accounts.sandbox.regions": ["eu-central-1", "us-gov-west-1"] },
    "accounts.sandbox.regions[1]",
    "partition aws,",
    "a map of its own",
  ],
  [
    "an account that lives in another partition, once",
    { "accounts.sandbox.homeRegion": "cn-north-1", "accounts.sandbox.regions": ["cn-north-1"] },
    "accounts.sandbox.homeRegion",
    "partition aws,",
    "a map of its own",
  ],
]);

accepts([
  ["unchanged", {}],
  [
    "in China",
    {
      ...OWN_BUCKETS,
      "transcripts.readers": [],
      "accounts.payments": undefined,
      "accounts.sandbox": {
        id: "222222222222",
        homeRegion: "cn-north-1",
        regions: ["cn-north-1", "cn-northwest-1"],
      },
    },
  ],
]);
