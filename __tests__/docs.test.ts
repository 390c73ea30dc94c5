import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import exampleMap from "./fixtures/example-map";
import type { MapError } from "../accounts/reading/problems";
import { checkMap } from "../stacks/read-organization";
import { SLACK } from "./fixtures/chat";
import { replicated } from "./helpers/replicated";
import { sidsIn } from "./helpers/sids";
import { exampleWith, synthesize, synthesizeOne } from "./helpers/synth";
import { GUARDRAILS } from "./stacks/policies/guardrails/helpers";
import { CHECKED_MAPS } from "./static-checks/maps";

const ROOT = resolve(__dirname, "..");
/** A file's text; tables without the padding that the formatter gives them. */
const read = (file: string) =>
  readFileSync(join(ROOT, file), "utf8").replace(/^\|.*$/gm, (row) => row.replace(/ {2,}/g, " "));
const README = read("README.md");
const EXAMPLE = synthesize();
/** With the kinds of stack that the example has not. */
const CHATTING = exampleWith((map) => (map.notifications!.security = { chat: [SLACK] }));

/** Rows of the table under a heading, as cells. */
const tableUnder = (text: string, heading: string): string[][] =>
  text
    .split(`## ${heading}\n`)[1]!
    .split(/\n## /)[0]!
    .split("\n")
    .filter((line) => line.startsWith("|") && !/^\|[-| ]+\|$/.test(line))
    .slice(1)
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

describe("the README", () => {
  it("names the kinds of stack that are synthesized, and no other", () => {
    const kinds = tableUnder(README, "What is deployed").map(([id]) => id!.replaceAll("`", ""));
    const patterns = kinds.map((kind) => new RegExp(`^${kind.replace(/<\w+>/g, "[a-z0-9-]+")}$`));
    // The example has no guardrails, which bind a whole organization.
    const ids = [
      ...EXAMPLE.keys(),
      ...synthesize(CHATTING).keys(),
      ...synthesize(replicated()).keys(),
      synthesizeOne("guardrails", { ...exampleMap, guardrails: GUARDRAILS }).id,
    ];
    for (const id of ids) expect(patterns.filter((pattern) => pattern.test(id))).toHaveLength(1);
    for (const pattern of patterns) expect(ids.some((id) => pattern.test(id))).toBe(true);
  });

  it("counts what costs money as it is synthesized", () => {
    const target = EXAMPLE.get("session-payments-us-east-1")!;
    expect(README).toContain("| customer managed key | 1.00");
    expect(Object.keys(target.all("aws_kms_key"))).toHaveLength(1);
    expect(README).toContain("| eight CloudWatch alarms | 0.80 |");
    expect(Object.keys(target.all("aws_cloudwatch_metric_alarm"))).toHaveLength(8);
  });

  it("promises as many stacks and sessions as the demo has", () => {
    const workloads = [...EXAMPLE.keys()];
    const sessions = workloads.filter((id) => id.startsWith("session-")).length;
    expect(README).toContain(
      `${workloads.length} stacks deployed, second plan without changes in each; ${sessions} sessions`,
    );
  });

  it("shows an error as the program prints it", () => {
    const map = { ...exampleMap, accounts: structuredClone(exampleMap.accounts) };
    (map.accounts["payments"] as { id: unknown }).id = 444444444444;
    let text = "";
    try {
      checkMap(map, "acme.yaml");
    } catch (error) {
      text = (error as MapError).message;
    }
    expect(README).toContain(`\`\`\`text\n${text}\n\`\`\``);
  });

  it("calls only scripts that exist", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const called = [...README.matchAll(/npm (?:run (?:-s )?)?([\w:]+)/g)].map((match) => match[1]!);
    for (const script of called.filter((name) => name !== "ci"))
      expect(Object.keys(scripts)).toContain(script);
  });

  it("uses only stacks and waves of the example", () => {
    const ids = [...EXAMPLE.keys()];
    for (const [, id] of README.matchAll(/npx cdktf plan ([a-z0-9-]+)/g)) expect(ids).toContain(id);
    for (const [, wave] of README.matchAll(/--wave ([a-z]+)/g)) expect(exampleMap.waves).toContain(wave);
  });
});

describe("the security model", () => {
  const key = (account: string, region = "eu-central-1") =>
    `arn:aws:kms:${region}:${account}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;

  /** What others own, and what a map has of several kinds of which the complete example has another. */
  const others = exampleWith((map) => {
    map.guardrails = GUARDRAILS;
    map.accounts["sandbox"] = {
      ...map.accounts["sandbox"]!,
      encryption: { mode: "existing", keyArn: key("222222222222") },
      transcripts: { bucket: { existing: "theirs", keyArn: key("999999999999") } },
      logs: {
        group: { existing: "/theirs" },
        subscription: { destinationArn: "arn:aws:kinesis:{region}:{account}:stream/siem" },
      },
      notifications: {
        activity: { actions: [{ type: "codepipeline", pipeline: "on-session" }] },
        security: {
          topic: { existing: "soc" },
          actions: [
            { type: "run-command", document: "Acme-OnFinding", instanceIds: ["i-0123456789abcdef0"] },
          ],
        },
      },
      network: [
        {
          vpcId: "vpc-0123456789abcdef0",
          subnetIds: ["subnet-0123456789abcdef0"],
          routeTableIds: ["rtb-0123456789abcdef0"],
          clientCidrs: ["10.0.0.0/16"],
          buckets: ["artifacts"],
        },
      ],
    };
    const destinationArn = "arn:aws:firehose:{region}:{account}:deliverystream/siem";
    map.accounts["payments"]!.logs = { subscription: { destinationArn } };
  });

  it("explains every statement of every policy, and no other", () => {
    const maps = [...CHECKED_MAPS.map(([, map]) => map), others];
    const sids = maps.flatMap((map) => [...synthesize(map).values()].flatMap((view) => [...sidsIn(view)]));
    const explained = [...read("docs/security.md").matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1]!);
    expect([...new Set(explained)].sort()).toEqual([...new Set(sids)].sort());
  });
});

it("every link between documents leads to a file", () => {
  const documents = [
    "README.md",
    ...readdirSync(join(ROOT, "docs"))
      .filter((f) => f.endsWith(".md"))
      .map((f) => `docs/${f}`),
  ];
  for (const document of documents) {
    for (const [, link] of read(document).matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
      expect(() => readdirOrFile(join(ROOT, document, "..", link!))).not.toThrow();
    }
  }
});

function readdirOrFile(path: string): void {
  try {
    readdirSync(path);
  } catch {
    readFileSync(path);
  }
}
