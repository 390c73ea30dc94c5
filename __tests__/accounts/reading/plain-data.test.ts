import { mapWith } from "../rules/good-map";
import { problemsOf } from "../rules/problems-of";

class Account {
  readonly id = "222222222222";
}

it.each([
  [
    "a date",
    { tags: { created: new Date(0) } },
    "tags.created",
    "an instance of Date",
    'as a text: "1970-01-01"',
  ],
  [
    "an instance of a class",
    { "accounts.sandbox": new Account() },
    "accounts.sandbox",
    "an instance of Account",
    "export plain data",
  ],
  ["a promise", { waves: Promise.resolve([]) }, "waves", "an instance of Promise", "await the value"],
  [
    "a set",
    { "transcripts.readers": new Set() },
    "transcripts.readers",
    "an instance of Set",
    "export plain data",
  ],
  ["a function", { trail: () => "none" }, "trail", "a function", "export plain data"],
])("a map with %s is refused, with what it is", (_title, changes, path, found, remedy) => {
  const own = problemsOf(mapWith(changes)).filter((problem) => problem.path === path);
  expect(own).toEqual([
    {
      path,
      found,
      allowed: expect.stringContaining("plain data") as string,
      remedy: expect.stringContaining(remedy) as string,
    },
  ]);
});

it("a map that is a promise is refused as a whole", () => {
  expect(problemsOf(Promise.resolve(mapWith({})))[0]).toMatchObject({
    path: "(the whole map)",
    found: "an instance of Promise",
    remedy: "await the value before you export it",
  });
});
