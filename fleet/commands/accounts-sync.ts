import { relative } from "node:path";
import type { Command } from "commander";
import { generatedFile, withGenerated } from "../../accounts/reading/generated";
import { loadFile, mapFile } from "../../accounts/reading/load";
import { parse } from "../../accounts/reading/parse";
import { MapError } from "../../accounts/reading/problems";
import { sync as syncSchema, type SyncSettings } from "../../accounts/schema/sync";
import { wavesOf } from "../../accounts/model/waves";
import { replaceFile } from "../../files/replace-file";
import { jsonText } from "../../pages/visible";
import { UserError } from "../../processes/user-error";
import { checkMap } from "../../stacks/read-organization";
import { EXIT, interruptible, newCommand, type Context } from "../command";
import { plainMap, readGenerated, type GeneratedMap } from "../generated-map";
import { PROJECT } from "../options";
import { syncChanges, type SyncOutcome } from "../sync/changes";
import { organizationAccounts, type OrganizationAccount } from "../sync/organization-accounts";
import { organizationsClient } from "../sync/organizations-client";
import { table } from "../table";

const EXAMPLES = `
Examples:
  What has changed in AWS Organizations:
    npx session-audit accounts sync
  Write it into the generated part of the map, for a pull request:
    npx session-audit accounts sync --write
  In a nightly pipeline, with a role of the management account:
    npx session-audit accounts sync --check --role arn:aws:iam::111111111111:role/session-audit-sync

Exit codes:
  0   nothing differs; with --write: the file was written; without --check: the differences were printed
  1   AWS Organizations was not listed, or the map is wrong or would be
  2   with --check: something differs`;

interface SyncOptions {
  readonly write?: boolean;
  readonly check?: boolean;
  readonly json?: boolean;
  readonly role?: string;
}

/** `session-audit accounts`: the accounts of the map. */
export const accountsCommand = (context: Context): Command =>
  newCommand("accounts", context)
    .description("Keeps the accounts of the map as they are in AWS Organizations.")
    .addCommand(syncCommand(context));

const syncCommand = (context: Context): Command =>
  newCommand("sync", context)
    .description(
      "Compares the accounts of the map with AWS Organizations: accounts that are new, closed, suspended, moved or " +
        "renamed. The setting sync of the map says which accounts count, and their regions and waves. What it finds " +
        "belongs in a generated file beside the map (accounts/generated.json, or acme.generated.json for acme.yaml), " +
        "which is merged under the map. Accounts that the map describes itself are never changed.",
    )
    .option("--write", "write the generated file")
    .option("--check", "exit with 2 if something differs, and write nothing")
    .option(
      "--role <arn>",
      "a role that may list the organization (default: the credentials of the environment)",
    )
    .option("--json", "print JSON: accounts, changes (kind, account, id, text), written")
    .addHelpText("after", EXAMPLES)
    .action((options: SyncOptions) =>
      interruptible(context, ({ signal }) => sync(context, options, signal), "the command"),
    );

/** What a map says about a sync, with the map itself. */
interface Described {
  /** The map without its generated part. */
  readonly own: Readonly<Record<string, unknown>>;
  readonly settings: SyncSettings;
  readonly generated: GeneratedMap;
  readonly file: string;
}

async function sync({ io, screen, exit }: Context, options: SyncOptions, signal: AbortSignal): Promise<void> {
  if (options.write && options.check) {
    throw new UserError({ what: "--write and --check: a check writes nothing.", remedy: "Leave one out." });
  }
  const map = mapFile(io.env, PROJECT, io.cwd);
  const { own, settings, generated, file } = describedIn(map);
  const client = await organizationsClient(settings.homeRegion, options.role, io.env);
  const described = (own["accounts"] ?? {}) as Record<string, { readonly id?: unknown }>;
  let organization: OrganizationAccount[];
  try {
    organization = await organizationAccounts(client, {
      known: new Map(
        [...Object.entries(generated.accounts ?? {}), ...Object.entries(described)].flatMap(
          ([name, { id }]) => (id === undefined ? [] : [[String(id), name] as const]),
        ),
      ),
      withTags: settings.waves?.some(({ tag }) => tag !== undefined) ?? false,
      onUnit: (found) => screen.status(`listing AWS Organizations: ${found} accounts`),
      signal,
    });
  } finally {
    screen.status("");
    client.destroy();
  }
  const outcome = syncChanges({
    settings,
    generated,
    organization,
    described,
    lastWave: wavesOf(own as Parameters<typeof wavesOf>[0]).at(-1)!.name,
  });
  // A map that would be wrong is refused before anything is written.
  checkMap(withGenerated(own, plainMap(outcome.generated), file), `${map}, with ${file} as it would be`);
  if (options.write) await replaceFile(file, `${JSON.stringify(outcome.generated, null, 2)}\n`);
  const shown = relative(io.cwd, file);
  io.stdout.write(
    options.json
      ? jsonText({
          accounts: organization.length,
          changes: outcome.changes,
          written: options.write ? file : null,
        })
      : `${textOf(outcome, organization.length, options.write ? `Written: ${shown}` : `Write it to ${shown} with --write.`).join("\n")}\n`,
  );
  exit(options.check && outcome.changes.length > 0 ? EXIT.differs : EXIT.ok);
}

/** @throws UserError if the map says nothing about a sync, MapError if what it says is wrong */
function describedIn(map: string): Described {
  const own = loadFile(map) as Readonly<Record<string, unknown>>;
  const file = generatedFile(map);
  const generated = readGenerated(own, file);
  const settings = syncSchema.safeParse(own["sync"]);
  if (settings.success) return { own, settings: settings.data, generated, file };
  if (own["sync"] === undefined) {
    throw new UserError({
      what: `${map}: the map has no sync.`,
      remedy:
        'Write sync: { homeRegion: "eu-central-1", regions: ["eu-central-1"] } into it, see docs/map.md.',
    });
  }
  throw new MapError(
    map,
    parse(own).problems.filter(({ path }) => /^sync\b/.test(path)),
  );
}

const WORDS = {
  add: "add",
  return: "add again",
  move: "move",
  rename: "renamed",
  "leave-out": "leave out",
  attention: "attention",
} as const;

function textOf({ changes }: SyncOutcome, accounts: number, next: string): string[] {
  if (changes.length === 0) return [`The map has the accounts that AWS Organizations has (${accounts}).`];
  const rows = changes.map(({ kind, account, id, text }) => [WORDS[kind], account, id, text]);
  return [...table([["CHANGE", "ACCOUNT", "ID", "WHAT"], ...rows]), "", next];
}
