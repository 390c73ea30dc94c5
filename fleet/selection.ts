import { STACK_KINDS, type StackKind, type StackRef } from "../stacks/stack-graph";

/** What to deploy. A list that is left out selects everything; a stack must be selected by every list that is given. */
export interface Selection {
  /** Names of waves. */
  readonly waves?: readonly string[];
  /** Names of accounts in the map. */
  readonly accounts?: readonly string[];
  readonly kinds?: readonly StackKind[];
}

/**
 * The stacks of a selection and every stack that they depend on, in the order of deployment.
 * @example
 * select(stacksOf(organization), { waves: ["canary"] });
 */
export function select(
  stacks: readonly StackRef[],
  { waves, accounts, kinds = STACK_KINDS }: Selection,
): StackRef[] {
  // The archive account has no wave. Its account and chat stacks, which say who reads transcripts and who gets
  // notifications, belong to every wave. Guardrails belong to none.
  const inWaves = ({ wave, kind }: StackRef) =>
    waves === undefined || (wave === null ? kind === "account" || kind === "chat" : waves.includes(wave));
  const inAccounts = ({ account }: StackRef) => accounts === undefined || accounts.includes(account);
  const selected = stacks.filter(
    (stack) => inWaves(stack) && inAccounts(stack) && kinds.includes(stack.kind),
  );
  const needed = new Set(selected.flatMap(({ id, dependsOn }) => [id, ...dependsOn]));
  return stacks.filter(({ id }) => needed.has(id));
}
