import type { Wave } from "../../../accounts/model/waves";
import { passGate, sleepUntilAborted, type GateProps } from "../../../fleet/deploy/gate";
import { Journal } from "../../../fleet/deploy/journal";
import { stepsOf } from "../../../fleet/deploy/rollout";
import type { PlannedStack } from "../../../fleet/plan-folder";
import { inMemory } from "./in-memory";
import { plannedStack, wave } from "./planned";

const MINUTE = 60_000;
const START = Date.parse("2026-01-01T00:00:00Z");
const UNASKED = "wave canary has not passed: the deployment was interrupted before doctor had answered";
const OBJECTION = "doctor found 1 thing in wave canary not in force, or could not look";

/** What a wave goes through after its last apply, on a clock that only waiting and the test move. */
class Rollout {
  readonly events: string[] = [];
  readonly drain = new AbortController();
  minute = 0;
  private constructor(
    readonly journal: Journal,
    private readonly stacks: readonly PlannedStack[],
    private readonly waves: readonly Wave[],
    private readonly now: () => Date,
  ) {}

  static async begin(settings: Partial<Wave>, stacks: readonly PlannedStack[]): Promise<Rollout> {
    const waves = [wave("canary", settings), wave("rest")];
    const now = () => new Date(START + rollout.minute * MINUTE);
    const rollout: Rollout = new Rollout(
      await Journal.open(inMemory(), "origin", () => now()),
      stacks,
      waves,
      now,
    );
    return rollout;
  }

  async applied(...ids: readonly string[]): Promise<void> {
    for (const id of ids) await this.ended(id, "applied");
  }

  ended(stack: string, result: "applied" | "failed"): Promise<void> {
    return this.journal.add({
      event: "ended",
      stack,
      planSha256: `plan of ${stack}`,
      attempt: 1,
      result,
      serialAfter: 1,
      reason: null,
    });
  }

  /** The end of the wave canary. @param selected ids of its stacks that the command selects */
  pass(change: Partial<GateProps> = {}, selected?: readonly string[]): Promise<string | null> {
    const steps = stepsOf(this.stacks, this.waves);
    const canary = steps.find(({ name }) => name === "canary")!;
    const stacks = canary.stacks.filter(({ id }) => selected?.includes(id) ?? true);
    return passGate(
      { ...canary, stacks },
      {
        steps,
        journal: this.journal,
        drain: this.drain.signal,
        now: this.now,
        note: () => undefined,
        inForce: async ({ stacks: looked }) => {
          this.events.push(`doctor at ${this.minute}: ${looked.map(({ id }) => id).join(" ")}`);
          return null;
        },
        sleep: async (ms) => {
          this.events.push(`wait ${ms / MINUTE}`);
          this.minute += ms / MINUTE;
        },
        ...change,
      },
    );
  }

  get hasPassed(): boolean {
    return this.journal.lines.at(-1)?.event === "passed";
  }
}

const canary = (id: string, change: Partial<PlannedStack> = {}) =>
  plannedStack(id, { wave: "canary", ...change });
const LAST = [canary("a"), canary("b")];
const FOLLOWED = [...LAST, plannedStack("late")];

it.each`
  stacks      | bakeMinutes | doctor   | place                    | events
  ${FOLLOWED} | ${60}       | ${true}  | ${"before another wave"} | ${["wait 60", "doctor at 60: a b"]}
  ${FOLLOWED} | ${60}       | ${false} | ${"before another wave"} | ${["wait 60"]}
  ${FOLLOWED} | ${0}        | ${true}  | ${"before another wave"} | ${["doctor at 0: a b"]}
  ${FOLLOWED} | ${0}        | ${false} | ${"before another wave"} | ${[]}
  ${LAST}     | ${60}       | ${true}  | ${"at the end"}          | ${["wait 60", "doctor at 60: a b"]}
  ${LAST}     | ${60}       | ${false} | ${"at the end"}          | ${[]}
  ${LAST}     | ${0}        | ${true}  | ${"at the end"}          | ${["doctor at 0: a b"]}
`(
  "of a wave $place with bakeMinutes $bakeMinutes and doctor $doctor, does $events",
  async ({ stacks, bakeMinutes, doctor, events }) => {
    const settings = { bakeMinutes: bakeMinutes as number, doctor: doctor as boolean };
    const rollout = await Rollout.begin(settings, stacks as PlannedStack[]);
    await rollout.applied("a", "b");
    expect(await rollout.pass()).toBeNull();
    expect(rollout.events).toEqual(events);
    expect(rollout.hasPassed).toBe(true);
  },
);

it("neither waits nor asks again for a wave that has passed", async () => {
  const rollout = await Rollout.begin({ bakeMinutes: 60, doctor: true }, FOLLOWED);
  await rollout.applied("a", "b");
  await rollout.pass();
  const before = [...rollout.events];
  expect(await rollout.pass()).toBeNull();
  expect(rollout.events).toEqual(before);
});

it("waits and asks again if a stack of the wave was applied after the wave had passed", async () => {
  const rollout = await Rollout.begin({ bakeMinutes: 60, doctor: true }, FOLLOWED);
  await rollout.applied("a");
  await rollout.pass();
  rollout.minute = 100;
  await rollout.applied("b");
  await rollout.pass();
  expect(rollout.events.slice(2)).toEqual(["wait 60", "doctor at 160: a b"]);
});

it("waits for what is left since the last stack was applied", async () => {
  const rollout = await Rollout.begin({ bakeMinutes: 60 }, FOLLOWED);
  await rollout.applied("a");
  rollout.minute = 10;
  await rollout.applied("b");
  rollout.minute = 30;
  await rollout.pass();
  expect(rollout.events).toEqual(["wait 40"]);
});

it("does not wait and ask again because a stack within the tolerance has failed again", async () => {
  const rollout = await Rollout.begin({ bakeMinutes: 60, doctor: true, failureTolerance: 1 }, FOLLOWED);
  await rollout.applied("a");
  await rollout.ended("b", "failed");
  await rollout.pass();
  const before = [...rollout.events];
  await rollout.ended("b", "failed");
  await rollout.pass();
  expect(rollout.events).toEqual(before);
});

it("takes a wave for whole if the stacks that were left out have no changes", async () => {
  const unchanged = canary("b", { result: "no changes", planSha256: null });
  const rollout = await Rollout.begin({ doctor: true }, [canary("a"), unchanged]);
  await rollout.applied("a");
  await rollout.pass({}, ["a"]);
  expect(rollout.events).toEqual(["doctor at 0: a b"]);
});

it("does not wait after a wave of which nothing was applied", async () => {
  const unchanged = canary("a", { result: "no changes", planSha256: null });
  const rollout = await Rollout.begin({ bakeMinutes: 60, doctor: true }, [unchanged, plannedStack("late")]);
  await rollout.pass();
  expect(rollout.events).toEqual(["doctor at 0: a"]);
});

it("has not passed if doctor objects, so that the next deployment asks again", async () => {
  const rollout = await Rollout.begin({ doctor: true }, LAST);
  await rollout.applied("a", "b");
  expect(await rollout.pass({ inForce: async () => OBJECTION })).toBe(OBJECTION);
  expect(rollout.hasPassed).toBe(false);
  expect(await rollout.pass()).toBeNull();
  expect(rollout.hasPassed).toBe(true);
});

it("has not passed, and does not ask doctor, if the wait was interrupted", async () => {
  const rollout = await Rollout.begin({ bakeMinutes: 60, doctor: true }, FOLLOWED);
  await rollout.applied("a", "b");
  const interrupted = async () => rollout.drain.abort();
  expect(await rollout.pass({ sleep: interrupted })).toBe(UNASKED);
  expect(rollout.events).toEqual([]);
  expect(rollout.hasPassed).toBe(false);
});

it("has not passed if doctor was interrupted", async () => {
  const rollout = await Rollout.begin({ doctor: true }, FOLLOWED);
  await rollout.applied("a", "b");
  const inForce = async () => {
    rollout.drain.abort();
    return null;
  };
  expect(await rollout.pass({ inForce })).toBe(UNASKED);
  expect(rollout.hasPassed).toBe(false);
});

it("ends the wait at a Ctrl-C", async () => {
  const rollout = await Rollout.begin({ bakeMinutes: 60 }, FOLLOWED);
  await rollout.applied("a", "b");
  const waiting = rollout.pass({ sleep: sleepUntilAborted });
  rollout.drain.abort();
  expect(await waiting).toBeNull();
  expect(rollout.hasPassed).toBe(false);
});

it("of a part of the wave, neither waits nor asks, until the rest is applied", async () => {
  const rollout = await Rollout.begin({ bakeMinutes: 60, doctor: true }, FOLLOWED);
  await rollout.applied("a");
  expect(await rollout.pass({}, ["a"])).toBeNull();
  expect(rollout.events).toEqual([]);
  expect(rollout.hasPassed).toBe(false);
  await rollout.applied("b");
  await rollout.pass({}, ["b"]);
  expect(rollout.events).toEqual(["wait 60", "doctor at 60: a b"]);
});
