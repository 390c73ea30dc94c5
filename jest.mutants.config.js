/**
 * For StrykerJS (`npm run test:mutants`): a test file loads every module for itself. What files share would outlast a
 * mutant in it.
 */
const { projects } = require("./jest.config");

module.exports = projects.find(({ displayName }) => displayName === "isolated");
