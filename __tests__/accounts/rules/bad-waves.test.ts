import { refuses } from "./refusals";

refuses("of accounts and regions", [
  [
    "a wave that is none",
    { "accounts.lab.wave": "carnary" },
    "accounts.lab.wave",
    "canary, rest",
    'mean "canary"?',
  ],
  [
    "a wave like nothing known",
    { "accounts.lab.wave": "x" },
    "accounts.lab.wave",
    "canary, rest",
    "add it to waves",
  ],
  [
    "a wave in a map without",
    { waves: undefined },
    "accounts.shop.wave",
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
  ["waves without any", { waves: [] }, "waves", "a list of names", 'write waves: ["canary"'],
]);
