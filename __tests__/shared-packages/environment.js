const { TestEnvironment } = require("jest-environment-node");

const kept = new Map();
/** One worker of StrykerJS runs the tests on one mutant after the other. */
const isMutating = process.env.STRYKER_MUTATOR_WORKER !== undefined;

/**
 * The Node.js environment of Jest, in which test files share some packages: `SHARED` in jest.config.js names them.
 *
 * Jest gives each test file its own global objects, and loads every module again for each file. Node.js loads a shared
 * package outside of them, once in each worker process. Its code is then compiled and optimized already when the next
 * test file uses it. The modules of this project and all other packages are still loaded for each test file.
 *
 * A package can be shared if no test replaces anything in it, nor the clock or the environment variables that it reads,
 * and if the project never asks whether its errors are `instanceof Error`: they are instances of another `Error`.
 */
module.exports = class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    /**
     * Synthesized stacks as JSON text: `__tests__/helpers/synth.ts` keeps here what the next test files can use. In
     * watch mode, and in a worker of StrykerJS, the code may change between two files, so nothing is kept.
     */
    const mayChange = config.globalConfig.watch || config.globalConfig.watchAll || isMutating;
    this.global.keptSyntheses = mayChange ? new Map() : kept;
    /** Loads a file as Node.js does. `transform.js` calls it in place of the code of a shared package. */
    this.global.loadShared = require;
    // stacks/kit/token-traces.ts replaces this function for cdktf, which is a shared package.
    Object.defineProperty(this.global.Error, "captureStackTrace", {
      get: () => Error.captureStackTrace,
      set: (replacement) => void (Error.captureStackTrace = replacement),
    });
  }
};
