import { pathToFileURL } from "node:url";

/** Arguments of Node.js with which it runs TypeScript, from any directory and in one process. */
export const TSX = ["--import", pathToFileURL(require.resolve("tsx")).href];
