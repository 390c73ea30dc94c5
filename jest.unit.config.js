/** The unit project by itself: `jest --selectProjects unit <file>` takes the file for the name of another project. */
const { projects } = require("./jest.config");

module.exports = { ...projects.find(({ displayName }) => displayName === "unit"), maxWorkers: "100%" };
