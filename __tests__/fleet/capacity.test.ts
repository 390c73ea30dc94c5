import { parallelism, thisMachine } from "../../fleet/capacity";

it.each`
  cores | freeMemory | stacks
  ${8}  | ${64e9}    | ${8}
  ${8}  | ${2e9}     | ${4}
  ${2}  | ${200e6}   | ${1}
  ${1}  | ${0}       | ${1}
`("plans $stacks stacks side by side with $cores cores and $freeMemory bytes", ({ stacks, ...machine }) => {
  expect(parallelism(machine)).toBe(stacks);
});

it("measures this machine", () => {
  const { cores, freeMemory } = thisMachine();
  expect(cores).toBeGreaterThanOrEqual(1);
  expect(freeMemory).toBeGreaterThan(0);
});
