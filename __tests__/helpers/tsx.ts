/** Arguments of Node.js with which it runs TypeScript, from any directory and in one process. */
export const TSX = ["--require", require.resolve("tsx/cjs")];
