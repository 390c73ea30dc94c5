import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";

const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

/**
 * What axe-core finds in a page, as `rule: selector`. The page's context needs `bypassCSP`, because a policy that only
 * allows the page's own script stops axe as well.
 * @see https://github.com/dequelabs/axe-core/blob/develop/doc/API.md
 */
export async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const found = await page.evaluate(
    "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ target }) => target.join(' ')) })))",
  );
  return (found as { id: string; nodes: string[] }[]).flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node}`),
  );
}
