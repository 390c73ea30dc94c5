import { fleet } from "../__tests__/fixtures/reviews";
import { findChromium, launchChromium } from "../__tests__/helpers/browser/chromium";
import { folderOfPages } from "../__tests__/helpers/browser/open-page";
import { html } from "../review/render/html";

/**
 * Measures how long Chromium takes to open the page of a review of 2,000 stacks from disk, until a reader can search in
 * it: from the start of the navigation to the next frame after the page's script has run.
 *
 * The last line, `figure <name> <value> <unit>`, is for programs. Its value is the median of several openings.
 * @example npx tsx bench/review-page.ts | grep ^figure
 */

const OPENINGS = 7;

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Milliseconds from the start of the navigation to the second frame after the load event. */
const READY = `new Promise((resolve) => {
  const measure = () => requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now())));
  if (document.readyState === "complete") measure();
  else addEventListener("load", measure);
})`;

async function main(): Promise<void> {
  const path = findChromium({ ...process.env, CI: "true" })!;
  const start = performance.now();
  const page = html(fleet(2_000));
  const rendered = performance.now() - start;
  const pages = folderOfPages();
  const url = pages.write("fleet", page);
  const browser = await launchChromium(path);
  try {
    const times: number[] = [];
    for (let opening = 0; opening < OPENINGS; opening += 1) {
      const context = await browser.newContext({ viewport: { width: 1_280, height: 900 } });
      const tab = await context.newPage();
      await tab.goto(url, { waitUntil: "commit" });
      times.push((await tab.evaluate(READY)) as number);
      await context.close();
    }
    process.stdout.write(
      `page of ${(page.length / 1e6).toFixed(1)} million characters, written in ${rendered.toFixed(0)} ms\n`,
    );
    process.stdout.write(`openings: ${times.map((time) => time.toFixed(0)).join(", ")} ms\n`);
    process.stdout.write(`figure review-page-2000-stacks ${median(times).toFixed(0)} ms\n`);
  } finally {
    await browser.close();
    pages.remove();
  }
}

void main();
