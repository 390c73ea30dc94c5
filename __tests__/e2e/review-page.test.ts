import type { Page } from "playwright-core";
import { html } from "../../review/render/html";
import { EMPTY, EXAMPLE, fleet, NO_STACKS } from "../fixtures/reviews";
import { describeInChromium, findChromium } from "../helpers/browser/chromium";
import { pagesInChromium } from "../helpers/browser/pages-in-chromium";
import { until } from "../helpers/until";

const CHROMIUM = findChromium(process.env);

describeInChromium(CHROMIUM)("the page of a review", () => {
  const pages = pagesInChromium(CHROMIUM!);
  let urls: Readonly<Record<"example" | "empty" | "nothing" | "fleet", string>>;

  const { open } = pages;

  beforeAll(() => {
    urls = {
      example: pages.write("example", html(EXAMPLE)),
      empty: pages.write("empty", html(EMPTY)),
      nothing: pages.write("nothing", html(NO_STACKS)),
      fleet: pages.write("fleet", html(fleet(2_000))),
    };
  });

  /** Titles of the entries of a list that are shown. */
  const titles = (page: Page, list: string): Promise<string[]> =>
    page.locator(`[data-list=${list}] > .item > summary > .title`).allTextContents();
  const rows = (page: Page): Promise<string[]> =>
    page.locator("[data-list=stacks] th code").allTextContents();
  const hashOf = (page: Page): string => decodeURIComponent(new URL(page.url()).hash);
  const facts = <T>(page: Page, call: string): Promise<T> => page.evaluate(`facts.${call}`);
  const closed = (page: Page) => facts<number>(page, "closedDetails()");
  const focus = (page: Page) =>
    facts<{ item: string | null; hasOutline: boolean; text: string } | null>(page, "focus()");
  const choose = (page: Page, facet: string, value: string) =>
    page.locator(`[data-facet=${facet}]`).getByLabel(value, { exact: true }).check();

  describe("when it opens from disk", () => {
    it.each(["example", "empty", "nothing", "fleet"] as const)(
      "asks for nothing but itself: %s",
      async (name) => {
        const { page, requests, trouble } = await open(urls[name]);
        await page.getByRole("searchbox").first().waitFor();
        expect({ requests, trouble: await trouble() }).toEqual({ requests: [urls[name]], trouble: [] });
      },
    );

    it("says first what happens to recording", async () => {
      const { page } = await open(urls.example);
      expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe(
        "Recording gets weaker in 3 targets",
      );
      expect(await page.title()).toBe("Recording gets weaker in 3 targets");
    });

    it("opens the worst findings, and no others", async () => {
      const { page } = await open(urls.example);
      const severities = await page
        .locator("[data-list=findings] > [open] > summary > .badge")
        .allTextContents();
      expect(severities).toEqual(["Critical", "Critical", "High", "High", "High"]);
    });

    it("can be read without scripts", async () => {
      const { page } = await open(urls.example, { javaScriptEnabled: false });
      expect(await titles(page, "findings")).toHaveLength(8);
      expect(await page.getByText("Set preferences.enforce to true for this account").isVisible()).toBe(true);
      expect(await page.locator("#tools").isVisible()).toBe(false);
    });
  });

  describe("the search", () => {
    it("shows only entries that have all words, and says how many", async () => {
      const { page } = await open(urls.example);
      await page.locator("#search").fill("days instead");
      expect(await titles(page, "findings")).toEqual([
        "Session logs are kept for 30 days instead of 731 in {account}, {region}",
      ]);
      expect(await page.getByRole("status").textContent()).toMatch(/^\d+ of 32 entries match “days instead”/);
    });

    it("finds what is about a stack", async () => {
      const { page } = await open(urls.example);
      await page.locator("#search").fill("orders-eu-west");
      expect(await rows(page)).toEqual(["session-orders-eu-west-1"]);
      expect(await titles(page, "failures")).toEqual(["session-orders-eu-west-1"]);
    });

    it("takes what is typed as text", async () => {
      const { page, trouble } = await open(urls.example);
      await page.locator("#search").fill("<img src=x onerror=alert(1)> [(*");
      expect(await page.getByRole("status").textContent()).toContain("“<img src=x onerror=alert(1)> [(*”");
      expect(await facts(page, "intruders()")).toEqual([]);
      expect(await trouble()).toEqual([]);
    });
  });

  describe("a filter", () => {
    it.each([
      ["severity", "medium", { findings: 1, policies: 0, changes: 1, drift: 0, failures: 0 }, 2],
      ["change", "destroy", { findings: 1, policies: 0, changes: 1, drift: 0, failures: 0 }, 2],
      ["wave", "canary", { findings: 2, policies: 0, changes: 2, drift: 0, failures: 0 }, 2],
      ["account", "payments", { findings: 3, policies: 0, changes: 4, drift: 0, failures: 0 }, 3],
      ["region", "eu-west-1", { findings: 0, policies: 0, changes: 0, drift: 0, failures: 1 }, 1],
      ["kind", "guardrails", { findings: 1, policies: 1, changes: 2, drift: 0, failures: 0 }, 1],
    ] as const)("of %s shows what belongs to %s", async (facet, value, expected, stacks) => {
      const { page } = await open(urls.example);
      await choose(page, facet, value);
      const shown = await Promise.all(
        Object.keys(expected).map(async (list) => [list, (await titles(page, list)).length] as const),
      );
      expect(Object.fromEntries(shown)).toEqual(expected);
      expect(await rows(page)).toHaveLength(stacks);
      expect(hashOf(page)).toBe(`#${facet}=${value}`);
    });

    it("shows in the lists of an entry only the stacks that belong to it", async () => {
      const { page } = await open(urls.example);
      await choose(page, "region", "us-east-1");
      const list = page.locator("#finding-3 .stacks > li > code");
      expect(await list.allTextContents()).toEqual(["session-payments-us-east-1"]);
    });

    it("takes one of several values, and all of several filters", async () => {
      const { page } = await open(urls.example);
      await choose(page, "severity", "critical");
      await choose(page, "severity", "high");
      expect(await titles(page, "findings")).toHaveLength(5);
      await choose(page, "account", "payments");
      expect(await titles(page, "findings")).toHaveLength(1);
      expect(hashOf(page)).toBe("#severity=critical&severity=high&account=payments");
    });

    it("is set by the number of findings of a severity", async () => {
      const { page } = await open(urls.example);
      await page.getByRole("link", { name: "2 critical" }).click();
      expect(await titles(page, "findings")).toHaveLength(2);
      expect(
        await page.locator("[data-facet=severity]").getByLabel("critical", { exact: true }).isChecked(),
      ).toBe(true);
    });

    it("hides the tables of the whole review, until it is cleared", async () => {
      const { page } = await open(urls.example);
      await choose(page, "account", "payments");
      expect(await page.locator("#recording").isVisible()).toBe(false);
      await page.getByRole("button", { name: "Clear search and filters" }).click();
      expect(await page.locator("#recording").isVisible()).toBe(true);
      expect(hashOf(page)).toBe("");
    });

    it("keeps the focus on the box that is checked with the keyboard", async () => {
      const { page } = await open(urls.example);
      await page.locator("[data-facet=region]").getByLabel("us-east-1", { exact: true }).focus();
      await page.keyboard.press("Space");
      expect(await page.evaluate("document.activeElement.value")).toBe("us-east-1");
    });
  });

  describe("the hash of the URL", () => {
    it("has search and filters again after a reload", async () => {
      const { page } = await open(urls.example);
      await page.locator("#search").fill("session logs & more");
      await page.locator("#search").fill("session logs");
      await choose(page, "account", "payments");
      const before = await titles(page, "findings");
      await page.reload();
      expect(await titles(page, "findings")).toEqual(before);
      expect(before).toHaveLength(1);
      expect(await page.locator("#search").inputValue()).toBe("session logs");
      expect(
        await page.locator("[data-facet=account]").getByLabel("payments", { exact: true }).isChecked(),
      ).toBe(true);
    });

    it("is ignored as far as it names what the page does not have", async () => {
      const { page, trouble } = await open(
        `${urls.example}#severity=fatal&nonsense=1&__proto__=x&account=payments`,
      );
      expect(await titles(page, "findings")).toHaveLength(3);
      expect(await trouble()).toEqual([]);
    });

    it("leads to an entry, and opens it", async () => {
      const { page } = await open(`${urls.example}#change-2`);
      expect(await page.locator("#change-2").getAttribute("open")).toBe("");
      await until(async () => (await focus(page))?.item === "change-2", { what: "focus on the change" });
    });
  });

  it("a finding leads to its change, also when a filter hides the change, and the filters stay otherwise", async () => {
    const { page } = await open(`${urls.example}#severity=medium`);
    await page.locator("#finding-6 > summary").click();
    await page.locator("#finding-6 a").click();
    expect(await focus(page)).toMatchObject({ item: "change-5" });
    expect(hashOf(page)).toBe("#severity=medium");
    await page.goto(`${urls.example}#search=nothing-has-this`);
    await page.evaluate('location.hash = "#change-1"');
    await until(async () => (await focus(page))?.item === "change-1", { what: "focus on the change" });
    expect(await page.locator("#change-1").getAttribute("open")).toBe("");
  });

  describe("the keyboard", () => {
    it("goes to the search with /, and out of it and its words with Escape", async () => {
      const { page } = await open(urls.example);
      await page.keyboard.press("/");
      await page.keyboard.type("topic/");
      expect(await page.locator("#search").inputValue()).toBe("topic/");
      await page.keyboard.press("Escape");
      expect(await page.locator("#search").inputValue()).toBe("");
      await page.keyboard.press("Escape");
      expect(await focus(page)).toBeNull();
    });

    it("goes from entry to entry with j and k, and opens and closes one with Enter", async () => {
      const { page } = await open(urls.example);
      for (const key of ["j", "j", "j", "k"]) await page.keyboard.press(key);
      expect(await focus(page)).toMatchObject({ item: "finding-2", hasOutline: true });
      await page.keyboard.press("Enter");
      expect(await page.locator("#finding-2").getAttribute("open")).toBeNull();
      await page.keyboard.press("Enter");
      expect(await page.locator("#finding-2").getAttribute("open")).toBe("");
    });

    it("walks through every list", async () => {
      const { page } = await open(urls.example);
      const items: string[] = [];
      for (let index = 0; index < 32; index += 1) {
        await page.keyboard.press("j");
        items.push((await focus(page))!.item!.replace(/-\d+$/, ""));
      }
      expect([...new Set(items)]).toEqual(["finding", "policy", "change", "drift", "failure", "stack"]);
    });

    it("goes from the search to the first entry that is found, with Enter", async () => {
      const { page } = await open(urls.example);
      await page.keyboard.press("/");
      await page.keyboard.type("idle minutes");
      await page.keyboard.press("Enter");
      expect(await focus(page)).toMatchObject({ item: "finding-7" });
    });

    it("leaves keys alone that belong to the browser", async () => {
      const { page } = await open(urls.example);
      await page.keyboard.press("Control+j");
      expect(await focus(page)).toBeNull();
    });

    it("skips to the findings first, and shows where it is everywhere", async () => {
      const { page } = await open(urls.example);
      await page.keyboard.press("Tab");
      expect(await focus(page)).toMatchObject({ text: "Skip to the findings", hasOutline: true });
      await page.keyboard.press("Enter");
      expect(await page.evaluate("document.activeElement.id")).toBe("findings");
      const without: unknown[] = [];
      for (let index = 0; index < 25; index += 1) {
        await page.keyboard.press("Tab");
        const one = await focus(page);
        if (one !== null && !one.hasOutline) without.push(one);
      }
      expect(without).toEqual([]);
    });
  });

  describe("the theme", () => {
    const background = (page: Page) => facts<string>(page, 'style("body", "background-color")');
    const LIGHT = "rgb(247, 247, 244)";
    const DARK = "rgb(20, 22, 25)";

    it.each([
      ["light", LIGHT],
      ["dark", DARK],
    ] as const)("is that of the system: %s", async (colorScheme, expected) => {
      const { page } = await open(urls.example, { colorScheme });
      expect(await background(page)).toBe(expected);
    });

    it("follows the system when the system changes", async () => {
      const { page } = await open(urls.example, { colorScheme: "light" });
      await page.emulateMedia({ colorScheme: "dark" });
      expect(await background(page)).toBe(DARK);
      expect(await page.locator(".theme").textContent()).toBe("Light theme");
    });

    it("is what a reader has chosen, also after a reload", async () => {
      const { page } = await open(urls.example, { colorScheme: "light" });
      await page.getByRole("button", { name: "Dark theme" }).click();
      expect(await background(page)).toBe(DARK);
      await page.reload();
      expect(await background(page)).toBe(DARK);
    });

    it("is that of the system again when a reader chooses what the system has", async () => {
      const { page } = await open(urls.example, { colorScheme: "light" });
      await page.getByRole("button", { name: "Dark theme" }).click();
      await page.getByRole("button", { name: "Light theme" }).click();
      await page.emulateMedia({ colorScheme: "dark" });
      expect(await background(page)).toBe(DARK);
    });

    it.each(["light", "dark"] as const)("has enough contrast for every text: %s", async (colorScheme) => {
      const { page } = await open(urls.example, { colorScheme });
      await page.evaluate('document.querySelectorAll("details").forEach((one) => { one.open = true; })');
      expect(await facts(page, "weakContrasts(4.5)")).toEqual([]);
      expect(((await facts(page, "weakContrasts(30)")) as string[]).length).toBeGreaterThan(20);
    });
  });

  describe("printed", () => {
    it("has every entry open, and nothing to click", async () => {
      const { page } = await open(urls.example, { colorScheme: "dark" });
      await page.emulateMedia({ media: "print", colorScheme: "dark" });
      await until(async () => (await closed(page)) === 0, { what: "page with every entry open" });
      expect(await page.locator("aside").isVisible()).toBe(false);
      expect(await page.getByText("An unattended shell stays open four times as long.").isVisible()).toBe(
        true,
      );
      expect(await facts(page, 'style("body", "background-color")')).toBe("rgb(255, 255, 255)");
      expect(await facts(page, "weakContrasts(4.5)")).toEqual([]);
    });

    it("closes again what was closed", async () => {
      const { page } = await open(urls.example);
      const before = await closed(page);
      await page.emulateMedia({ media: "print" });
      await until(async () => (await closed(page)) === 0, { what: "page with every entry open" });
      await page.emulateMedia({ media: "screen" });
      await until(async () => (await closed(page)) === before, { what: "page as it was before" });
    });

    it("says which filters were set", async () => {
      const { page } = await open(`${urls.example}#account=payments`);
      await page.emulateMedia({ media: "print" });
      expect(await page.getByText("entries match account: payments").isVisible()).toBe(true);
    });

    it("has all entries of a long list", async () => {
      const { page } = await open(urls.fleet);
      await page.emulateMedia({ media: "print" });
      await until(async () => (await closed(page)) === 0, { what: "page with every entry open" });
      expect(await rows(page)).toHaveLength(2_000);
    });
  });

  describe("with 2,000 stacks", () => {
    it("makes elements only for what is near", async () => {
      const { page } = await open(urls.fleet);
      await page.locator("#search").waitFor();
      expect(await facts<number>(page, "elements()")).toBeLessThan(10_000);
      expect((await rows(page)).length).toBeLessThan(200);
    });

    it("shows more of a list when a reader comes to its end", async () => {
      const { page } = await open(urls.fleet);
      const before = (await rows(page)).length;
      await page.locator("#more-stacks").scrollIntoViewIfNeeded();
      await until(async () => (await rows(page)).length > before, { what: "more of the list" });
    });

    it("finds one stack, and what happens to it", async () => {
      const { page } = await open(urls.fleet);
      await page.locator("#search").fill("team-0777-us-east-1");
      expect(await rows(page)).toEqual(["session-team-0777-us-east-1"]);
      expect(await titles(page, "findings")).toHaveLength(9);
    });

    it("finds one account among 1,000", async () => {
      const { page } = await open(urls.fleet);
      await page.getByLabel("Find: Account").fill("0777");
      await choose(page, "account", "team-0777");
      expect(await rows(page)).toEqual(["session-team-0777-eu-central-1", "session-team-0777-us-east-1"]);
    });

    it("says in how many stacks a change is the same, and names them when a reader asks", async () => {
      const { page } = await open(urls.fleet);
      const change = page.locator("#change-2");
      expect(await change.locator("> summary > .count").textContent()).toBe(
        "the same in 1,996 of 2,000 stacks; 4 differ",
      );
      await change.locator("> summary").click();
      const list = change.locator("dd > div:has(> button) > .stacks > li");
      expect(await list.count()).toBe(20);
      await change.getByRole("button", { name: "Show 500 of 1,976 more" }).click();
      expect(await list.count()).toBe(520);
    });
  });

  it.each([360, 800, 1_280])("is not wider than a window of %d pixels", async (width) => {
    const { page } = await open(urls.example, { viewport: { width, height: 800 } });
    await page.evaluate('document.querySelectorAll("details").forEach((one) => { one.open = true; })');
    expect(await facts(page, "overflows()")).toBe(false);
  });

  it("has a name for every control and every part", async () => {
    const { page } = await open(urls.example);
    const tree = await page.locator("body").ariaSnapshot();
    expect(
      tree
        .split("\n")
        .filter((line) => /^\s*- (searchbox|button|checkbox|navigation|region|link)\s*:?$/.test(line)),
    ).toEqual([]);
    expect(tree).toMatch(/- searchbox "Search/);
    expect(tree).toMatch(/- region "Findings 8"/);
  });
});
