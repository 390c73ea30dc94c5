import { readdirSync } from "node:fs";
import { join } from "node:path";
import { html } from "../../../review/render/html";
import { json } from "../../../review/render/json";
import { markdown } from "../../../review/render/markdown";
import { text } from "../../../review/render/text";
import { reviewOf } from "../../../review/review";
import { recorded, SECRET } from "../../fixtures/plans/trim";

const SCENARIOS = readdirSync(join(__dirname, "../../fixtures/plans"))
  .filter((file) => file.endsWith(".json.br"))
  .map((file) => file.replace(".json.br", ""));

/** Letters and digits alone: each form escapes and folds in its own way. */
const bare = (shown: string) => shown.replace(/&(\w+|#\d+);|\\u[0-9a-f]{4}|[^\p{L}\p{N}]/gu, "");

describe.each(SCENARIOS)("the review of the recorded plans %s", (scenario) => {
  const review = reviewOf(recorded(scenario), {
    commit: null,
    dirty: false,
    plannedAt: "2026-11-26T12:00:00Z",
  });
  const forms = {
    text: text(review),
    Markdown: markdown(review, { limit: 10_000_000 }),
    HTML: html(review),
    JSON: json(review),
  };

  it.each(Object.entries(forms))("has every finding and every changed object as %s", (_form, shown) => {
    const found = bare(shown);
    const missing = [
      // A finding in one place may be shown with the title of that place, which contains its values.
      ...review.findings.map(({ title, places }) => [
        title,
        ...(places.length === 1 ? [places[0]!.title] : []),
      ]),
      ...review.groups.map(({ change }) => [change.address]),
    ].filter((spellings) => !spellings.some((one) => found.includes(bare(one))));
    expect(missing).toEqual([]);
  });

  it.each(Object.entries(forms))("keeps sensitive values out of %s", (_form, shown) => {
    expect(shown).not.toContain(SECRET);
  });

  it("reads back from JSON as it was", () => {
    expect(JSON.parse(forms.JSON)).toEqual(JSON.parse(JSON.stringify(review)));
  });
});
