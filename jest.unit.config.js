/** The fast loop by itself: `jest --selectProjects unit <file>` takes the file for the name of another project. */
const { projects, testTimeout } = require("./jest.config");

module.exports = {
  projects: projects.filter(({ displayName }) => displayName !== "e2e"),
  testTimeout,
  maxWorkers: "100%",
};
