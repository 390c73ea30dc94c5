import { refuses } from "./refusals";

refuses("of accounts and regions", [
  [
    "a wave that is none",
    { "accounts.sandbox.wave": "carnary" },
    "accounts.sandbox.wave",
    "canary, rest",
    'mean "canary"?',
  ],
  [
    "a wave like nothing known",
    { "accounts.sandbox.wave": "x" },
    "accounts.sandbox.wave",
    "canary, rest",
    "add it to waves",
  ],
  [
    "a wave in a map without",
    { waves: undefined, "accounts.payments.wave": undefined },
    "accounts.sandbox.wave",
    "the map has no waves",
    "add it to waves",
  ],
  [
    "a wave twice",
    { waves: ["canary", "rest", "canary"] },
    "waves[2]",
    "each wave once",
    "remove the repetition",
  ],
  [
    "a wave twice, once with settings",
    { waves: ["canary", { name: "canary", approve: true }, "rest"] },
    "waves[1]",
    "each wave once",
    "remove the repetition",
  ],
  [
    "a wave with a number of stacks that cannot be",
    { waves: [{ name: "canary", maxConcurrent: 0 }, "rest"] },
    "waves[0].maxConcurrent",
    "1 to 999",
    "without quotes",
  ],
  [
    "a wave that tolerates more than everything",
    { waves: [{ name: "canary", failureTolerance: "101%" }, "rest"] },
    "waves[0].failureTolerance",
    'like "5%"',
    "failureTolerance: 2",
  ],
  [
    "a wave that bakes for no time",
    { waves: [{ name: "canary", bakeMinutes: 0 }, "rest"] },
    "waves[0].bakeMinutes",
    "1 to 10080",
    "without quotes",
  ],
  ["waves without any", { waves: [] }, "waves", "a list of names", 'write waves: ["canary"'],
]);
