/**
 * Settings of StrykerJS for one run: upkeep/check-mutants.ts starts a run for each file, and names the file, its tests
 * and the report in environment variables. `npm run test:mutants -- --help` explains it.
 */
const { MUTANTS_FILE, MUTANTS_TESTS = "[]", MUTANTS_REPORT } = process.env;

export default {
  mutate: [MUTANTS_FILE],
  testRunner: "jest",
  jest: {
    configFile: "jest.mutants.config.js",
    // A file of policies is related to almost every test, so the run names its tests.
    enableFindRelatedTests: false,
    config: {
      testMatch: JSON.parse(MUTANTS_TESTS).map((file) => `<rootDir>/${file}`),
    },
  },
  // Jest tells which test reaches which mutant. A mutant in data of a module is reached when the module is loaded, so
  // all tests of the run are tried on it.
  coverageAnalysis: "perTest",
  // swc does not check types, so nothing has to be disabled in a copy of the tests.
  disableTypeChecks: false,
  concurrency: 1,
  // Other work on the machine must not make a mutant look like an endless loop.
  timeoutMS: 60_000,
  timeoutFactor: 4,
  tempDirName: ".cache/stryker",
  ignorePatterns: [".cache", ".session-audit", "cdktf.out", "coverage", "plans", "types"],
  reporters: ["json"],
  jsonReporter: { fileName: MUTANTS_REPORT },
  allowEmpty: true,
};
