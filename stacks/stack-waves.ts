import type { Organization } from "../accounts/model/organization";
import { stackIds } from "./names";

/** What is read of a stack to find its waves. */
export interface StackInWaves {
  readonly id: string;
  readonly kind: string;
  /** Id of its account: 12 digits. */
  readonly accountId: string;
  /** Its own wave; null: it has none. */
  readonly wave: string | null;
  /** Ids of the stacks that it depends on directly. */
  readonly after: readonly string[];
  /** Ids of all stacks that it depends on, indirect dependencies included. */
  readonly dependsOn: readonly string[];
}

/**
 * The waves to which each stack belongs, in the order of the rollout, by the ids of the stacks.
 *
 * - The stack of a target belongs to the wave of its account.
 * - The central topics, an archive and its replica belong to the waves of the stacks that depend on them.
 * - The stack of an account without targets belongs to the waves of the central topics, archives and replicas that the
 *   account owns.
 * - The chat stack of such an account uses the topics of several archives. It belongs to the waves that need all of these
 *   archives, and to the first wave after which all of them exist, so that a rollout wave by wave does not omit it.
 * - Guardrails belong to no wave.
 * @param stacks every stack of the organization
 * @example wavesOfStacks(organization, stacks).get("archive-eu-central-1") // ["canary"]
 */
export function wavesOfStacks(
  organization: Organization,
  stacks: readonly StackInWaves[],
): ReadonlyMap<string, readonly string[]> {
  const { waves } = organization;
  const neededBy = new Map(waves.map((wave) => [wave, idsOf(stacks, wave)]));
  const needing = (id: string) => waves.filter((wave) => neededBy.get(wave)!.has(id));
  const owned = ownedBy(organization);
  const wavesOf = (stack: StackInWaves): readonly string[] => {
    if (stack.wave !== null) return [stack.wave];
    switch (stack.kind) {
      case "account": {
        const some = new Set((owned.get(stack.accountId) ?? []).flatMap(needing));
        return waves.filter((wave) => some.has(wave));
      }
      case "chat":
        return wavesOfChat(waves, stack.after, neededBy);
      default:
        return needing(stack.id);
    }
  };
  return new Map(stacks.map((stack) => [stack.id, wavesOf(stack)]));
}

/** Ids of the stacks of a wave, and of all stacks that they depend on. */
const idsOf = (stacks: readonly StackInWaves[], wave: string): ReadonlySet<string> =>
  new Set(stacks.filter((stack) => stack.wave === wave).flatMap(({ id, dependsOn }) => [id, ...dependsOn]));

/**
 * Ids of the stacks of the central topics, archives and replicas that each account owns, by the id of the account. The
 * stack of a replica has the account of the bucket that it copies, so the stack alone does not say who owns the replica.
 */
function ownedBy({ archives, replicas, central }: Organization): ReadonlyMap<string, readonly string[]> {
  const owned = new Map<string, string[]>();
  const add = (owner: string, id: string) => owned.set(owner, [...(owned.get(owner) ?? []), id]);
  if (central !== null) add(central.account.id, stackIds.central(central));
  for (const site of archives) add(site.account.id, stackIds.archive(site));
  for (const { account, source } of replicas) add(account.id, stackIds.replica(source));
  return owned;
}

/** The waves that need all stacks of a chat stack's topics, and the first wave after which all of these exist. */
function wavesOfChat(
  waves: readonly string[],
  after: readonly string[],
  neededBy: ReadonlyMap<string, ReadonlySet<string>>,
): readonly string[] {
  const missing = new Set(after);
  return waves.filter((wave) => {
    const needed = neededBy.get(wave)!;
    const wasComplete = missing.size === 0;
    needed.forEach((id) => missing.delete(id));
    return after.every((id) => needed.has(id)) || (!wasComplete && missing.size === 0);
  });
}
