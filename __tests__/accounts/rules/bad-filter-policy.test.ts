import { withSubscriber } from "./good-map";
import { accepts, refuses, type Case } from "./refusals";

const withFilter = (filterPolicy: unknown) =>
  withSubscriber({ protocol: "email", endpoint: "a@example.com", filterPolicy });

/** Policies that SNS refuses, and a part of the remedy. */
const REFUSED: readonly (readonly [policy: object, remedy: string])[] = [
  [{ action: "StartSession" }, 'put the value of action into a list: ["StartSession"]'],
  [{ action: 7 }, "put the value of action into a list: [7]"],
  [{ action: null }, "put the value of action into a list: [null]"],
  [{ detail: { who: true } }, "put the value of who into a list: [true]"],
  [{ action: [] }, "list at least one value of action"],
  [{}, "remove the empty object"],
  [{ detail: {} }, "remove the empty object"],
  [{ action: [["StartSession"]] }, "list the values of action in one list"],
  [{ action: [1e10] }, "give action a number from -1000000000 to 1000000000"],
  [{ action: [{ prefx: "Start" }] }, 'replace "prefx" in action by an operator of SNS: prefix, suffix'],
  [{ action: [{ constructor: "Start" }] }, 'replace "constructor" in action'],
  [{ action: [{}] }, "give each operator of action an object of its own"],
  [{ action: [{ prefix: "a", suffix: "b" }] }, "give each operator of action an object of its own"],
  [{ action: [{ prefix: ["Start"] }] }, 'change "prefix" in action to the form of { prefix: "Start" }'],
  [{ action: [{ suffix: 1 }] }, 'change "suffix" in action'],
  [{ action: [{ "anything-but": [] }] }, 'change "anything-but" in action'],
  [{ action: [{ "anything-but": ["a", 1] }] }, "with texts alone or numbers alone"],
  [{ action: [{ "anything-but": true }] }, 'change "anything-but" in action'],
  [{ action: [{ "anything-but": { cidr: "10.0.0.0/8" } }] }, 'change "anything-but" in action'],
  [{ action: [{ "anything-but": { prefix: "a", suffix: "b" } }] }, 'change "anything-but" in action'],
  [{ action: [{ "anything-but": {} }] }, 'change "anything-but" in action'],
  [{ action: [{ "equals-ignore-case": 1 }] }, 'change "equals-ignore-case" in action'],
  [{ action: [{ wildcard: "**" }] }, 'change "wildcard" in action'],
  [{ action: [{ wildcard: "a\\b*" }] }, "with a \\ only before * or another \\"],
  [{ action: [{ wildcard: "a*\\" }] }, 'change "wildcard" in action'],
  [{ action: [{ "anything-but": { wildcard: ["*a", "\\n*"] } }] }, 'change "anything-but" in action'],
  ...["10.0.0.0/33", "10.0.0/24", "256.0.0.0/8", "2001:db8::/129", "2001:db8/32", ":/0", "::1::/64"].map(
    (cidr) => [{ from: [{ cidr }] }, 'change "cidr" in from'] as const,
  ),
  [{ from: [{ cidr: "10.0.0.0" }] }, 'change "cidr" in from'],
  [{ from: [{ exists: "true" }] }, 'change "exists" in from'],
  [{ count: [{ numeric: ["<"] }] }, 'change "numeric" in count'],
  [{ count: [{ numeric: ["<", "7"] }] }, 'change "numeric" in count'],
  [{ count: [{ numeric: ["!=", 7] }] }, 'change "numeric" in count'],
  [{ count: [{ numeric: [">", 7, "<"] }] }, 'change "numeric" in count'],
  [{ count: [{ numeric: [">", 7, "<", 7] }] }, 'change "numeric" in count'],
  [{ count: [{ numeric: ["<", 7, "<", 8] }] }, 'change "numeric" in count'],
  [{ $or: [{ action: ["StartSession"] }] }, "list two or more objects in $or"],
  [{ $or: { action: ["StartSession"] } }, "list two or more objects in $or"],
  [{ $or: [{ action: ["StartSession"] }, { who: "ann" }] }, 'put the value of who into a list: ["ann"]'],
  [{ a: ["1"], b: ["1"], c: ["1"], d: ["1"], e: ["1"], f: ["1"] }, "the policy names 6, a, b, c, d, e, f"],
  [
    { a: ["1"], b: ["1"], c: ["1"], $or: [{ d: ["1"], e: ["1"] }, { $or: [{ f: ["1"] }, { a: ["2"] }] }] },
    "filter by at most 5 fields: the policy names 6, a, b, c, d, e, f",
  ],
  [
    { a: Array.from({ length: 13 }, String), b: Array.from({ length: 12 }, String) },
    "they have 156 combinations, and SNS accepts 150",
  ],
  [{ a: { b: Array.from({ length: 76 }, String) } }, "they have 152 combinations, and SNS accepts 150"],
];

refuses(
  "of filter policies",
  REFUSED.map(([policy, remedy]): Case => [
    JSON.stringify(policy).slice(0, 80),
    withFilter(policy),
    "notifications.activity.subscribers[0].filterPolicy",
    "at most 5 fields of the message, each with a list of values or operators",
    remedy,
  ]),
);

accepts(
  [
    { action: ["StartSession", null, true, 7] },
    { action: [{ prefix: "Start" }, { suffix: "Session" }, { exists: true }] },
    { action: [{ "anything-but": "StartSession" }, { "anything-but": ["a", "1"] }, { "anything-but": 7 }] },
    { action: [{ "anything-but": [1, 2.5] }] },
    { action: [{ wildcard: "a\\*b*" }, { wildcard: "*\\\\*" }, { wildcard: "\\**" }] },
    { from: ["0.0.0.0/0", "10.0.0.1/32", "::/0", "2001:DB8::1/128"].map((cidr) => ({ cidr })) },
    { action: [{ "anything-but": { prefix: "a" } }, { "anything-but": { suffix: ["a", "b"] } }] },
    { action: [{ "anything-but": { wildcard: "*a" } }, { wildcard: "a*b*" }] },
    { action: [{ "equals-ignore-case": "startsession" }] },
    { from: [{ cidr: "10.0.0.0/24" }, { cidr: "2001:db8::/32" }] },
    { count: [{ numeric: ["=", 7] }, { numeric: [">=", 0, "<", 7.5] }] },
    { detail: { who: ["ann"], more: { action: ["StartSession"] } } },
    { $or: [{ action: ["StartSession"] }, { who: [{ prefix: "a" }] }], service: ["ssm"] },
    { a: ["1"], b: ["1"], c: ["1"], d: ["1"], e: ["1"] },
    // AWS's own example has three keys below another one.
    {
      state: ["SUCCESS"],
      severity: ["1"],
      message: ["1"],
      finding: { standard: ["1"], region: ["1"], id: ["1"] },
    },
    {
      a: ["1"],
      b: ["1"],
      $or: [
        { c: ["1"], d: ["1"] },
        { c: ["2"], e: ["1"] },
      ],
    },
    { a: Array.from({ length: 15 }, String), b: Array.from({ length: 10 }, String) },
    { a: { b: Array.from({ length: 75 }, String) } },
  ].map((policy) => [`with the filter policy ${JSON.stringify(policy).slice(0, 80)}`, withFilter(policy)]),
);
