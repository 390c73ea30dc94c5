/** The tests that `npm test` leaves out, because each takes a quarter of an hour on two cores. */
const { maxWorkers, projects, testTimeout } = require("./jest.config");

const e2e = projects.find(({ displayName }) => displayName === "e2e");
const long = e2e.testPathIgnorePatterns.filter((pattern) => pattern.endsWith(".test.ts"));

module.exports = {
  projects: [
    {
      ...e2e,
      displayName: "long",
      testMatch: long.map((file) => `<rootDir>${file}`),
      testPathIgnorePatterns: ["/node_modules/"],
    },
  ],
  testTimeout,
  maxWorkers,
};
