const swc = [
  "@swc/jest",
  // Lazy: a package is loaded when a test first uses it, because most test files import far more than they use.
  { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { lazy: true } },
];
const common = {
  transform: { "^.+\\.ts$": swc },
  rootDir: __dirname,
  // StrykerJS works on a copy of the project in there.
  modulePathIgnorePatterns: ["<rootDir>/.cache/"],
  setupFiles: ["<rootDir>/__tests__/helpers/quiet-sdk.js", "<rootDir>/__tests__/helpers/example-map.js"],
};

/**
 * Packages that test files of the unit project share: a worker process loads them once. Loading them for each test file
 * was a third of the time. `__tests__/shared-packages/environment.js` says how it works, and which package can be here.
 */
const SHARED = ["zod", "cdktf", "constructs", "@cdktf/provider-aws", "@cloud-copilot/[\\w-]+"];

/** Two projects: `unit` is the fast loop, `e2e` runs the real Terraform against the embedded AWS. */
module.exports = {
  // End-to-end runs mostly wait for S3 and SQS to settle, as they would on AWS: more workers than cores.
  maxWorkers: 3,
  // Ends a test that hangs. It is no measure of speed: the machine may be busy with other work.
  testTimeout: 30 * 60_000,
  projects: [
    {
      ...common,
      displayName: "unit",
      testEnvironment: "<rootDir>/__tests__/shared-packages/environment.js",
      transform: {
        ...common.transform,
        [`/node_modules/(${SHARED.join("|")})/.+\\.c?js$`]:
          "<rootDir>/__tests__/shared-packages/transform.js",
      },
      // By default Jest transforms no package.
      transformIgnorePatterns: [],
      testMatch: ["<rootDir>/__tests__/**/*.test.ts"],
      testPathIgnorePatterns: ["/node_modules/", "/__tests__/e2e/"],
    },
    {
      ...common,
      displayName: "e2e",
      testEnvironment: "node",
      testMatch: ["<rootDir>/__tests__/e2e/**/*.test.ts"],
    },
  ],
};
