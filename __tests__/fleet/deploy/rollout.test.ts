import type { Wave } from "../../../accounts/model/waves";
import {
  rollOut,
  stepsOf,
  toleratedFailures,
  type RolloutProps,
  type StackOutcome,
} from "../../../fleet/deploy/rollout";
import type { PlannedStack } from "../../../fleet/plan-folder";
import { plannedStack, wave } from "./planned";

const WAVES = [wave("canary"), wave("rest")];
const APPLIED: StackOutcome = { result: "applied", converged: true, serialAfter: 1 };
const FAILED: StackOutcome = { result: "failed", reason: "broken", stateMoved: false };

/** Runs a rollout in which some stacks fail. @returns the result of each stack, and the order of what happened */
async function run(
  stacks: readonly PlannedStack[],
  {
    waves = WAVES,
    failing = [],
    ...props
  }: Partial<RolloutProps> & { waves?: Wave[]; failing?: string[] } = {},
) {
  const events: string[] = [];
  let running = 0;
  let most = 0;
  const { reports, held } = await rollOut({
    steps: stepsOf(stacks, waves),
    parallel: 4,
    drain: new AbortController().signal,
    deploy: async ({ id }) => {
      events.push(`start ${id}`);
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running--;
      events.push(`end ${id}`);
      return failing.includes(id) ? FAILED : APPLIED;
    },
    beforeStep: async () => null,
    afterStep: async ({ name }) => {
      events.push(`after ${name}`);
      return null;
    },
    ...props,
  });
  const results = Object.fromEntries(
    reports.map(({ stack, outcome }) => [
      stack.id,
      "reason" in outcome && outcome.result !== "failed"
        ? `${outcome.result}: ${outcome.reason}`
        : outcome.result,
    ]),
  );
  return { results, events, most, held };
}

const canary = (id: string, change: Partial<PlannedStack> = {}) =>
  plannedStack(id, { wave: "canary", ...change });

it("begins no further wave if the one before is not in force", async () => {
  const { results } = await run([canary("a"), plannedStack("b")], {
    afterStep: async ({ name }) => `doctor found 1 thing in wave ${name}`,
  });
  expect(results).toEqual({ a: "applied", b: "not started: doctor found 1 thing in wave canary" });
});

it("deploys what belongs to every wave, then the waves in order, then the guardrails", async () => {
  const stacks = [
    plannedStack("guardrails", { kind: "guardrails", wave: null }),
    plannedStack("late"),
    canary("early"),
    plannedStack("archive", { kind: "archive", wave: null }),
  ];
  const { events } = await run(stacks);
  expect(events.filter((event) => event.startsWith("start"))).toEqual([
    ...["start archive", "start early", "start late", "start guardrails"],
  ]);
  expect(events.indexOf("end early")).toBeLessThan(events.indexOf("start late"));
});

it("deploys the stacks of a wave side by side, and a stack after those that it depends on", async () => {
  const stacks = [canary("account"), canary("session", { dependsOn: ["account"] }), canary("other")];
  const { events, most } = await run(stacks);
  expect(events.indexOf("end account")).toBeLessThan(events.indexOf("start session"));
  expect(events.slice(0, 2)).toEqual(["start account", "start other"]);
  expect(most).toBe(2);
});

it.each`
  maxConcurrent | parallel | most
  ${null}       | ${3}     | ${3}
  ${2}          | ${3}     | ${2}
  ${9}          | ${3}     | ${3}
`(
  "runs $most of six stacks at a time with maxConcurrent $maxConcurrent and room for $parallel",
  async (row) => {
    const { maxConcurrent, parallel, most } = row as {
      maxConcurrent: number | null;
      parallel: number;
      most: number;
    };
    const stacks = ["1", "2", "3", "4", "5", "6"].map((id) => canary(id));
    expect((await run(stacks, { parallel, waves: [wave("canary", { maxConcurrent })] })).most).toBe(most);
  },
);

it("starts no further stack after a failure, lets running ones end, and starts no further wave", async () => {
  const stacks = [canary("a"), canary("b"), canary("c"), plannedStack("late")];
  const { results, events } = await run(stacks, { failing: ["a"], parallel: 2 });
  expect(results).toEqual({
    a: "failed",
    b: "applied",
    c: "not started: wave canary stopped after 1 failure",
    late: "not started: wave canary stopped after 1 failure",
  });
  expect(events).not.toContain("after canary");
});

it.each`
  tolerance | failing            | late
  ${1}      | ${["a"]}           | ${"applied"}
  ${1}      | ${["a", "b"]}      | ${"not started: wave canary stopped after 2 failures"}
  ${"50%"}  | ${["a", "b"]}      | ${"applied"}
  ${"50%"}  | ${["a", "b", "c"]} | ${"not started: wave canary stopped after 3 failures"}
`("with a tolerance of $tolerance and failures of $failing, the next wave is $late", async (row) => {
  const { tolerance, failing, late } = row as {
    tolerance: Wave["failureTolerance"];
    failing: string[];
    late: string;
  };
  const stacks = [canary("a"), canary("b"), canary("c"), canary("d"), plannedStack("late")];
  const waves = [wave("canary", { failureTolerance: tolerance }), wave("rest")];
  expect((await run(stacks, { failing, waves })).results["late"]).toBe(late);
});

it("does not start a stack that depends on one that failed, even within the tolerance", async () => {
  const stacks = [
    canary("account"),
    canary("session", { dependsOn: ["account"] }),
    plannedStack("chat", { dependsOn: ["session"] }),
  ];
  const waves = [wave("canary", { failureTolerance: 1 }), wave("rest")];
  const { results } = await run(stacks, { failing: ["account"], waves });
  expect(results).toEqual({
    account: "failed",
    session: "not started: account failed",
    chat: "not started: session failed",
  });
});

it("counts a percentage of the stacks that change, rounded down", () => {
  expect(toleratedFailures("5%", 39)).toBe(1);
  expect(toleratedFailures("5%", 19)).toBe(0);
  expect(toleratedFailures(3, 1)).toBe(3);
});

it("starts nothing once it is interrupted, and lets running stacks end", async () => {
  const controller = new AbortController();
  const stacks = [canary("a"), canary("b"), plannedStack("late")];
  const { results } = await run(stacks, {
    parallel: 1,
    drain: controller.signal,
    deploy: async () => {
      controller.abort();
      return APPLIED;
    },
  });
  const reason = "not started: the deployment was interrupted";
  expect(results).toEqual({ a: "applied", b: reason, late: reason });
});

it("does not begin a step that must not begin, nor the steps behind it", async () => {
  const stacks = [canary("a"), plannedStack("late")];
  const { results } = await run(stacks, {
    beforeStep: async ({ name }) => (name === "canary" ? "wave canary was not approved" : null),
  });
  expect(Object.values(results)).toEqual(Array(2).fill("not started: wave canary was not approved"));
});

it("waits after each wave, also after the last", async () => {
  const { events, held } = await run([canary("a"), plannedStack("late")]);
  expect(events.filter((event) => event.startsWith("after"))).toEqual(["after canary", "after rest"]);
  expect(held).toBeNull();
});

it("says what was found after the last wave", async () => {
  const reason = "doctor found 1 thing in wave canary";
  const { results, held } = await run([canary("a")], { afterStep: async () => reason });
  expect({ results, held }).toEqual({ results: { a: "applied" }, held: reason });
});

it.each([
  ["within its tolerance", 1, ["after canary"]],
  ["beyond its tolerance", 0, []],
])("after a last wave with a failure %s, waits: %j", async (_, failureTolerance, waits) => {
  const waves = [wave("canary", { failureTolerance })];
  const { events } = await run([canary("a"), canary("b")], { failing: ["a"], waves });
  expect(events.filter((event) => event.startsWith("after"))).toEqual(waits);
});
