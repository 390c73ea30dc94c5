import { basename, dirname, extname, join } from "node:path";
import { merge } from "../model/merge";
import { UserError } from "../../processes/user-error";

/**
 * The file of the generated part of a map. Commands write it, people review it, and it is merged under the map:
 * `accounts/generated.json` for `accounts/index.ts`, and `acme.generated.json` for `acme.yaml`.
 */
export function generatedFile(map: string): string {
  const name = basename(map, extname(map));
  return join(dirname(map), name === "index" ? "generated.json" : `${name}.generated.json`);
}

type Plain = Readonly<Record<string, unknown>>;

const isPlain = (value: unknown): value is Plain =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Every object inherits properties such as "constructor", which are no accounts. */
const valueOf = (object: Plain, key: string): unknown =>
  Object.hasOwn(object, key) ? object[key] : undefined;

const isDescribed = (account: unknown): boolean => isPlain(account) && Object.hasOwn(account, "id");

/**
 * A map with the generated part merged under it: where both say something, the map decides.
 *
 * The regions of an account are those that the map lists. The generated part may add settings to them.
 * @param file name of the generated file in errors
 * @throws UserError if the generated part has anything but accounts, or settings of an account that neither describes
 */
export function withGenerated(map: unknown, generated: unknown, file: string): unknown {
  const accounts = accountsIn(generated, file);
  if (!isPlain(map)) return map;
  const own = map["accounts"] ?? {};
  if (!isPlain(own)) return map;
  const lost = Object.keys(accounts).find(
    (name) => !Object.hasOwn(own, name) && !isDescribed(accounts[name]),
  );
  if (lost !== undefined) {
    throw new UserError({
      what: `${file}: has settings of accounts.${lost}, and the map no longer describes this account.`,
      remedy: `Remove accounts.${lost} from this file.`,
    });
  }
  // Accounts keep the order of the map. Generated ones follow.
  const names = [...new Set([...Object.keys(own), ...Object.keys(accounts)])];
  const merged = names.map((name) => [name, mergedAccount(valueOf(accounts, name), valueOf(own, name))]);
  return { ...map, accounts: Object.fromEntries(merged) as unknown };
}

function accountsIn(generated: unknown, file: string): Plain {
  const allowed = "an object { accounts: { … } }, and keys that begin with x-";
  const remedy =
    "Restore the file from version control, or remove it and run the command again that writes it.";
  if (!isPlain(generated)) throw new UserError({ what: `${file}: is no generated map.`, allowed, remedy });
  const { accounts = {}, ...rest } = generated;
  const stray = Object.keys(rest)[0];
  if (stray !== undefined || !isPlain(accounts)) {
    throw new UserError({ what: `${file}: has ${stray ?? "accounts that are no object"}.`, allowed, remedy });
  }
  return accounts;
}

function mergedAccount(generated: unknown, own: unknown): unknown {
  if (generated === undefined) return own;
  if (!isPlain(own) || !isPlain(generated)) return own ?? generated;
  const { regions: ofGenerated, ...under } = generated;
  const { regions = ofGenerated, ...over } = own;
  return merge(
    { ...under, ...(regions !== undefined && { regions: regionsOf(regions, ofGenerated) }) },
    over,
  );
}

/** The regions that the map lists, with generated settings under the map's. */
function regionsOf(own: unknown, generated: unknown): unknown {
  if (own === generated || !isPlain(generated)) return own;
  if (isPlain(own)) {
    return Object.fromEntries(
      Object.entries(own).map(([region, settings]) => [
        region,
        merge(valueOf(generated, region) ?? {}, settings),
      ]),
    );
  }
  if (!Array.isArray(own)) return own;
  const names = own as readonly unknown[];
  const isOfMap = (region: string) => names.includes(region);
  if (!names.every((name) => typeof name === "string") || !Object.keys(generated).some(isOfMap)) return own;
  return Object.fromEntries(names.map((name) => [name, valueOf(generated, name as string) ?? {}]));
}
