import {
  SEVERITIES,
  type AttributeChange,
  type ChangeGroup,
  type ChangeKind,
  type Counts,
  type Direction,
  type Finding,
  type PolicyChange,
  type Review,
  type Severity,
  type StatementChange,
  type StrengthRow,
  type SummaryRow,
} from "../model";
import { COUNTED, strengthTrend } from "./words";

/** The order in which every form of a review shows its parts: the worst first. */

const KINDS: readonly ChangeKind[] = [
  ...(["delete", "replace", "forget", "update", "create", "move", "import", "deferred", "read"] as const),
];
const DIRECTIONS: readonly Direction[] = ["wider", "other", "maybe-wider", "narrower", "same"];
const TRENDS = ["weaker", "stronger", "same"] as const;

/** Sorted by ranks, the smallest first. Elements of equal rank stay in their order. */
const by = <T>(elements: readonly T[], ...ranks: readonly ((element: T) => number)[]): T[] =>
  elements
    // The rank of a group over thousands of stacks takes long to find, so it is computed once for each element.
    .map((element) => ({ element, ranks: ranks.map((rank) => rank(element)) }))
    .sort((one, other) => {
      const differences = one.ranks.map((rank, index) => rank - other.ranks[index]!);
      return differences.find((difference) => difference !== 0) ?? 0;
    })
    .map(({ element }) => element);

export const strengthInOrder = ({ strength }: Review): StrengthRow[] =>
  by(strength, (row) => TRENDS.indexOf(strengthTrend(row)));

export const findingsInOrder = ({ findings }: Review): Finding[] =>
  by(findings, ({ severity }) => SEVERITIES.indexOf(severity));

/** Number of findings for each severity that has any, the worst first. */
export const findingCounts = ({ findings }: Pick<Review, "findings">): Map<Severity, number> =>
  new Map(
    SEVERITIES.map(
      (severity) => [severity, findings.filter((one) => one.severity === severity).length] as const,
    ).filter(([, count]) => count > 0),
  );

const directionOf = ({ change }: ChangeGroup): number =>
  Math.min(
    DIRECTIONS.length,
    ...change.attributes.flatMap(({ meaning }) =>
      meaning?.kind === "policy" ? [DIRECTIONS.indexOf(meaning.direction)] : [],
    ),
  );

/** The worst severity of the findings about an object of a stack, as its position in SEVERITIES. */
function worstFindings({ findings }: Review): (group: ChangeGroup) => number {
  const ranks = new Map<string, Map<string, number>>();
  for (const { severity, places } of findings) {
    const rank = SEVERITIES.indexOf(severity);
    for (const { stack, address } of places) {
      if (address === null) continue;
      const byStack = ranks.get(address) ?? new Map<string, number>();
      ranks.set(address, byStack);
      byStack.set(stack, Math.min(rank, byStack.get(stack) ?? rank));
    }
  }
  return ({ change, stacks }) => {
    const byStack = ranks.get(change.address);
    const worst = (rank: number, stack: string) => Math.min(rank, byStack?.get(stack) ?? rank);
    return stacks.reduce(worst, SEVERITIES.length);
  };
}

/** Groups of changes, or of drift: those about which there are the worst findings first. */
export const groupsInOrder = (review: Review, of: "groups" | "drift"): ChangeGroup[] =>
  by(
    review[of],
    worstFindings(review),
    ({ change }) => KINDS.indexOf(change.kind),
    directionOf,
    ({ stacks }) => -stacks.length,
  );

/** A policy that changes, with the group of changes that it belongs to. */
export interface PolicyInGroup {
  readonly group: ChangeGroup;
  readonly attribute: AttributeChange;
  readonly policy: PolicyChange;
}

export const policiesInOrder = ({ groups }: Review): PolicyInGroup[] =>
  by(
    groups.flatMap((group) =>
      group.change.attributes.flatMap((attribute) =>
        attribute.meaning?.kind === "policy" ? [{ group, attribute, policy: attribute.meaning }] : [],
      ),
    ),
    ({ policy }) => DIRECTIONS.indexOf(policy.direction),
    ({ group }) => -group.stacks.length,
  );

export const statementsInOrder = ({ statements }: PolicyChange): StatementChange[] =>
  by(statements, ({ direction }) => DIRECTIONS.indexOf(direction));

/** Accounts of one wave with equal numbers of stacks and changes. */
export interface FoldedRow {
  readonly row: SummaryRow;
  readonly accounts: readonly { readonly account: string; readonly accountId: string }[];
}

const loss = ({ row }: FoldedRow): number => -(row.delete + row.replace + row.forget + row.failedStacks);

/** The rows of the table on top. Accounts of a wave whose numbers are equal share a row; rows that lose most are first. */
export function foldedSummary({ summary }: Review): FoldedRow[] {
  const folded = new Map<string, { row: SummaryRow; accounts: { account: string; accountId: string }[] }>();
  for (const row of summary) {
    const { account, accountId, ...numbers } = row;
    const key = JSON.stringify([
      numbers.wave,
      numbers.stacks,
      numbers.changedStacks,
      numbers.failedStacks,
      ...countsOf(row),
    ]);
    const entry = folded.get(key) ?? { row, accounts: [] };
    entry.accounts.push({ account, accountId });
    folded.set(key, entry);
  }
  const waves = [...new Set(summary.map(({ wave }) => wave))];
  return by([...folded.values()], ({ row }) => waves.indexOf(row.wave), loss);
}

/** The numbers of some counts, in the order of the columns. */
export const countsOf = (counts: Counts): number[] => COUNTED.map((kind) => counts[kind]);
