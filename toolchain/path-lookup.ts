import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, resolve, sep } from "node:path";

/** Absolute paths of every executable with a name on PATH, in the order in which a shell tries them. */
export function allOnPath(name: string, env: NodeJS.ProcessEnv): string[] {
  const file = process.platform === "win32" && !/\.exe$/i.test(name) ? `${name}.exe` : name;
  // On Windows the variable is Path. A copy of process.env, unlike process.env itself, does not ignore the case.
  const folders = (env["PATH"] ?? env["Path"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return [...new Set(folders.map((folder) => resolve(folder, file)))].filter(isExecutable);
}

/** The program that a shell runs for a path, or for a name on PATH. undefined if there is none. */
export function locate(nameOrPath: string, env: NodeJS.ProcessEnv): string | undefined {
  const isPath = isAbsolute(nameOrPath) || nameOrPath.includes("/") || nameOrPath.includes(sep);
  if (!isPath) return allOnPath(nameOrPath, env)[0];
  const path = resolve(nameOrPath);
  return isExecutable(path) ? path : undefined;
}

/** Whether a path is a file, or a link to one. */
export const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

/** Whether a path is a folder, or a link to one. */
export const isDirectory = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return isFile(path);
  } catch {
    return false;
  }
}
