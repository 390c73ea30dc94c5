import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { findChromium, launchChromium } from "../../__tests__/helpers/browser/chromium";

/**
 * Takes the pictures for the README: the top of the page of a review or of a report, in light and in dark colours.
 * @example
 * npm run demo:rollout
 * npx tsx docs/images/pictures.ts review .cache/demo-rollout/review.html
 * npx session-audit report --html report.html
 * npx tsx docs/images/pictures.ts report report.html
 */
const SCHEMES = ["light", "dark"] as const;

/** For each kind of page: the height of its picture, in pixels, and what is there once the page is drawn. */
const PAGES = {
  review: { height: 780, drawn: 'input[type="search"]' },
  report: { height: 1_100, drawn: ".paging" },
} as const;

const isKind = (kind: string | undefined): kind is keyof typeof PAGES =>
  kind === "review" || kind === "report";

async function main([kind, page]: readonly string[]): Promise<void> {
  if (!isKind(kind) || page === undefined)
    throw new Error("Name the kind of the page, review or report, and its HTML file.");
  const { height, drawn } = PAGES[kind];
  const browser = await launchChromium(findChromium({ ...process.env, CI: "true" })!);
  try {
    for (const colorScheme of SCHEMES) {
      const context = await browser.newContext({ viewport: { width: 1_100, height }, colorScheme });
      const tab = await context.newPage();
      await tab.goto(pathToFileURL(resolve(page)).href);
      await tab.locator(drawn).first().waitFor();
      await tab.screenshot({ path: join(__dirname, `${kind}-${colorScheme}.png`) });
      await context.close();
    }
  } finally {
    await browser.close();
  }
}

void main(process.argv.slice(2));
