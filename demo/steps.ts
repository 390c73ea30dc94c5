import type { Organization } from "../accounts/model/organization";
import { select } from "../fleet/selection";
import { NO_BREAK } from "../processes/terminal";
import type { StackRef } from "../stacks/stack-graph";
import { guardedTarget, watchedTargets } from "./findings";
import type { Step } from "./progress";

/** The stacks of an organization, in the groups in which the demo deploys them. */
export interface Rollout {
  /** Archives, their replicas, and accounts: what the sessions of every wave need. */
  readonly shared: readonly StackRef[];
  /** What the sessions of each wave add, in the order of waves. */
  readonly waves: ReadonlyMap<string, readonly StackRef[]>;
  /** What belongs to no wave, such as guardrails. */
  readonly last: readonly StackRef[];
}

/** Divides stacks into the groups of the rollout that docs/getting-started.md describes: first archives and accounts, then waves. */
export function rolloutOf(organization: Organization, stacks: readonly StackRef[]): Rollout {
  const replicasOfArchives = stacks.filter(({ kind, wave }) => kind === "replica" && wave === null);
  const shared = [...select(stacks, { kinds: ["archive", "account"] }), ...replicasOfArchives];
  const taken = new Set(shared.map(({ id }) => id));
  const waves = new Map<string, readonly StackRef[]>();
  for (const wave of organization.waves) {
    const added = select(stacks, { waves: [wave] }).filter(({ id }) => !taken.has(id));
    added.forEach(({ id }) => taken.add(id));
    waves.set(wave, added);
  }
  return { shared, waves, last: stacks.filter(({ id }) => !taken.has(id)) };
}

/** A number of things, such as "1 session" or "2 sessions", that is not folded after the number. */
export const count = (number: number, thing: string): string =>
  `${number}${NO_BREAK}${thing}${number === 1 ? "" : "s"}`;

/** The steps of the demo for an organization, with how long each takes on two idle cores. */
export function stepsOf(organization: Organization, stacks: readonly StackRef[]): Step[] {
  const { shared, waves, last } = rolloutOf(organization, stacks);
  const ids = (group: readonly StackRef[]) => group.map(({ id }) => id).join(", ");
  const waveSteps = [...waves].map(([wave, added]): Step => {
    const sessions = organization.targets.filter((target) => target.wave === wave).length;
    const title = `wave ${wave}: deploy ${count(added.length, "stack")}, hold ${count(sessions, "session")}`;
    return { id: `wave ${wave}`, title, seconds: 56 + 3 * sessions };
  });
  const watched = watchedTargets(organization).length > 0;
  const guarded = guardedTarget(organization) !== undefined;
  return [
    { id: "tools", title: "find Terraform, the AWS provider and moto", seconds: 2 },
    { id: "start", title: `start the embedded AWS, write ${count(stacks.length, "stack")}`, seconds: 8 },
    ...(shared.length > 0
      ? [
          {
            id: "shared",
            title: `deploy ${count(shared.length, "stack")} that all sessions need`,
            seconds: 75,
          },
        ]
      : []),
    ...waveSteps,
    ...(last.length > 0 ? [{ id: "last", title: `deploy what comes last: ${ids(last)}`, seconds: 15 }] : []),
    { id: "check", title: "plan again what is deployed: nothing may change", seconds: 12 },
    ...(watched ? [{ id: "security", title: "do what the security channel reports", seconds: 3 }] : []),
    ...(guarded ? [{ id: "guard", title: "open a session that the guard ends", seconds: 3 }] : []),
    { id: "report", title: "report every session, and whether it was recorded", seconds: 12 },
  ];
}
