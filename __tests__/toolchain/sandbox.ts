import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A folder that is gone after the test file, with a PATH, a home and a cache of its own. */
export class Sandbox {
  readonly root = mkdtempSync(join(tmpdir(), "toolchain-"));
  readonly cacheDir = join(this.root, "cache");
  readonly bin = join(this.root, "bin");
  readonly log: string[] = [];

  /** An environment in which nothing of this machine is found. */
  get env(): NodeJS.ProcessEnv {
    return { PATH: this.bin, HOME: join(this.root, "home"), XDG_DATA_DIRS: join(this.root, "xdg") };
  }

  get options() {
    return { cacheDir: this.cacheDir, log: (line: string) => void this.log.push(line), env: this.env };
  }

  /** Writes a shell script that may be run; its own PATH is the machine's. Returns its path. */
  program(name: string, script: string): string {
    return this.file(
      join(name.includes("/") ? "" : "bin", name),
      `#!/bin/sh\nPATH=/usr/bin:/bin\n${script}\n`,
    );
  }

  file(name: string, text: string): string {
    const path = join(this.root, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { mode: 0o755 });
    return path;
  }

  /** Everything in the cache, files and folders; empty when there is no cache. */
  cached(): string[] {
    try {
      return readdirSync(this.cacheDir, { recursive: true }).map(String).sort();
    } catch {
      return [];
    }
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** A script that answers like Terraform or OpenTofu; `init` is what it does for `init`. */
export const fakeTerraform = (version: string, product = "Terraform", init = "exit 1"): string => `
case "$*" in
  "version -json") echo '{"terraform_version": "${version}"}' ;;
  version) echo "${product} v${version}" ;;
  init*) ${init} ;;
esac`;

/**
 * Made with Python's zipfile, and not with code of this project: LICENSE.txt and terraform (a shell script that answers as
 * Terraform 1.11.4), both deflated; empty.txt, stored; an extra field and a comment on the first, and a comment
 * behind the directory.
 */
export const TERRAFORM_ZIP = Buffer.from(
  "UEsDBBQAAAAIAAAAiVolP7FwDAAAAAoAAAALAAkATElDRU5TRS50eHRVVAUAAwAAAABLVMjJTE7NS07lAgBQSwMEFAAAAAgAAACJWrJxnQdjAAAAegAAAAkAAAB0ZXJyYWZvcm01y0EKgzAQBdB9TvH7LYhClUBX9RruJQ0jRmgCGXFTencV0v171a1/h9jrYrxTAe8tEaIBuEvWkCIeq6bIBuKXhPrLTXJ2c8qfqQi+QNtZ2z35qzEMZ24L5/jH2Au5gKjz5gBQSwMEFAAAAAAAWIp4XQAAAAAAAAAAAAAAAAkAAABlbXB0eS50eHRQSwECFAMUAAAACAAAAIlaJT+xcAwAAAAKAAAACwAJAA8AAAAAAAAAgAEAAAAATElDRU5TRS50eHRVVAUAAwAAAABhYm91dCB0aGlzIGZpbGVQSwECFAMUAAAACAAAAIlasnGdB2MAAAB6AAAACQAAAAAAAAAAAAAAgAE+AAAAdGVycmFmb3JtUEsBAhQDFAAAAAAAWIp4XQAAAAAAAAAAAAAAAAkAAAAAAAAAAAAAAIAByAAAAGVtcHR5LnR4dFBLBQYAAAAAAwADAL8AAADvAAAAHQBhIGNvbW1lbnQgYWZ0ZXIgdGhlIGRpcmVjdG9yeQ==",
  "base64",
);
