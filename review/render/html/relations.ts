import { SEVERITIES, type ChangeGroup, type Finding, type Review } from "../../model";
import { findingsInOrder, groupsInOrder, policiesInOrder, type PolicyInGroup } from "../order";
import { DIRECTION_WORDS, KIND_WORDS } from "../words";

/** A group of changes with the id of its entry, and what it has to do with the findings. */
export interface RelatedGroup {
  readonly id: string;
  readonly group: ChangeGroup;
  readonly findings: readonly RelatedFinding[];
  /** Entries of the policies that it changes. */
  readonly policies: readonly { readonly id: string; readonly title: string }[];
}

/** A finding with the id of its entry, and the groups of changes that it is about. */
export interface RelatedFinding {
  readonly id: string;
  readonly finding: Finding;
  readonly groups: readonly RelatedGroup[];
}

export interface RelatedPolicy extends PolicyInGroup {
  readonly id: string;
  readonly of: RelatedGroup;
}

/** A group whose findings are not all known yet. */
type OpenGroup = RelatedGroup & {
  readonly findings: RelatedFinding[];
  readonly policies: { id: string; title: string }[];
};

export interface Relations {
  readonly findings: readonly RelatedFinding[];
  readonly changes: readonly RelatedGroup[];
  readonly drift: readonly RelatedGroup[];
  readonly policies: readonly RelatedPolicy[];
}

/** Which findings and changes are about the same objects, so that one leads to the other. */
export function relationsOf(review: Review): Relations {
  const related = (of: "groups" | "drift", name: string) =>
    groupsInOrder(review, of).map((group, index): OpenGroup => ({
      id: `${name}-${index + 1}`,
      group,
      findings: [],
      policies: [],
    }));
  const [changes, drift] = [related("groups", "change"), related("drift", "drift")];
  /** Groups by address and then by stack: the same object in thousands of stacks is the usual case. */
  const byAddress = new Map<string, Map<string, OpenGroup[]>>();
  for (const one of [...changes, ...drift]) {
    const byStack = byAddress.get(one.group.change.address) ?? new Map<string, OpenGroup[]>();
    byAddress.set(one.group.change.address, byStack);
    for (const stack of one.group.stacks) {
      const others = byStack.get(stack);
      if (others === undefined) byStack.set(stack, [one]);
      else others.push(one);
    }
  }
  const findings = findingsInOrder(review).map((finding, index): RelatedFinding => {
    const groups = new Set(
      finding.places.flatMap(({ stack, address }) =>
        address === null ? [] : (byAddress.get(address)?.get(stack) ?? []),
      ),
    );
    const one = { id: `finding-${index + 1}`, finding, groups: [...groups] };
    for (const group of groups) group.findings.push(one);
    return one;
  });
  const policies = policiesInOrder(review).map((policy, index): RelatedPolicy => {
    const of = changes.find(({ group }) => group === policy.group)!;
    const id = `policy-${index + 1}`;
    of.policies.push({ id, title: `${DIRECTION_WORDS[policy.policy.direction]} ${policy.attribute.path}` });
    return { ...policy, id, of };
  });
  return { findings, changes, drift, policies };
}

/** The severities of some findings, each once and the worst first. */
export const severitiesOf = (findings: readonly RelatedFinding[]): string[] =>
  SEVERITIES.filter((severity) => findings.some(({ finding }) => finding.severity === severity));

/** What happens in some groups, each word once. */
export const changesOf = (groups: readonly RelatedGroup[]): string[] => [
  ...new Set(groups.map(({ group }) => KIND_WORDS[group.change.kind])),
];
