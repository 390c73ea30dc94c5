import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { withoutTokenTraces } from "../../stacks/kit/token-traces";
import { checkMap } from "../../stacks/read-organization";
import { STACK_KINDS, stacksOf } from "../../stacks/stack-graph";
import { addStacks } from "../../stacks/synth";
import { SLACK } from "../fixtures/chat";
import { addPipeline, exampleWith } from "../helpers/example";
import { replicated } from "../helpers/replicated";
import { GUARDRAILS } from "./policies/guardrails/helpers";

const organization = checkMap(
  replicated((map) => {
    map.notifications!.security = { chat: [SLACK] };
    map.guardrails = GUARDRAILS;
  }),
  "map",
);
const stacks = stacksOf(organization);
/** The same map with a place for the notifications of all accounts and a pipeline, which have stacks of their own. */
const withPlace = checkMap(
  exampleWith((map) => {
    map.notifications!.central = { account: "log-archive", region: "eu-west-1" };
    addPipeline(map);
  }),
  "map",
);

let outdir: string;
beforeEach(() => (outdir = mkdtempSync(join(tmpdir(), "session-audit-synth-"))));
afterEach(() => rmSync(outdir, { recursive: true, force: true }));

/** Synthesizes what a function adds to an app, into a directory of its own. */
function synthesized(name: string, add: (app: App) => void): (id: string) => string {
  const directory = join(outdir, name);
  withoutTokenTraces(() => {
    const app = new App({ outdir: directory });
    add(app);
    app.synth();
  });
  return (id) => readFileSync(join(directory, "stacks", id, "cdk.tf.json"), "utf8");
}

it("synthesizes each stack alone to the same bytes as with all others", () => {
  const all = [...stacks, ...stacksOf(withPlace)];
  expect(new Set(all.map(({ kind }) => kind))).toEqual(new Set(STACK_KINDS));
  for (const [name, map] of Object.entries({ organization, withPlace })) {
    const together = synthesized(name, (app) => addStacks(app, map));
    for (const { id } of stacksOf(map)) {
      const alone = synthesized(`${name}-${id}`, (app) => addStacks(app, map, new Set([id])));
      expect({ id, bytes: alone(id) }).toEqual({ id, bytes: together(id) });
    }
  }
});

it("refuses to synthesize a stack that the organization does not have, and names those that it has", () => {
  const app = new App({ outdir });
  expect(() => addStacks(app, organization, new Set(["session-payment-eu-central-1"]))).toThrow(
    /no stack session-payment-eu-central-1; there are .*session-payments-eu-central-1/,
  );
});
