import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ACCESS_WITHOUT_REFUSAL, OTHER_ACCESS, type WayIn } from "../../aws/other-access";
import { betweenMarkers } from "../../files/between-markers";
import { ON_ACCOUNT } from "./account";
import type { WeakeningCalls } from "./call";
import { ON_CHANNELS } from "./channels";
import { ON_GUARD } from "./guard";
import { ON_HOSTS } from "./hosts";
import { LEFT_OUT } from "./left-out";
import { ON_PIPELINE } from "./pipeline";
import { ON_PREFERENCES } from "./preferences";
import { ON_RECORDS } from "./records";

/** The page that contains the tables, between markers. */
export const PAGE_FILE = join(__dirname, "..", "..", "docs", "weakening-calls.md");

/** The command that generates the tables. */
export const WRITE_PAGE = "npx tsx stacks/weakening/page.ts --write";

const SECTIONS: readonly (readonly [title: string, rows: readonly WeakeningCalls[]])[] = [
  ["Preferences and session logs", ON_PREFERENCES],
  ["Keys, buckets and the trail", ON_RECORDS],
  ["Rules, topics, queues, alarms and chat", ON_CHANNELS],
  ["The guard", ON_GUARD],
  ["What instances need", ON_HOSTS],
  ["Roles and the account", ON_ACCOUNT],
  ["The pipeline", ON_PIPELINE],
];

const table = (head: readonly string[], lines: readonly (readonly string[])[]) =>
  [head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

const code = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(", ");
const orNone = (names: readonly string[]) => (names.length === 0 ? "–" : code(names));

const cellsOf = ({
  service,
  operations,
  of,
  namedBy,
  told,
  refused,
  effect,
  open,
}: WeakeningCalls): string[] => [
  `\`${service}\`: ${code(operations)}`,
  namedBy.length === 0 ? of : `${of}, by ${code(namedBy)}`,
  orNone(told === null ? [] : [told]),
  orNone(refused),
  [effect, ...(open === undefined ? [] : [`${missing(told === null, refused.length === 0)}: ${open}`])]
    .map((sentence) => `${sentence[0]!.toUpperCase()}${sentence.slice(1)}.`)
    .join(" "),
];

/** What is not done about a call, whose reason follows. */
const missing = (untold: boolean, unrefused: boolean) =>
  untold && unrefused ? "neither reported nor refused" : untold ? "not reported" : "not refused";

/** Every call of the table, and every call that is left out, as Markdown. */
export const tables = (): string =>
  [
    ...SECTIONS.flatMap(([title, rows]) => [
      `### ${title}`,
      table(["Calls", "What they change", "Told by", "Refused by", "Effect"], rows.map(cellsOf)),
    ]),
    "## Other ways into a host",
    "Session Manager records sessions only. The ways below lead to a host as well and leave no transcript. The security channel does not report them, and CloudTrail records their calls. With `guardrails.refuseOtherAccess`, a service control policy refuses those that the map names, except to `otherAccessRoles` and the exempt roles. The statements are `RefuseOtherAccess` and, for user data, `RefuseUserData`.",
    table(
      [
        "`refuseOtherAccess`",
        "Way in",
        "Refused actions",
        "What records it, and what the refusal does not stop",
      ],
      Object.entries<WayIn>(OTHER_ACCESS).map(([kind, { what, actions, attribute, limits, see }]) => [
        `\`${kind}\``,
        `[${what}](${see})`,
        attribute === undefined ? code(actions) : `${code(actions)} of \`${attribute}\``,
        `${limits}.`,
      ]),
    ),
    "No service control policy can refuse these:",
    table(
      ["Way in", "Why"],
      ACCESS_WITHOUT_REFUSAL.map(([what, why]) => [what, `${why}.`]),
    ),
    "## Calls that are left out",
    "`*` stands for any characters.",
    table(
      ["Service", "Calls", "Why"],
      LEFT_OUT.map(({ service, calls, why }) => [`\`${service}\``, code(calls), why]),
    ),
  ].join("\n\n");

/**
 * A page with the current tables between its markers.
 * @throws Error if the page has no markers
 */
export const withTables = (page: string): string =>
  betweenMarkers(page, { name: "tables", command: WRITE_PAGE, text: tables() });

if (require.main === module) {
  if (process.argv.includes("--write")) {
    writeFileSync(PAGE_FILE, withTables(readFileSync(PAGE_FILE, "utf8")));
  } else {
    process.stdout.write(`${tables()}\n`);
  }
}
