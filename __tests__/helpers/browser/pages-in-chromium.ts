import type { Browser, BrowserContextOptions } from "playwright-core";
import { launchChromium } from "./chromium";
import { folderOfPages, openPage, type OpenPage, type PagesFolder } from "./open-page";

/** Pages that the tests of a block open in one Chromium. */
export interface PagesInChromium {
  /** Writes a page to disk. Only hooks and tests may call it. @returns its URL */
  write(name: string, html: string): string;
  /** Opens a page, and closes it after the test. */
  open(url: string, options?: BrowserContextOptions): Promise<OpenPage>;
}

/**
 * Starts Chromium before the tests of a block, and stops it after them.
 * @param chromium its path
 * @example const { write, open } = pagesInChromium(CHROMIUM!);
 */
export function pagesInChromium(chromium: string): PagesInChromium {
  let browser: Browser;
  let pages: PagesFolder;
  let opened: OpenPage[] = [];
  beforeAll(async () => {
    pages = folderOfPages();
    browser = await launchChromium(chromium);
  });
  afterEach(async () => {
    for (const { context } of opened) await context.close();
    opened = [];
  });
  afterAll(async () => {
    await browser.close();
    pages.remove();
  });
  return {
    write: (name, html) => pages.write(name, html),
    async open(url, options = {}) {
      const one = await openPage(browser, url, options);
      opened.push(one);
      return one;
    },
  };
}
