import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EXIT } from "../../fleet/command";
import { exitOfDrift, findDrift, notCompared, type ComparedStack } from "../../fleet/drift";
import type { PlannerProps } from "../../fleet/planner";
import type { StackRef } from "../../stacks/stack-graph";
import { zipOf } from "../helpers/zip";

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "session-audit-drift-"))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const STACK: StackRef = {
  id: "session-payments",
  kind: "session",
  account: "payments",
  accountId: "444444444444",
  region: "eu-central-1",
  wave: "rest",
  waves: ["rest"],
  dependsOn: [],
};

/** A resource as a state has it. */
const resourceOf = (mode: "managed" | "data") => ({
  mode,
  type: "aws_sns_topic",
  name: "Topic",
  instances: [],
  provider: 'provider["aws"]',
});
const TOPIC = [resourceOf("managed")];

/** Compares a stack, with a Terraform that has found a state and no difference. @param lineage "": there is no state */
async function compared(lineage: string, resources: readonly object[] = TOPIC): Promise<ComparedStack> {
  const state = JSON.stringify({ lineage, serial: 1, resources });
  const props = {
    organization: { state: { backend: "s3", bucket: "states", keyPrefix: "acme" } },
    workspace: {
      synthesize: () => Promise.resolve(),
      initialize: () => Promise.resolve(),
      directoryOf: () => directory,
    },
    terraform: {
      plan: (_: string, { out }: { out: string }) => {
        writeFileSync(out, zipOf({ tfstate: state, "tfstate-prev": state }));
        return Promise.resolve({ changed: false, output: "" });
      },
    },
    parallel: 1,
    product: "Terraform 1",
    lockTimeout: "1s",
    progress: { start: () => {}, finish: () => {} },
  } as unknown as PlannerProps;
  return (await findDrift([STACK], props))[0]!;
}

it("finds no drift in a stack that has a state and does not differ", async () => {
  const stack = await compared("l");
  expect(stack.plan).toMatchObject({ resource_changes: [] });
  expect([exitOfDrift([stack], false), notCompared([stack])]).toEqual([EXIT.ok, null]);
});

it.each([
  ["without a state", "", []],
  ["whose state has no resources", "l", []],
  ["whose state has only data sources", "l", [resourceOf("data")]],
])(
  "does not call a stack %s free of drift, and names the place of its state",
  async (_, lineage, resources) => {
    const stack = await compared(lineage, resources);
    expect(stack).toMatchObject({
      plan: null,
      notCompared: true,
      failure: expect.stringContaining("s3://states/acme/session-payments.tfstate") as string,
    });
    expect(exitOfDrift([stack], false)).toBe(EXIT.notCovered);
    expect(notCompared([stack])).toMatch(/^1 stack was not compared[^:]*: session-payments\. .*--wave/);
  },
);

const about = { id: "a", kind: "session", account: "a", accountId: "1", region: "r", wave: null };
const SAME: ComparedStack = { ...about, plan: { format_version: "1.2" } };
const FAILED: ComparedStack = { ...about, plan: null, failure: "Error" };
const MISSING: ComparedStack = { ...FAILED, notCompared: true };
it.each`
  stacks                     | differs  | code               | what
  ${[SAME]}                  | ${false} | ${EXIT.ok}         | ${"no difference"}
  ${[SAME]}                  | ${true}  | ${EXIT.differs}    | ${"a difference"}
  ${[SAME, MISSING]}         | ${false} | ${EXIT.notCovered} | ${"a stack without a state"}
  ${[SAME, MISSING]}         | ${true}  | ${EXIT.differs}    | ${"a difference, and a stack without a state"}
  ${[SAME, MISSING, FAILED]} | ${true}  | ${EXIT.failed}     | ${"a stack whose Terraform failed"}
`("exits with $code for $what", ({ stacks, differs, code }) => {
  expect(exitOfDrift(stacks as ComparedStack[], differs as boolean)).toBe(code);
});
