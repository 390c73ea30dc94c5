/** The unit project by itself: `jest --selectProjects unit <file>` takes the file for the name of another project. */
const { projects, testTimeout } = require("./jest.config");

const unit = projects.find(({ displayName }) => displayName === "unit");
module.exports = { ...unit, testTimeout, maxWorkers: "100%" };
