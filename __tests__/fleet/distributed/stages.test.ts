import { neededAfter, stagesOf } from "../../../fleet/distributed/stages";

const stack = (id: string, ...dependsOn: string[]) => ({ id, dependsOn });
const idsOf = (stages: { id: string }[][]) => stages.map((stage) => stage.map(({ id }) => id));

it("puts a stack into a later stage than all that it depends on", () => {
  const stacks = [stack("a"), stack("b"), stack("c", "a"), stack("d", "a", "c"), stack("e", "b")];
  expect(idsOf(stagesOf(stacks))).toEqual([["a", "b"], ["c", "e"], ["d"]]);
});

it("does not wait for a stack that is not among them", () => {
  expect(idsOf(stagesOf([stack("c", "deployed before")]))).toEqual([["c"]]);
});

it.each([
  [[3, 2], 0, [3, 5]],
  [[3, 2], 1, [2, 4]],
  [[1, 2], 5, [0, 0]],
])("of stages of %j items, %i failures tolerated, %j must succeed", (sizes, tolerated, needed) => {
  expect(neededAfter(sizes, tolerated)).toEqual(needed);
});
