/** Two projects: `unit` is the fast loop, `e2e` runs the real Terraform against the embedded AWS. */
const swc = ["@swc/jest", { jsc: { target: "es2022", parser: { syntax: "typescript" } } }];
const common = {
  testEnvironment: "node",
  transform: { "^.+\\.ts$": swc },
  rootDir: __dirname,
  setupFiles: ["<rootDir>/__tests__/helpers/quiet-sdk.js", "<rootDir>/__tests__/helpers/example-map.js"],
};

module.exports = {
  // End-to-end runs mostly wait for S3 and SQS to settle, as they would on AWS: more workers than cores.
  maxWorkers: 3,
  // Ends a test that hangs. It is no measure of speed: the machine may be busy with other work.
  testTimeout: 30 * 60_000,
  projects: [
    {
      ...common,
      displayName: "unit",
      testMatch: ["<rootDir>/__tests__/**/*.test.ts"],
      testPathIgnorePatterns: ["/node_modules/", "/__tests__/e2e/"],
    },
    { ...common, displayName: "e2e", testMatch: ["<rootDir>/__tests__/e2e/**/*.test.ts"] },
  ],
};
