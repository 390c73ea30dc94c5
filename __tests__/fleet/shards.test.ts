import { idsOfShard, longestFirst, parseShard } from "../../fleet/shards";

const IDS = Array.from({ length: 200 }, (_, index) => `session-account-${index}-eu-central-1`);
const parts = (of: number, seconds?: ReadonlyMap<string, number>) =>
  Array.from({ length: of }, (_, index) => idsOfShard(IDS, { index: index + 1, of }, seconds));

it.each([1, 3, 8])("gives each of 200 stacks to one of %d parts", (of) => {
  expect(parts(of).flat().sort()).toEqual([...IDS].sort());
});

it("keeps a stack in its part when others are added or taken out", () => {
  const shard = { index: 2, of: 4 };
  const fewer = IDS.filter((_, index) => index % 3 > 0);
  expect(idsOfShard(fewer, shard)).toEqual(idsOfShard(IDS, shard).filter((id) => fewer.includes(id)));
});

it("gives each part about the same work where durations are known", () => {
  const seconds = new Map(IDS.map((id, index) => [id, index === 0 ? 100 : 1]));
  const work = parts(3, seconds).map((ids) => ids.reduce((sum, id) => sum + seconds.get(id)!, 0));
  expect(work.sort((a, b) => a - b)).toEqual([99, 100, 100]);
  expect(parts(3, seconds).flat().sort()).toEqual([...IDS].sort());
});

it("counts a stack without a duration as an average one", () => {
  const work = parts(2, new Map([[IDS[0]!, 5]])).map((ids) => ids.length);
  expect(work).toEqual([100, 100]);
});

it("plans the longest stack first", () => {
  expect(longestFirst(["a", "b", "c"], (id) => ({ a: 1, b: 3, c: 3 })[id]!)).toEqual(["b", "c", "a"]);
});

it("reads a part of a whole", () => {
  expect(parseShard("2/8")).toEqual({ index: 2, of: 8 });
});

it.each(["", "2", "0/3", "4/3", "-1/3", "1/0", "1/3/5", "a/b", "1.5/3"])("refuses the part %j", (text) => {
  expect(() => parseShard(text)).toThrow(/is not a part of a whole[\s\S]*--shard 2\/8/);
});
