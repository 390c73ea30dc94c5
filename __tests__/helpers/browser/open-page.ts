import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";

/** An open page, and everything that it said and asked for. */
export interface OpenPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Messages of the console, uncaught errors, dialogs, and violations of the page's policy. */
  trouble(): Promise<string[]>;
  /** URLs of all requests, also of those that the page's policy stopped. */
  readonly requests: readonly string[];
  /** URLs of the requests that the page's policy stopped. */
  readonly stopped: readonly string[];
}

/** What {@link folderOfPages} gives. */
export interface PagesFolder {
  /** Writes a page to disk. @returns its URL */
  write(name: string, html: string): string;
  remove(): void;
}

/** A temporary folder of pages. */
export function folderOfPages(): PagesFolder {
  const folder = mkdtempSync(join(tmpdir(), "session-audit-pages-"));
  return {
    write(name, html) {
      const file = join(folder, `${name}.html`);
      writeFileSync(file, html);
      return pathToFileURL(file).href;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Opens a page in a context of its own, which has no storage yet. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  const context = await browser.newContext({ viewport: { width: 1_280, height: 900 }, ...options });
  await context.addInitScript({ path: join(__dirname, "page-facts.js") });
  const page = await context.newPage();
  const [requests, stopped, troubles]: [string[], string[], string[]] = [[], [], []];
  context.on("request", (request) => requests.push(request.url()));
  context.on("requestfailed", (request) => {
    if (request.failure()?.errorText === "csp") stopped.push(request.url());
  });
  page.on("console", (message) => troubles.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => troubles.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => {
    troubles.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(url);
  return {
    page,
    context,
    requests,
    stopped,
    trouble: async () => [...troubles, ...((await page.evaluate("facts.violations()")) as string[])],
  };
}
