import map from "../../../fixtures/example-map";
import { read } from "../../../helpers/documents";
import { guarded, guardrailsOf, PIPELINE } from "./helpers";

// AWS allows a unit five service control policies, so the runbook says how many of them guardrails need.
const SENTENCE = read("docs/runbook.md")
  .replaceAll(/\s+/g, " ")
  .match(/guardrails need three of them, or four if the map [^.]*\./)?.[0];
const sandbox = { ...map.accounts["sandbox"]!, logs: { group: { existing: "/theirs" } } };
const LOGS = { accounts: { ...map.accounts, sandbox } };

it.each`
  what                                       | said                           | changes     | count | word
  ${"a map without any of these"}            | ${{}}                          | ${{}}       | ${3}  | ${"three"}
  ${"existing resources"}                    | ${{}}                          | ${LOGS}     | ${4}  | ${"names existing resources"}
  ${"existing resources, and no protection"} | ${{ protectExisting: false }}  | ${LOGS}     | ${3}  | ${"unless `protectExisting` is false"}
  ${"keepInstanceRoles"}                     | ${{ keepInstanceRoles: true }} | ${{}}       | ${4}  | ${"sets `keepInstanceRoles`"}
  ${"a pipeline"}                            | ${{}}                          | ${PIPELINE} | ${4}  | ${"has a `pipeline`"}
`("of $what, there are $count policies, as the runbook says", ({ said, changes, count, word }) => {
  expect(guardrailsOf(guarded(said as object, changes as object))).toHaveLength(count as number);
  expect(SENTENCE).toContain(word as string);
});
