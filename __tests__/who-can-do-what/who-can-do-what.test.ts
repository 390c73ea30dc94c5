import { tablesOf } from "../helpers/markdown-tables";
import { read } from "../helpers/documents";
import type { Asked } from "./cells";
import { ROWS } from "./rows";
import { verdictOn } from "./world";

// Every cell of the table in docs/security.md is a test of its own, by the policies as they are synthesized.
const text = read("docs/security.md");
const HEADING = "Who can do what";
const COLUMNS = /^\| who \| (.*) \|$/m.exec(text)![1]!.split(" | ");
const WRITTEN = new Map(
  tablesOf(text)
    .get(HEADING)!
    .map(([who, ...cells]) => [who!, cells]),
);

describe("the table", () => {
  it("has the rows that are tested, and no others", () => {
    expect([...WRITTEN.keys()]).toEqual(ROWS.map(({ who }) => who));
  });

  it.each(ROWS.map(({ who, cells }) => [who, cells] as const))(
    "has in each column of %s a cell that is tested",
    (who, cells) => {
      expect(Object.keys(cells)).toEqual(COLUMNS);
      expect(Object.values(cells).map(({ says }) => says)).toEqual(WRITTEN.get(who));
    },
  );
});

/** The answers of AWS to some requests that are not the expected ones. */
async function wrong({ who, requests, answer }: Asked, guardrails: boolean): Promise<string[]> {
  const found: string[] = [];
  for (const request of requests) {
    const verdict = await verdictOn(who, request, guardrails);
    const given = verdict === "Allowed" ? "yes" : verdict === "ExplicitlyDenied" ? "refused" : "no";
    const isRight = given === answer || (answer === "no" && given === "refused");
    if (!isRight)
      found.push(`${who.principal} ${request.action} ${request.resource}: ${given}, not ${answer}`);
  }
  return found;
}

it("each action is allowed to somebody, so that a refusal says something about the caller", () => {
  const asked = ROWS.flatMap(({ cells }) => Object.values(cells).flatMap((one) => one.asked));
  const actions = (some: readonly Asked[]) =>
    new Set(some.flatMap(({ requests }) => requests.map(({ action }) => action)));
  const allowed = actions(asked.filter(({ answer }) => answer === "yes"));
  expect([...actions(asked)].filter((action) => !allowed.has(action))).toEqual([]);
});

const CELLS = ROWS.flatMap(({ who, guardrails, cells }) =>
  Object.entries(cells).flatMap(([column, { asked }]) =>
    guardrails.map((on) => ({
      title: `${who}: ${column}, ${on ? "with" : "without"} guardrails`,
      on,
      asked,
    })),
  ),
);

it.each(CELLS)("$title", async ({ on, asked }) => {
  expect(asked.flatMap(({ requests }) => requests)).not.toEqual([]);
  const found: string[] = [];
  for (const one of asked) found.push(...(await wrong(one, on)));
  expect(found).toEqual([]);
});
