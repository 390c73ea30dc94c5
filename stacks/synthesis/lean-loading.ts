/**
 * Loads the modules that build stacks without their source maps, unless Node.js was started with `--enable-source-maps`.
 * tsx switches source maps on, and Node.js then reads those of cdktf and of the AWS provider, which are larger than the
 * code: a third of the time in which a stack is built alone. Without them, the lines in the stack trace of an unexpected
 * error are those of the compiled code.
 *
 * Source maps are a setting of the whole process. No other code runs while they are off, because `load` returns only when
 * its modules are loaded. Afterwards the setting is as it was before.
 * @param load loads modules with `require`
 * @example leanly(() => require("./build"))
 */
export function leanly<T>(load: () => T): T {
  const wanted = [...process.execArgv, process.env["NODE_OPTIONS"] ?? ""].join(" ");
  if (wanted.includes("--enable-source-maps")) return load();
  const before = process.sourceMapsEnabled;
  process.setSourceMapsEnabled(false);
  try {
    return load();
  } finally {
    process.setSourceMapsEnabled(before);
  }
}
