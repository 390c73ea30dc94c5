import { UserError } from "./user-error";

/** Errors of the operating system that the person who runs a program can correct: what is wrong, and what to do. */
const CORRECTABLE: Readonly<Record<string, readonly [what: string, remedy: string]>> = {
  ENOSPC: ["The disk is full", "Free space on this disk, and run the command again."],
  EDQUOT: ["The disk quota of this user is used up", "Free space of this user, and run the command again."],
  EROFS: ["The file system is read-only", "Choose a folder on a file system that can be written."],
  EACCES: ["Access to a file is denied", "Let this user read and write it, or choose another folder."],
  EPERM: ["The operating system forbids an operation", "Let this user do it, or choose another folder."],
  EMFILE: ["This process has too many open files", "Raise the limit (ulimit -n), or lower --parallel."],
  ENFILE: ["This machine has too many open files", "End other programs, or raise the limit of the system."],
  ENAMETOOLONG: ["The name of a file is too long", "Choose a folder with a shorter path."],
  EIO: ["A disk or a terminal does not answer", "Check the disk, and run the command again."],
  ENOENT: ["There is no such file or folder", "Check the path, and create the folder that it names."],
  ENOTDIR: [
    "A part of a path is a file, and a folder is needed there",
    "Name another path, or remove the file.",
  ],
  EISDIR: ["There is a folder where a file is needed", "Name another path, or remove the folder."],
  EEXIST: ["Something of this name exists already", "Name another path, or remove what is there."],
  ENOTEMPTY: ["A folder that is to be replaced is not empty", "Name another path, or empty the folder."],
  ELOOP: ["Symbolic links of a path lead in a circle", "Name the file itself, or correct the links."],
};

/**
 * A message without a stack trace for an error of the operating system that a person can correct.
 * @returns undefined: every other error
 * @see https://nodejs.org/docs/latest-v20.x/api/errors.html#common-system-errors
 */
export function systemError(error: unknown): UserError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, path, dest, syscall } = error as NodeJS.ErrnoException & { readonly dest?: string };
  const known = CORRECTABLE[code ?? ""];
  if (known === undefined || syscall === undefined) return undefined;
  const [what, remedy] = known;
  return new UserError(
    {
      what: `${what} (${syscall}: ${code}).`,
      ...(path !== undefined && { found: dest === undefined ? path : `${path}, which would become ${dest}` }),
      remedy,
    },
    { cause: error },
  );
}
