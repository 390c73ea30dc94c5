import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { valueAt } from "../model/merge";
import { rows, type Row } from "./reference-rows";
import { mapSchema } from "../schema";
import { asNode, shapeOf, type Node } from "../schema/walk";
import { DEFAULTS } from "../model/settings";
import { accountSettings, regionSettings } from "../schema/settings";

/** The page that holds the reference, between markers. */
export const REFERENCE_FILE = join(__dirname, "..", "..", "docs", "map.md");

/** How to write it anew. */
export const WRITE_REFERENCE = "npx tsx accounts/reference/reference.ts --write";

const BEGIN = "<!-- prettier-ignore-start -->\n<!-- reference: written by " + WRITE_REFERENCE + " -->";
const END = "<!-- reference: end -->\n<!-- prettier-ignore-end -->";

interface Section {
  readonly title: string;
  readonly intro: string;
  /** What it tells of: keys of the map. */
  readonly keys: readonly string[];
}

/** What a map says of the organization itself and of its accounts. */
const STRUCTURE: readonly Section[] = [
  {
    title: "Organization",
    intro: "Who the map is for. The name is part of every resource's name: choose it once, and for good.",
    keys: ["organization"],
  },
  {
    title: "Terraform state",
    intro: "Where Terraform keeps what it knows: one state for each stack, all in the same backend.",
    keys: ["state"],
  },
  {
    title: "Deployment",
    intro: "How Terraform gets into each account.",
    keys: ["deployment"],
  },
  {
    title: "Waves",
    intro:
      "A rollout goes one wave after the other, so that a mistake shows in the first before it is in the last.",
    keys: ["waves"],
  },
  {
    title: "Archive account",
    intro:
      "With an archive account, transcripts of all accounts lie in its buckets, one for each region in use, where no administrator of a workload account can reach them. What `transcripts` says in a workload account, except `bucket`, then has no effect and is refused (unless the account makes a trail: the trail's bucket follows `objectLock`, `lifecycle` and `accessLogsExpireAfterDays`).",
    keys: ["archive"],
  },
  {
    title: "Guardrails",
    intro:
      "Service control policies, which bind even the administrators of member accounts. They bind nobody in the management account. Read [the runbook](runbook.md#guardrails) before you attach them to anything but a test unit.",
    keys: ["guardrails"],
  },
  {
    title: "Accounts",
    intro:
      "One entry for each account, under a short name of your choice. Besides what is listed here, an account may say any setting of the sections below, for all of its regions; a region may say those that are marked so.",
    keys: ["accounts"],
  },
];

/** What is deployed: settings, each of which has a default. */
const SETTINGS: readonly Section[] = [
  {
    title: "Encryption",
    intro:
      "One key in each account and region encrypts everything of Session Manager there. A key that exists must lie in the region that uses it, so it is named in that region's settings.",
    keys: ["encryption"],
  },
  {
    title: "Transcripts in S3",
    intro:
      "The full text of each session, uploaded when it ends. Nothing is moved to colder storage or expires unless the map says when.",
    keys: ["transcripts"],
  },
  {
    title: "Session logs in CloudWatch Logs",
    intro:
      "The same text, streamed while the session runs. Keep both: what an instance that is terminated in the middle of a session leaves behind is here alone.",
    keys: ["logs"],
  },
  {
    title: "Session preferences",
    intro:
      "What Session Manager reads when a session starts, from the document `SSM-SessionManagerRunShell` of the account and region.",
    keys: ["preferences"],
  },
  {
    title: "Notifications",
    intro:
      "Who hears of sessions. Notifications come from CloudTrail, so an account that has them on needs a `trail` (see [Trail, protection and tags](#trail-protection-and-tags)).",
    keys: ["notifications"],
  },
  {
    title: "Prerequisites on instances",
    intro:
      "Off by default. State Manager installs what is named in `maintain` on Linux, Windows and macOS instances as far as it concerns them, and keeps it there. See [the runbook](runbook.md#an-instance-lacks-a-prerequisite) for what each distribution has.",
    keys: ["prerequisites"],
  },
  {
    title: "Guard",
    intro:
      "A function in each account and region that does something about sessions without a record. It is off unless the map turns it on. EventBridge tells it of sessions within seconds to minutes of their start: the policies of those who open sessions are the first line, and this the second.",
    keys: ["guard"],
  },
  {
    title: "Network",
    intro:
      "For instances that have no way to the internet. A VPC lies in one account and region, so it is said in the settings of that region. Each interface endpoint costs about 7.30 USD in each zone and month; the S3 gateway costs nothing. What else in the VPC uses these services goes through their endpoints too: see `reach`, and [decision 0010](decisions/0010-endpoints-keep-to-the-account.md).",
    keys: ["network"],
  },
  {
    title: "Access",
    intro: "IAM of an account: it exists once, whatever the number of regions.",
    keys: ["access"],
  },
  {
    title: "Trail, protection and tags",
    intro:
      "The default of `trail` works only without notifications, so that a map has to say which it is: a trail that is there hears of sessions already, or one is to be made.",
    keys: ["trail", "protect", "tags"],
  },
];

/** Markdown reads these characters; a table's cell must not end early, nor <region> vanish as a tag. */
const cell = (text: string) => text.replace(/[\\|<>*_[\]]/g, (character) => `\\${character}`);

function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...lines.map(line)].join("\n");
}

/** The keys of the map that stand for something else than settings, with their schema. */
function structure(key: string): Row[] {
  const node = shapeOf(asNode(mapSchema))[key]!;
  if (key !== "accounts") return rows(key, node);
  const account = Object.entries(shapeOf(node.def.valueType as Node));
  return account
    .filter(([name]) => !Object.hasOwn(accountSettings, name))
    .flatMap(([name, child]) => rows(`accounts.<name>.${name}`, child));
}

const settings = (key: string): Row[] =>
  rows(key, shapeOf(asNode(mapSchema))[key]!, (path) => valueAt(DEFAULTS, path.split(".")));

const levels = (path: string): string =>
  Object.hasOwn(regionSettings, path.split(".")[0]!)
    ? "organization, account, region"
    : "organization, account";

const cells = ({ path, allowed, fallback, meaning }: Row): string[] => [
  `\`${path}\``,
  cell(allowed),
  fallback,
  cell(meaning),
];

function section({ title, intro, keys }: Section, ofKey: (key: string) => Row[], said: boolean): string {
  const lines = keys.flatMap(ofKey).map((row) => [...cells(row), ...(said ? [levels(row.path)] : [])]);
  const head = ["Setting", "Allowed", "Default", "Meaning", ...(said ? ["Said for"] : [])];
  return [`### ${title}`, intro, table(head, lines)].join("\n\n");
}

/** Every setting of a map as Markdown, from the schema and the defaults: one table for each section. */
export function mapReference(): string {
  return [
    "## The organization and its accounts",
    "A map begins with these. They are said once, at the top or in an account.",
    ...STRUCTURE.map((it) => section(it, structure, false)),
    "## Settings",
    "What is deployed. Each setting has a default, which is the safe one: recorded, encrypted, kept, refused when it could not be recorded, protected from destruction.",
    ...SETTINGS.map((it) => section(it, settings, true)),
  ].join("\n\n");
}

/**
 * A page with the reference in it as it is now.
 * @throws if the page has no markers
 */
export function withReference(page: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`${REFERENCE_FILE} has lost the markers of its reference.`);
  return `${page.slice(0, begin)}${BEGIN}\n\n${mapReference()}\n\n${page.slice(end)}`;
}

if (require.main === module) {
  if (process.argv.includes("--write")) {
    writeFileSync(REFERENCE_FILE, withReference(readFileSync(REFERENCE_FILE, "utf8")));
  } else {
    process.stdout.write(`${mapReference()}\n`);
  }
}
