import { read } from "./helpers/documents";
import { addPipeline, PIPELINE } from "./helpers/example";
import { exampleWith, synthesize } from "./helpers/synth";

/** Types of resources whose names AWS has once, and of the keys to which aliases lead. */
const NAMED = /^aws_(s3_bucket|kms_key|kms_alias|cloudwatch_log_group)\./;

/** Maps that together no longer ask for anything that they could ask for. */
const MAPS = [
  exampleWith(() => {}),
  exampleWith((map) => {
    map.encryption = { mode: "s3-managed" };
    map.preferences = { encryptSessionData: false, enforce: { cloudWatch: false } };
    map.accounts["payments"]!.regions = ["eu-central-1"];
    map.logs = { group: { existing: "/theirs" } };
    map.transcripts = {
      ...map.transcripts,
      accessLogs: "none",
      replication: { account: null, region: "eu-west-1" },
    };
    map.notifications!.security = { central: false };
  }),
  exampleWith((map) => {
    addPipeline(map);
    const { workers: _, ...rest } = PIPELINE;
    map.pipeline = rest;
  }),
];

/** The stacks by kind, each with the addresses that it forgets. */
const forgotten = MAPS.flatMap((map) =>
  [...synthesize(map).values()].flatMap(({ id, json }) =>
    ((json as { removed?: { from: string }[] }).removed ?? [])
      .filter(({ from }) => NAMED.test(from))
      .map(({ from }) => `${id.split("-")[0]} ${from}`),
  ),
);

/** The rows of the table in the runbook: kind of stack and address. */
function described(): string[] {
  const [, section = ""] = read("docs/runbook.md").split("## Take back what was forgotten\n");
  let kind = "";
  return [...section.split("\n## ")[0]!.matchAll(/^\| (?:`(\w+)[^|]*`)? *\| `(aws_[^`]+)` *\|/gm)].map(
    ([, named, address]) => `${(kind = named ?? kind)} ${address}`,
  );
}

it("the runbook names every address with a name of its own that a stack forgets, and no other", () => {
  expect(described().sort()).toEqual([...new Set(forgotten)].sort());
});
