import { Module } from "node:module";
import { dirname } from "node:path";

/**
 * Loads modules while `archiver` is loaded only if something is archived. cdktf loads it at once, for a `TerraformAsset`
 * that is a folder. No stack has one, and to load it takes a tenth of the time in which one stack is built.
 *
 * cdktf has no setting for this. So the cache of modules gets a function in the place of the module, which loads the module
 * when it is called. If cdktf no longer uses `archiver`, or from another place, nothing happens.
 * @see https://github.com/hashicorp/terraform-cdk/blob/v0.21.0/packages/cdktf/lib/private/fs.ts
 */
export function withoutArchiver<T>(load: () => T): T {
  const file = fileOf("archiver");
  if (file === null || require.cache[file] !== undefined) return load();
  const stand = new Module(file);
  const archiver = (...given: unknown[]): unknown => {
    delete require.cache[file];
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    return (require(file) as (...given: unknown[]) => unknown)(...given);
  };
  Object.assign(stand, { exports: archiver, loaded: true, filename: file });
  require.cache[file] = stand as NodeJS.Module;
  try {
    return load();
  } finally {
    // Whoever asks for the module from now on gets the module.
    if (require.cache[file] === stand) delete require.cache[file];
  }
}

/** The file of a package, as cdktf finds it; null: it does not. */
function fileOf(name: string): string | null {
  try {
    return require.resolve(name, { paths: [dirname(require.resolve("cdktf"))] });
  } catch {
    return null;
  }
}
