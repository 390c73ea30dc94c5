const { AsyncLocalStorage } = require("node:async_hooks");
const { readFileSync } = require("node:fs");
const { SourceMap } = require("node:module");
const vm = require("node:vm");
const { ModernFakeTimers, LegacyFakeTimers } = require("@jest/fake-timers");
const { transformSync } = require("@swc/core");
const { ModuleMocker } = require("jest-mock");
const { SWC } = require("./swc");

/*
 * The environment of the unit tests: each worker process loads the modules of this project, and most packages, once.
 *
 * By default Jest gives each test file global objects of its own, and loads every module again for each file. A third of
 * the processor time of the unit tests went into that: reading the modules, and running code that V8 had not optimized
 * yet. Here only a test file and the helpers below __tests__ are loaded for each file, as Jest does it. Everything else is
 * loaded by Node.js, and is warm when the next file uses it. Test files share the global objects of Node.js.
 *
 * The price: a test file that replaces a module with jest.mock, or a part of `process`, needs global objects and modules
 * of its own. The project `isolated` in jest.config.js has these files.
 */

/** Stands for the global objects of Node.js itself, which have no context object that `vm` would take. */
const NODE = {};
const { compileFunction } = vm;
vm.compileFunction = (code, parameters, options) =>
  compileFunction(code, parameters, {
    ...options,
    parsingContext: options?.parsingContext === NODE ? undefined : options?.parsingContext,
  });

/** Source map of each loaded module of the project, read when a stack trace needs it. */
const sourceMaps = new Map();
require.extensions[".ts"] = (module, filename) => {
  const { code, map } = transformSync(readFileSync(filename, "utf8"), { ...SWC, filename, sourceMaps: true });
  sourceMaps.set(filename, map);
  module._compile(code, filename);
};

/** A frame of a stack trace with the line and the column of the source. */
function inSource(frame) {
  const map = sourceMaps.get(frame.getFileName());
  if (map === undefined) return frame;
  const { originalLine, originalColumn } = new SourceMap(JSON.parse(map)).findEntry(
    frame.getLineNumber() - 1,
    frame.getColumnNumber() - 1,
  );
  if (originalLine === undefined) return frame;
  return new Proxy(frame, {
    get: (target, name) => {
      if (name === "getLineNumber") return () => originalLine + 1;
      if (name === "getColumnNumber") return () => originalColumn + 1;
      return typeof target[name] === "function" ? target[name].bind(target) : target[name];
    },
  });
}
let formatStack;
Object.defineProperty(Error, "prepareStackTrace", {
  get: () => formatStack && ((error, frames) => formatStack(error, frames.map(inSource))),
  // Jest sets a function for each test file, which knows the source maps of the files that Jest has loaded.
  set: (format) => (formatStack = format),
});

/**
 * The contexts that code has entered since the last test file. Jest makes one for each file, and Node.js 20 copies each
 * context that was ever entered to each new promise: after 300 files that was a sixth of the processor time.
 */
const entered = new Set();
const { run } = AsyncLocalStorage.prototype;
AsyncLocalStorage.prototype.run = function (...args) {
  entered.add(this);
  return run.apply(this, args);
};
function leaveContexts() {
  for (const context of entered) context.disable();
  entered.clear();
}

/** Synthesized stacks as JSON text: `__tests__/helpers/synth.ts` keeps here what the next test files can use. */
let kept = new Map();

module.exports = class {
  constructor({ globalConfig, projectConfig }) {
    const { watch, watchAll } = globalConfig;
    if (watch || watchAll) forgetProject(projectConfig.rootDir);
    this.global = globalThis;
    Object.assign(globalThis, { loadShared: require, keptSyntheses: kept });
    // Jest adds its listeners here for each test file.
    delete globalThis[Symbol.for("EVENT_HANDLERS")];
    this.before = { env: { ...process.env }, console, exitCode: process.exitCode };

    this.moduleMocker = new ModuleMocker(globalThis);
    const forTimers = { config: projectConfig, global: globalThis };
    this.fakeTimers = new LegacyFakeTimers({
      ...forTimers,
      moduleMocker: this.moduleMocker,
      timerConfig: { idToRef: (id) => id, refToId: (timer) => timer },
    });
    this.fakeTimersModern = new ModernFakeTimers(forTimers);
  }

  async setup() {}

  async teardown() {
    this.fakeTimers.dispose();
    this.fakeTimersModern.dispose();
    for (const name of Object.keys(process.env)) if (!(name in this.before.env)) delete process.env[name];
    Object.assign(process.env, this.before.env);
    globalThis.console = this.before.console;
    process.exitCode = this.before.exitCode;
    leaveContexts();
  }

  exportConditions() {
    return ["node", "node-addons"];
  }

  getVmContext() {
    return NODE;
  }
};

/** In watch mode the code may have changed since the last test file. */
function forgetProject(root) {
  for (const file of Object.keys(require.cache)) {
    if (file.startsWith(root) && file.endsWith(".ts")) delete require.cache[file];
  }
  kept = new Map();
}
