import { UserError } from "../processes/user-error";
import { cachedMoto, MINIMUM_PYTHON, motoInVirtualEnvironment, PINNED_MOTO } from "./moto-venv";
import type { ToolchainOptions } from "./options";
import type { Python } from "./python";
import { pythonsOnPath } from "./python";
import { isAtLeast } from "./version";

/** The command line that starts moto's server. The server's own options, such as `-p 5000`, follow it. */
export interface MotoCommand {
  /** Absolute path of a Python. */
  command: string;
  /** `-c` and a Python program that runs the server. */
  args: string[];
  /** "5.2.1" */
  version: string;
}

/** The oldest release that the emulator runs with. */
export const MINIMUM_MOTO = "5.1";

/**
 * Finds moto, the AWS emulator. A Python on PATH that can import moto's server comes first. Otherwise moto comes from
 * a virtual environment in the cache, which the first call makes.
 *
 * @throws UserError if there is no Python, or if the virtual environment cannot be made
 */
export async function findMoto(options: ToolchainOptions): Promise<MotoCommand> {
  const { cacheDir, log, env = process.env, signal, kill } = options;
  const children = { env, signal, kill };
  const pythons = await pythonsOnPath(children);
  for (const { command, moto } of pythons) {
    if (moto === undefined) continue;
    if (isAtLeast(moto, MINIMUM_MOTO)) return motoCommand(command, moto);
    log(`moto ${moto} of ${command} is passed over: ${MINIMUM_MOTO} or newer is needed`);
  }

  const cached = await cachedMoto({ cacheDir, ...children });
  if (cached) return motoCommand(cached, PINNED_MOTO);
  const python = pythons.find(({ version }) => isAtLeast(version, MINIMUM_PYTHON));
  if (!python) throw noPython(pythons);
  return motoCommand(await motoInVirtualEnvironment({ python, cacheDir, log, ...children }), PINNED_MOTO);
}

/**
 * Runs moto's server so that Python leaves the thread of a request only when the thread waits, for its socket or a
 * lock. moto has a thread for each request and its dictionaries have no locks: by default Python changes the thread
 * every 5 ms, and then a request that lists alarms fails with "dictionary changed size during iteration" when another
 * request adds an alarm meanwhile.
 * @see https://docs.python.org/3/library/sys.html#sys.setswitchinterval
 */
const THREADS = `
import sys
sys.setswitchinterval(3600)
`;

/**
 * Lets a bucket that has objects get another default retention, or none, as S3 does. moto takes it for a bucket on which Object
 * Lock is enabled afterwards, and refuses: Terraform could not destroy the setting as long as the bucket has a transcript.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-configure.html
 */
const OBJECT_LOCK = `
from moto.s3.models import S3Backend
put = S3Backend.put_object_lock_configuration
def put_object_lock_configuration(self, bucket_name, *args, **kwargs):
    bucket = self.get_bucket(bucket_name)
    keys, bucket.keys = bucket.keys, type(bucket.keys)()
    try:
        put(self, bucket_name, *args, **kwargs)
    finally:
        bucket.keys = keys
S3Backend.put_object_lock_configuration = put_object_lock_configuration
`;

/**
 * Lets two requests that are the first ones in a region which moto does not know find the same resources. By default, the second one
 * replaces everything of the service in that region, so that what the first one has created is gone.
 */
const NEW_REGIONS = `
from moto.core.base_backend import AccountSpecificBackend, backend_lock
get = AccountSpecificBackend.__getitem__
def one_backend(self, region):
    with backend_lock:
        return get(self, region)
AccountSpecificBackend.__getitem__ = one_backend
`;

const SERVER = `${THREADS}${NEW_REGIONS}${OBJECT_LOCK}
from moto.server import main
main()
`;

const motoCommand = (command: string, version: string): MotoCommand => ({
  command,
  args: ["-c", SERVER],
  version,
});

function noPython(pythons: readonly Python[]): UserError {
  const found = pythons.map(({ command, version }) => `${command} is Python ${version}`).join(", ");
  return new UserError({
    what: `Python ${MINIMUM_PYTHON} or newer is missing. moto, the AWS emulator, is written in Python.`,
    found: `python3 and python on PATH: ${found || "neither runs"}.`,
    remedy:
      "`apt-get install python3 python3-venv` on Debian and Ubuntu, `dnf install python3` on Fedora,\n" +
      "`brew install python` on macOS, or https://www.python.org/downloads.",
  });
}
