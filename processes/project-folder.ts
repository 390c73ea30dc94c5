import { existsSync } from "node:fs";
import { dirname, join, sep } from "node:path";

/**
 * The folder of the operator's project: the one with the map, the working data of Terraform and the cache. In a clone
 * of session-audit it is the clone. If session-audit is installed as a package, it is the nearest folder with a
 * `package.json`, from the directory in which the program was started upwards, which is how npm finds a project. If
 * there is none, it is that directory.
 * @param code absolute path of the folder with session-audit's own code
 * @param cwd absolute path of the directory in which the program was started
 * @see https://docs.npmjs.com/cli/configuring-npm/folders#more-information
 * @example projectFolder("/srv/acme/node_modules/session-audit", "/srv/acme/maps"); // "/srv/acme"
 */
export function projectFolder(code: string, cwd: string = process.cwd()): string {
  if (!code.split(sep).includes("node_modules")) return code;
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
    if (folder === dirname(folder)) return cwd;
  }
}
