import type { Browser } from "playwright-core";
import { month, reportOf } from "../__tests__/fixtures/reports";
import { fleet } from "../__tests__/fixtures/reviews";
import { findChromium, launchChromium } from "../__tests__/helpers/browser/chromium";
import { folderOfPages, type PagesFolder } from "../__tests__/helpers/browser/open-page";
import { html as reportPage } from "../report/render/html";
import { html as reviewPage } from "../review/render/html";

/**
 * Measures how long Chromium takes to open the page of a review of 2,000 stacks and the page of a report of 10,000
 * sessions from disk, until a reader can search in them: from the start of the navigation to the next frame after the
 * page's script has run.
 *
 * The lines `figure <name> <value> <unit>` are for programs. Their values are medians of several openings.
 * @example npx tsx bench/pages.ts | grep ^figure
 */

const OPENINGS = 7;

/** The pages, by the names of their figures. */
const PAGES: Readonly<Record<string, () => string>> = {
  "review-page-2000-stacks": () => reviewPage(fleet(2_000)),
  "report-page-10000-sessions": () => reportPage(reportOf(month(10_000))),
};

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Milliseconds from the start of the navigation to the second frame after the load event. */
const READY = `new Promise((resolve) => {
  const measure = () => requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now())));
  if (document.readyState === "complete") measure();
  else addEventListener("load", measure);
})`;

const say = (line: string) => void process.stdout.write(`${line}\n`);

async function measure(browser: Browser, pages: PagesFolder, name: string, write: () => string) {
  const start = performance.now();
  const page = write();
  const written = performance.now() - start;
  const url = pages.write(name, page);
  const times: number[] = [];
  for (let opening = 0; opening < OPENINGS; opening += 1) {
    const context = await browser.newContext({ viewport: { width: 1_280, height: 900 } });
    const tab = await context.newPage();
    await tab.goto(url, { waitUntil: "commit" });
    times.push((await tab.evaluate(READY)) as number);
    await context.close();
  }
  say(`${name}: ${(page.length / 1e6).toFixed(1)} million characters, written in ${written.toFixed(0)} ms`);
  say(`openings: ${times.map((time) => time.toFixed(0)).join(", ")} ms`);
  say(`figure ${name} ${median(times).toFixed(0)} ms`);
}

async function main(): Promise<void> {
  const path = findChromium({ ...process.env, CI: "true" })!;
  const pages = folderOfPages();
  const browser = await launchChromium(path);
  try {
    for (const [name, write] of Object.entries(PAGES)) await measure(browser, pages, name, write);
  } finally {
    await browser.close();
    pages.remove();
  }
}

void main();
