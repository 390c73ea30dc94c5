import { OWN_BUCKETS } from "./good-map";
import { accepts, refuses } from "./refusals";

const SHOP = { id: "222222222222", homeRegion: "eu-central-1" };

refuses("of accounts and regions", [
  [
    "an account id that is a number",
    { "accounts.lab.id": 333333333333 },
    "accounts.lab.id",
    "12 digits",
    "in quotes",
  ],
  [
    "an account id of 11 digits",
    { "accounts.lab.id": "12345678901" },
    "accounts.lab.id",
    "12 digits",
    "leading zeros",
  ],
  [
    "an account id with hyphens",
    { "accounts.lab.id": "3333-3333-3333" },
    "accounts.lab.id",
    "12 digits",
    "quotes",
  ],
  [
    "an account id used twice",
    { "accounts.lab.id": "222222222222" },
    "accounts.lab.id",
    "accounts.shop has this id",
    "each account once",
  ],
  [
    "a name with capitals and blanks",
    {
      "accounts.lab": undefined,
      "accounts.My Lab": { ...SHOP, id: "333333333333", regions: ["eu-central-1"] },
    },
    'accounts["My Lab"]',
    "lower-case letters",
    "respell the name",
  ],
  [
    "regions that are one string",
    { "accounts.lab.regions": "eu-central-1" },
    "accounts.lab.regions",
    "a list",
    '["',
  ],
  [
    "no regions at all",
    { "accounts.lab.regions": undefined },
    "accounts.lab.regions",
    "a list",
    "write regions",
  ],
  [
    "an empty list of regions",
    { "accounts.lab.regions": [] },
    "accounts.lab.regions",
    "at least one",
    "list the",
  ],
  [
    "a region that is none, in a list",
    { "accounts.lab.regions": ["eu-central-1", "eu-west-9"] },
    "accounts.lab.regions[1]",
    "an AWS region: af-south-1",
    'did you mean "eu-west-1"?',
  ],
  [
    "a region that is none, as a key",
    { "accounts.shop.regions.eu-west-9": {} },
    'accounts.shop.regions["eu-west-9"]',
    "an AWS region: af-south-1",
    'did you mean "eu-west-1"?',
  ],
  [
    "a region that every object has",
    { "accounts.shop.regions.constructor": {} },
    "accounts.shop.regions.constructor",
    "an AWS region",
    "like eu-central-1",
  ],
  [
    "an availability zone",
    { "accounts.lab.regions": ["eu-central-1", "eu-central-1a"] },
    "accounts.lab.regions[1]",
    "an AWS region",
    'did you mean "eu-central-1"?',
  ],
  [
    "a region that is a number",
    { "accounts.lab.regions": [1] },
    "accounts.lab.regions[0]",
    "an AWS region",
    "zone",
  ],
  [
    "the settings of a region as null",
    { "accounts.shop.regions.us-east-1": null },
    'accounts.shop.regions["us-east-1"]',
    "an object with encryption",
    "write {}",
  ],
  [
    "a region twice",
    { "accounts.lab.regions": ["eu-central-1", "eu-central-1"] },
    "accounts.lab.regions[1]",
    "each region once",
    "remove the repetition",
  ],
  [
    "a home region that is none",
    { "accounts.lab.homeRegion": "Frankfurt" },
    "accounts.lab.homeRegion",
    "AWS",
    "code",
  ],
  [
    "a home region outside the list",
    { "accounts.lab.homeRegion": "eu-west-1" },
    "accounts.lab.homeRegion",
    "one of this account's regions: eu-central-1",
    "add the home region",
  ],
  [
    "a region of another partition",
    { "accounts.lab.regions": ["eu-central-1", "us-gov-west-1"] },
    "accounts.lab.regions[1]",
    "partition aws,",
    "a map of its own",
  ],
  [
    "an account that lives in another partition, once",
    { "accounts.lab.homeRegion": "cn-north-1", "accounts.lab.regions": ["cn-north-1"] },
    "accounts.lab.homeRegion",
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
      "accounts.shop": undefined,
      "accounts.lab": {
        id: "333333333333",
        homeRegion: "cn-north-1",
        regions: ["cn-north-1", "cn-northwest-1"],
      },
    },
  ],
]);
