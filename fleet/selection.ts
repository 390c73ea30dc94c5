import { STACK_KINDS, type StackKind, type StackRef } from "../stacks/stack-graph";

/** What to deploy: everything, or what some waves, accounts or kinds of stack need. */
export interface Selection {
  readonly waves?: readonly string[];
  readonly accounts?: readonly string[];
  readonly kinds?: readonly StackKind[];
}

/** The stacks of a selection together with all that they depend on, in the order of deployment. */
export function select(
  stacks: readonly StackRef[],
  { waves, accounts, kinds = STACK_KINDS }: Selection,
): StackRef[] {
  // A stack without a wave is the archive account's: who reads and who is told belongs to every wave, guardrails to none.
  const inWaves = ({ wave, kind }: StackRef) =>
    waves === undefined || (wave === null ? kind === "account" || kind === "chat" : waves.includes(wave));
  const inAccounts = ({ account }: StackRef) => accounts === undefined || accounts.includes(account);
  const asked = stacks.filter((stack) => inWaves(stack) && inAccounts(stack) && kinds.includes(stack.kind));
  const needed = new Set(asked.flatMap(({ id, dependsOn }) => [id, ...dependsOn]));
  return stacks.filter(({ id }) => needed.has(id));
}
