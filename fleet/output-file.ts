import { access, constants, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { replaceFile } from "../files/replace-file";
import { UserError } from "../processes/user-error";

/**
 * Refuses a file that could not be written, before the work whose result it gets: that may take an hour.
 * @param option the option that names the file
 * @param file absolute path
 * @throws UserError if its folder is missing or cannot be written, or if the file is a folder
 * @example await refuseUnwritable("--html", resolve(io.cwd, options.html));
 */
export async function refuseUnwritable(option: string, file: string): Promise<void> {
  const found = await stat(file).catch(() => null);
  if (found?.isDirectory()) throw unwritable(option, `${file} is a folder.`);
  // With "/." at its end, the check also fails if the parent is a file instead of a folder.
  const place = found === null ? `${dirname(file)}/.` : file;
  await access(place, constants.W_OK).catch((error: Error) => {
    throw unwritable(option, `${file} cannot be written: ${error.message}.`);
  });
}

/**
 * Writes a page or a recording. Only the owner can read a new file, because records may hold secrets. An existing file keeps its
 * permissions.
 * @throws UserError if the file cannot be written
 */
export const writeOutput = (option: string, file: string, text: string): Promise<void> =>
  writeFile(file, text, { mode: 0o600 }).catch(asUnwritable(option, file));

/**
 * Writes a file completely or not at all. Only its owner can read it. The temporary file has the process id in its name, so it
 * replaces no other file.
 * @throws UserError if the file cannot be written
 */
export const writeWhole = (option: string, file: string, text: string): Promise<void> =>
  replaceFile(file, text, 0o600).catch(asUnwritable(option, file));

const asUnwritable = (option: string, file: string) => (error: Error) => {
  throw unwritable(option, `${file} cannot be written: ${error.message}.`);
};

const unwritable = (option: string, found: string): UserError =>
  new UserError({ what: `${option}: ${found}`, remedy: `Name another file with ${option}.` });
