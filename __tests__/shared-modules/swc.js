/** How TypeScript becomes JavaScript in the tests, for Jest and for Node.js alike. */
exports.SWC = {
  swcrc: false,
  jsc: { target: "es2022", parser: { syntax: "typescript" } },
  // Lazy: a module is loaded when a test first uses it, because most test files import far more than they use.
  module: { type: "commonjs", lazy: true },
};
