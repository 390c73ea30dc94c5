const { availableParallelism, totalmem } = require("node:os");
const { SWC } = require("./__tests__/shared-modules/swc");

const swc = ["@swc/jest", SWC];
const SHARED = "<rootDir>/__tests__/shared-modules/transform.js";
const common = {
  transform: { "\\.ts$": swc },
  rootDir: __dirname,
  // StrykerJS works on a copy of the project in there.
  modulePathIgnorePatterns: ["<rootDir>/.cache/"],
  setupFiles: ["<rootDir>/__tests__/helpers/quiet-sdk.js", "<rootDir>/__tests__/helpers/example-map.js"],
};

/** Packages that the unit tests share, as they share the modules of this project. */
const PACKAGES = [
  ...["@aws-crypto/[\\w-]+", "@aws-sdk/[\\w-]+", "@cdktf/provider-aws", "@cloud-copilot/[\\w-]+"],
  ...["@smithy/[\\w-]+", "cdktf", "commander", "commonmark", "constructs", "yaml", "zod"],
];
/** Unit tests that replace a module or a part of `process`, so that they cannot share them. */
const ISOLATED = [
  "/__tests__/processes/interruption.test.ts",
  "/__tests__/processes/node-support.test.ts",
  "/__tests__/stacks/limits/alike.test.ts",
];

/** End-to-end tests of which each takes a quarter of an hour on two cores: `npm run test:long`, before a release. */
const LONG = [
  "/__tests__/e2e/distributed.test.ts",
  "/__tests__/e2e/operators-map.test.ts",
  "/__tests__/e2e/pipelines-github.test.ts",
  "/__tests__/e2e/pipelines-shell.test.ts",
];

/**
 * `unit` and `isolated` are the fast loop: `__tests__/shared-modules/environment.js` says what is shared and why. `e2e`
 * runs the real Terraform against the embedded AWS.
 */
module.exports = {
  // End-to-end runs wait half of the time for S3 and SQS to settle, as they would on AWS: two workers for each core. Each may
  // have two Terraforms, with a gigabyte of memory each.
  maxWorkers: Math.max(2, Math.min(2 * availableParallelism(), Math.floor(totalmem() / 3e9))),
  // Ends a test that hangs. It is no measure of speed: the machine may be busy with other work.
  testTimeout: 30 * 60_000,
  projects: [
    {
      ...common,
      displayName: "unit",
      testEnvironment: "<rootDir>/__tests__/shared-modules/environment.js",
      transform: {
        "/__tests__/.+\\.ts$": swc,
        "\\.ts$": SHARED,
        [`/node_modules/(${PACKAGES.join("|")})/.+\\.c?js$`]: SHARED,
      },
      // By default Jest transforms no package.
      transformIgnorePatterns: [],
      testMatch: ["<rootDir>/__tests__/**/*.test.ts"],
      testPathIgnorePatterns: ["/node_modules/", "/__tests__/e2e/", ...ISOLATED],
    },
    {
      ...common,
      displayName: "isolated",
      testEnvironment: "node",
      testMatch: ISOLATED.map((file) => `<rootDir>${file}`),
    },
    {
      ...common,
      displayName: "e2e",
      testEnvironment: "node",
      testMatch: ["<rootDir>/__tests__/e2e/**/*.test.ts"],
      testPathIgnorePatterns: ["/node_modules/", ...LONG],
    },
  ],
};
