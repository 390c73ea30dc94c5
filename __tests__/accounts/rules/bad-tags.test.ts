import { accepts, refuses, type Case } from "./refusals";

const someTags = (prefix: string, count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${index}`, "x"]));

refuses("of tags and access", [
  [
    "a tag of AWS's own",
    { tags: { "aws:team": "x" } },
    'tags["aws:team"]',
    "not beginning with aws:",
    "choose a key that does not begin with aws:, which AWS keeps for its own tags",
  ],
  ["a tag that is a number", { tags: { cost: 7 } }, "tags.cost", "string values", "in quotes"],
  [
    "a tag of 256 characters",
    { tags: { cost: "x".repeat(256) } },
    "tags.cost",
    "1 to 255",
    "shorten it: it has 256 characters",
  ],
  [
    "a tag whose key has 128 characters",
    { tags: { ["k".repeat(128)]: "x" } },
    `tags.${"k".repeat(128)}`,
    "1 to 127",
    "shorten it: it has 128 characters",
  ],
  [
    "a tag without a value",
    { tags: { team: "" } },
    "tags.team",
    "1 to 255",
    'write "true", or another value: CloudTrail accepts no empty one',
  ],
  [
    "the program's own tag",
    { tags: { "session-audit": "x" } },
    'tags["session-audit"]',
    "set already",
    "respell",
  ],
  [
    "AWS's own tag in capitals",
    { tags: { "AWS:x": "x" } },
    'tags["AWS:x"]',
    "not beginning with aws:",
    "choose a key that does not begin with aws:, which AWS keeps for its own tags",
  ],
  ...["${HOME}", "100%", "{x}", "a\nb"].map((value): Case => [
    `a tag like ${JSON.stringify(value)}`,
    { tags: { cost: value } },
    "tags.cost",
    "letters, digits, spaces and _.:/=+@-",
    "which AWS does not accept in tags",
  ]),
  ["46 tags", { tags: someTags("a", 46) }, "tags", "at most 45", "remove some tags"],
  [
    "46 tags in all",
    { tags: someTags("a", 40), "accounts.sandbox.tags": someTags("b", 6) },
    "accounts.sandbox.tags",
    "at most 45 tags, including those inherited from the organization and the account",
    "remove some tags",
  ],
  [
    "keys that differ in case",
    { tags: { CostCentre: "1", costcentre: "2" } },
    "tags.costcentre",
    "tags.CostCentre is the same key for IAM",
    "keep one of the two",
  ],
  [
    "a key of an account that differs from one of the organization in case",
    { tags: { CostCentre: "1" }, "accounts.sandbox.tags": { costcentre: "2" } },
    "accounts.sandbox.tags.costcentre",
    "tags.CostCentre is the same key for IAM",
    'spell it "CostCentre", so that this value replaces the one of tags.CostCentre',
  ],
  [
    "a key of a region that differs from one of the account in case",
    {
      "accounts.payments.tags": { Team: "1" },
      "accounts.payments.regions.us-east-1.tags": { TEAM: "2" },
    },
    'accounts.payments.regions["us-east-1"].tags.TEAM',
    "accounts.payments.tags.Team is the same key for IAM",
    'spell it "Team"',
  ],
  [
    "a key of a region that differs from one of the organization in case",
    { tags: { Team: "1" }, "accounts.payments.regions.us-east-1.tags": { team: "2" } },
    'accounts.payments.regions["us-east-1"].tags.team',
    "tags.Team is the same key for IAM",
    'spell it "Team"',
  ],
  [
    "tags as a list",
    { tags: ["a"] },
    "tags",
    "an object of tag keys",
    'write an object of keys and values: { team: "platform" }',
  ],
]);

accepts([
  ["with 45 tags", { tags: someTags("a", 45) }],
  ["with a tag's value of blanks and letters of any script", { tags: { team: "Prüfung 監査 a+b@c:/=._-" } }],
  [
    "with a tag of the organization that an account replaces",
    { tags: { Team: "1" }, "accounts.sandbox.tags": { Team: "2" } },
  ],
  [
    "with keys that differ in case in two accounts, which share no role",
    { "accounts.sandbox.tags": { Team: "1" }, "accounts.payments.tags": { team: "2" } },
  ],
  ["with a tag as long as CodeBuild accepts", { tags: { ["k".repeat(127)]: "x".repeat(255) } }],
]);
