/**
 * Lets Node.js load TypeScript: `node --require ./processes/typescript.cjs main.ts`. tsx compiles the files of the project
 * and the map. It also looks at each module of each package, which takes a fifth of the time in which one stack is
 * synthesized, so packages are loaded by Node.js itself: they are JavaScript.
 */
const Module = require("node:module");
const { dirname, sep } = require("node:path");

const PACKAGES = `${sep}node_modules${sep}`;
/** This project may itself be a package. */
const OWN = `${dirname(__dirname)}${sep}`;
const isOfPackage = (file) => (file.startsWith(OWN) ? file.slice(OWN.length - 1) : file).includes(PACKAGES);

const { _resolveFilename: resolve } = Module;
const load = Module._extensions[".js"];
require("tsx/cjs");
const { _resolveFilename: resolveWithTsx } = Module;
const loadWithTsx = Module._extensions[".js"];

Module._resolveFilename = function (request, parent, ...rest) {
  const by = typeof parent?.filename === "string" && isOfPackage(parent.filename) ? resolve : resolveWithTsx;
  return by.call(this, request, parent, ...rest);
};

Module._extensions[".js"] = function (module, file) {
  if (!isOfPackage(file)) return loadWithTsx(module, file);
  try {
    return load(module, file);
  } catch (error) {
    // Some versions of Node.js 20 cannot require() an ES module, or a .js file with ES syntax whose package.json lacks
    // "type": "module". tsx compiles both.
    if (error?.code !== "ERR_REQUIRE_ESM" && !(error instanceof SyntaxError)) throw error;
    return loadWithTsx(module, file);
  }
};
