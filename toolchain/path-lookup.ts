import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, resolve, sep } from "node:path";

/** Absolute paths of every executable called `name` on PATH, in the order a shell would try them. */
export function allOnPath(name: string, env: NodeJS.ProcessEnv): string[] {
  const file = process.platform === "win32" && !/\.exe$/i.test(name) ? `${name}.exe` : name;
  // Windows calls it Path, and a copy of process.env no longer ignores case.
  const folders = (env["PATH"] ?? env["Path"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return [...new Set(folders.map((folder) => resolve(folder, file)))].filter(isExecutable);
}

/** What a shell would run for `nameOrPath`: a path as it stands, a bare name from PATH. Undefined: nothing. */
export function locate(nameOrPath: string, env: NodeJS.ProcessEnv): string | undefined {
  const isPath = isAbsolute(nameOrPath) || nameOrPath.includes("/") || nameOrPath.includes(sep);
  if (!isPath) return allOnPath(nameOrPath, env)[0];
  const path = resolve(nameOrPath);
  return isExecutable(path) ? path : undefined;
}

export const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

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
