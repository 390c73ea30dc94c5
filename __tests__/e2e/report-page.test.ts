import type { Page } from "playwright-core";
import type { LogEvent } from "../../report/replay/events";
import { writtenBy } from "../../report/replay/events";
import { plainText } from "../../report/replay/plain-text";
import { recordingOf } from "../../report/replay/recording";
import { html } from "../../report/render/html";
import { rowKey } from "../../report/row-key";
import { coverage, hostileRow, month, reportOf } from "../fixtures/reports";
import { HOSTILE_VALUES } from "../fixtures/hostile-values";
import { violationsOf } from "../helpers/browser/axe";
import { describeInChromium, findChromium } from "../helpers/browser/chromium";
import { pagesInChromium } from "../helpers/browser/pages-in-chromium";
import { hostileTexts } from "../report/replay/hostile-texts";

const CHROMIUM = findChromium(process.env);
const DENIED = {
  status: "not-covered",
  reason: "AccessDenied: not authorized to perform: sts:AssumeRole",
} as const;
const REPORT = reportOf(month(300), {
  coverage: [
    coverage("orders", "eu-west-1", { history: DENIED, trail: DENIED }),
    coverage("payments", "eu-west-1"),
  ],
});
const START = Date.parse("2026-11-24T09:00:03Z");
const event = (seconds: number, message: string): LogEvent => ({
  timestamp: START + seconds * 1000,
  message,
});
const TRANSCRIPT = "$ rm -rf /\rls\n";
const RECORDING = recordingOf(
  writtenBy([
    event(0, "$ ls\n"),
    event(1, "\u001b[1;31mtotal\u001b[0m 12\n"),
    event(61, "\u001b]0;evil\u0007$ rm -rf /\n"),
    event(62, "bye\n"),
  ]),
);
const PLAYED = REPORT.rows[0]!;
const REPLAYS = new Map([[rowKey(PLAYED), { recording: RECORDING, transcript: plainText(TRANSCRIPT) }]]);

const HOSTILE = reportOf(
  HOSTILE_VALUES.map(({ value }, index) => hostileRow(value, index)),
  {
    coverage: HOSTILE_VALUES.map(({ value }) =>
      coverage(value, value, { history: { status: "not-covered", reason: value } }),
    ),
  },
);
const HOSTILE_REPLAYS = new Map([
  [
    rowKey(HOSTILE.rows[0]!),
    {
      recording: recordingOf(hostileTexts(500).map((text, index) => ({ time: index * 100, text }))),
      transcript: plainText(hostileTexts(500).join("\n")),
    },
  ],
]);

describeInChromium(CHROMIUM)("the page of a report", () => {
  const pages = pagesInChromium(CHROMIUM!);
  let urls: Readonly<Record<"month" | "many" | "empty" | "hostile", string>>;

  const { open } = pages;

  beforeAll(() => {
    urls = {
      month: pages.write("month", html(REPORT, REPLAYS)),
      many: pages.write("many", html(reportOf(month(10_000)))),
      empty: pages.write("empty", html(reportOf([]))),
      hostile: pages.write("hostile", html(HOSTILE, HOSTILE_REPLAYS)),
    };
  });

  const hashOf = (page: Page): string => decodeURIComponent(new URL(page.url()).hash.replaceAll("+", " "));
  const facts = <T>(page: Page, call: string): Promise<T> => page.evaluate(`facts.${call}`);
  const rows = (page: Page) => page.locator("#rows > tr.item");
  /** Texts of a column of the table. */
  const column = (page: Page, name: string): Promise<string[]> =>
    page.locator(`#rows > tr.item > td[data-label="${name}"]`).allInnerTexts();
  const where = (page: Page): Promise<string | null> => page.locator(".where").textContent();
  const sort = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
  const choose = (page: Page, facet: string, value: string) =>
    page.locator(`[data-facet=${facet}]`).getByLabel(value, { exact: true }).check();
  const openFirst = (page: Page) => rows(page).first().getByRole("button").click();

  describe("when it opens from disk", () => {
    it.each(["month", "many", "empty", "hostile"] as const)(
      "asks for nothing but itself, and has no trouble: %s",
      async (name) => {
        const { page, requests, trouble } = await open(urls[name]);
        await page.locator(".theme").waitFor();
        expect({ requests, trouble: await trouble() }).toEqual({ requests: [urls[name]], trouble: [] });
      },
    );

    it("says first what is not recorded, then what could not be read", async () => {
      const { page } = await open(urls.month);
      expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe(
        "4 sessions are not recorded and should be, and 1 target could not be read",
      );
      expect(await page.locator("main > section").first().textContent()).toContain(DENIED.reason);
    });

    it("can be read without scripts", async () => {
      const { page } = await open(urls.month, { javaScriptEnabled: false });
      expect(await rows(page).count()).toBe(50);
      expect(await page.locator("#per-day svg").isVisible()).toBe(true);
      expect(await page.locator("#tools").isVisible()).toBe(false);
    });

    it("of 10,000 sessions has the elements of one page of them, and decodes no evidence", async () => {
      const { page } = await open(urls.many);
      expect(await where(page)).toBe("1–50 of 10,000");
      expect(await facts<number>(page, "elements()")).toBeLessThan(4_000);
      expect(await page.locator("script[id^=facts-]").count()).toBe(100);
    });
  });

  describe("the charts", () => {
    it("are drawn with the numbers of the report", async () => {
      const { page } = await open(urls.month);
      const drawn = (await page.evaluate(
        "[...document.querySelectorAll('#per-day .bar')].map((bar) => ({ count: Number(bar.dataset.count), tall: [...bar.querySelectorAll('rect')].reduce((sum, rect) => sum + rect.getBoundingClientRect().height, 0) }))",
      )) as { count: number; tall: number }[];
      expect(drawn.map(({ count }) => count)).toEqual(
        REPORT.summary.aggregates.perDay.map(({ sessions }) => sessions),
      );
      const [scale] = drawn.filter(({ count }) => count > 0).map(({ count, tall }) => tall / count);
      for (const { count, tall } of drawn) expect(tall).toBeCloseTo(count * scale!, 0);
    });

    it("have a darker cell for more sessions", async () => {
      const { page } = await open(urls.month);
      const shades = (await page.evaluate(
        "[...document.querySelectorAll('#heat-map .cell')].map((cell) => [Number(cell.dataset.count), getComputedStyle(cell.querySelector('rect')).fill])",
      )) as [number, string][];
      expect(shades.map(([count]) => count)).toEqual(REPORT.summary.aggregates.heatMap.flat());
      expect(new Set(shades.map(([, fill]) => fill)).size).toBeGreaterThan(2);
    });

    it("lead to the rows that they count", async () => {
      const { page } = await open(urls.month);
      await page.locator("#people").getByRole("link", { name: "bob" }).click();
      await page.getByText("60 of 300 rows match person: bob").waitFor();
      expect(new Set(await column(page, "Person"))).toEqual(new Set(["bob"]));
      expect(await facts(page, "focus()")).toMatchObject({ tag: "section" });
    });
  });

  describe("the table", () => {
    it("sorts by a column, the other way round, and as it was", async () => {
      const { page } = await open(urls.month);
      const before = await column(page, "Start");
      await sort(page, "Start");
      const up = await column(page, "Start");
      expect(up).toEqual([...up].sort());
      await sort(page, "Start");
      const down = await column(page, "Start");
      expect(down[0]! > up[0]!).toBe(true);
      expect(await page.locator("th[aria-sort=descending]").count()).toBe(1);
      expect(hashOf(page)).toBe("#sort=-start");
      await sort(page, "Start");
      expect(await column(page, "Start")).toEqual(before);
    });

    it("filters by what is checked, and by words", async () => {
      const { page } = await open(urls.month);
      await choose(page, "account", "orders");
      await page.locator("#search").fill("node-1 carol");
      expect(new Set(await column(page, "Account"))).toEqual(new Set(["orders"]));
      expect(new Set(await column(page, "Person"))).toEqual(new Set(["carol"]));
      expect(hashOf(page)).toBe("#search=node-1 carol&account=orders");
      await page.getByRole("button", { name: "Clear search and filters" }).click();
      expect(await where(page)).toBe("1–50 of 300");
    });

    it("has pages of 50 or 100 rows", async () => {
      const { page } = await open(urls.month);
      await page.getByRole("button", { name: "Next", exact: true }).click();
      expect(await where(page)).toBe("51–100 of 300");
      await page.getByLabel("Rows of a page").selectOption("100");
      expect([await where(page), await rows(page).count()]).toEqual(["1–100 of 300", 100]);
      await page.getByRole("button", { name: "Last", exact: true }).click();
      expect([await where(page), hashOf(page)]).toEqual(["201–300 of 300", "#size=100&page=3"]);
    });

    it("is as the hash of its URL says, again after a reload", async () => {
      const { page } = await open(`${urls.month}#account=payments&sort=-duration&page=2`);
      const seen = [await where(page), (await column(page, "Session"))[0]];
      expect(seen[0]).toBe("51–100 of 100");
      await page.reload();
      expect([await where(page), (await column(page, "Session"))[0]]).toEqual(seen);
    });

    it.each(["search", "account", "sort", "page", "session", "size"])(
      "takes a hostile hash as text: %s",
      async (name) => {
        const value = encodeURIComponent("</script><img src=x onerror=window.hacked=1>");
        const { page, trouble } = await open(`${urls.month}#${name}=${value}`);
        expect(await page.evaluate("window.hacked")).toBeUndefined();
        expect(await facts(page, "intruders()")).toEqual([]);
        expect(await trouble()).toEqual([]);
      },
    );
  });

  describe("the evidence", () => {
    it("opens and closes below its row, and its link opens it on its page", async () => {
      const { page } = await open(urls.month);
      await page.getByRole("button", { name: "Last", exact: true }).click();
      await openFirst(page);
      const id = (await column(page, "Session"))[0]!;
      expect(await page.locator("tr.card").textContent()).toContain(`Session id${id}`);
      const { page: other } = await open(page.url().replace(/page=\d+&/, ""));
      expect(await other.locator("tr.card").textContent()).toContain(`Session id${id}`);
      expect(await where(other)).toBe("251–300 of 300");
      await openFirst(page);
      expect(await page.locator("tr.card").count()).toBe(0);
    });

    it("has the parts that are known, with their values", async () => {
      const { page } = await open(`${urls.month}#level=good`);
      await openFirst(page);
      expect(await page.locator(".evidence h3").allTextContents()).toEqual([
        ...["Finding", "Session", "Person", "Witnesses", "CloudTrail event"],
        ...["Transcript in S3", "Replica in S3", "Log stream"],
      ]);
      const card = await page.locator("tr.card").textContent();
      for (const value of [
        "Ht5x.v1",
        "CRC64NVME:4Ndlh2CLhmU=",
        "COMPLIANCE",
        "4,812 bytes",
        "203.0.113.10",
        "operator",
      ])
        expect(card).toContain(value);
    });
  });

  describe("the keyboard", () => {
    it("goes to the search, from row to row, opens one, and clears", async () => {
      const { page } = await open(urls.month);
      await page.keyboard.press("/");
      expect(await page.evaluate("document.activeElement.id")).toBe("search");
      await page.keyboard.type("alice");
      await page.keyboard.press("Enter");
      await page.keyboard.press("j");
      expect(await facts(page, "focus()")).toMatchObject({ tag: "button", hasOutline: true });
      await page.keyboard.press("Enter");
      expect(await page.locator("tr.card").count()).toBe(1);
      expect(await facts(page, "focus()")).toMatchObject({ tag: "button" });
      await page.keyboard.press("Escape");
      expect(await where(page)).toBe("1–50 of 300");
    });

    it("sorts with Enter, and keeps the focus", async () => {
      const { page } = await open(urls.month);
      await page.getByRole("button", { name: "Person", exact: true }).focus();
      await page.keyboard.press("Enter");
      expect(hashOf(page)).toBe("#sort=person");
      expect(await page.evaluate("document.activeElement.textContent")).toBe("Person");
    });
  });

  describe("the replay", () => {
    const played = async (): Promise<Page> => {
      const { page } = await open(`${urls.month}#session=${encodeURIComponent(rowKey(PLAYED))}`);
      await page.clock.install();
      return page;
    };
    const output = (page: Page): Promise<string> => page.locator(".screen-of-session").innerText();

    it("plays at its own pace, and cuts pauses", async () => {
      const page = await played();
      expect(await output(page)).not.toContain("total");
      await page.getByRole("button", { name: "Play", exact: true }).click();
      await page.clock.runFor(1_200);
      expect(await output(page)).toContain("total 12");
      expect(await output(page)).not.toContain("rm -rf");
      await page.clock.runFor(2_000);
      expect(await output(page)).toContain("rm -rf /");
      await page.clock.runFor(2_000);
      expect(await page.locator(".play").textContent()).toBe("Play");
      expect(await page.locator(".time").textContent()).toBe("0:04 of 0:04");
    });

    it("plays faster, and with whole pauses", async () => {
      const page = await played();
      await page.getByLabel("Pauses").selectOption("Whole pauses");
      await page.getByLabel("Speed").selectOption("16");
      expect(await page.locator(".time").textContent()).toBe("0:00 of 1:02");
      await page.getByRole("button", { name: "Play", exact: true }).click();
      await page.clock.runFor(3_500);
      expect(await output(page)).not.toContain("rm -rf");
      await page.clock.runFor(600);
      expect(await output(page)).toContain("bye");
    });

    it("shows colours, and a mark instead of a sequence that changes the title", async () => {
      const page = await played();
      const title = await page.title();
      await page.getByLabel("Position").fill("4");
      expect(await page.locator(".screen-of-session .colour-1.bold").textContent()).toBe("total");
      expect(await page.locator(".screen-of-session .mark").textContent()).toBe("␛]0;evil␇");
      expect(await page.title()).toBe(title);
    });

    it("goes back when the position does", async () => {
      const page = await played();
      await page.getByLabel("Position").fill("4");
      await page.getByLabel("Position").fill("1");
      expect(await output(page)).toContain("total 12");
      expect(await output(page)).not.toContain("rm -rf");
    });

    it("goes to what is searched for", async () => {
      const page = await played();
      await page.getByLabel("Find in the session").fill("RM -RF");
      await page.keyboard.press("Enter");
      expect(await output(page)).toContain("rm -rf /");
      expect(await page.locator(".said").textContent()).toBe("Frame 3 of 4");
      await page.getByLabel("Find in the session").fill("nothing like it");
      await page.keyboard.press("Enter");
      expect(await page.locator(".said").textContent()).toBe("Not found");
    });

    it("is operated with the keyboard", async () => {
      const page = await played();
      await page.locator(".screen-of-session").focus();
      await page.keyboard.press("Space");
      expect(await page.locator(".play").textContent()).toBe("Pause");
      await page.keyboard.press("Space");
      await page.keyboard.press("ArrowRight");
      expect(await output(page)).toContain("bye");
      await page.keyboard.press("ArrowLeft");
      expect(await output(page)).not.toContain("bye");
    });

    it("has the transcript as text, in which nothing is overwritten", async () => {
      const page = await played();
      await page.getByText("Transcript as text").click();
      expect(await page.locator(".transcript").textContent()).toBe("$ rm -rf /␍ls\n");
    });
  });

  describe("hostile values", () => {
    it("do nothing, wherever they are shown", async () => {
      const { page, requests, trouble } = await open(
        `${urls.hostile}#session=${encodeURIComponent(rowKey(HOSTILE.rows[0]!))}&size=100`,
      );
      await openFirst(page);
      if ((await page.locator("tr.card").count()) === 0) await openFirst(page);
      await page.getByLabel("Position").fill("1000");
      await page.evaluate('document.querySelectorAll("details").forEach((one) => { one.open = true; })');
      expect(await page.evaluate("window.hacked")).toBeUndefined();
      expect(await facts(page, "intruders()")).toEqual([]);
      expect(await trouble()).toEqual([]);
      expect(requests).toHaveLength(1);
      const text = (await page.locator("body").innerText()).replace(/[\n\t]/g, "");
      expect(text.match(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu)).toBeNull();
    });

    it.each([360, 1_280])("do not make the page wider than a window of %d pixels", async (width) => {
      const { page } = await open(urls.hostile, { viewport: { width, height: 800 } });
      await openFirst(page);
      expect(await facts(page, "overflows()")).toBe(false);
    });
  });

  describe("for everybody", () => {
    it.each(["light", "dark"] as const)(
      "has no violation that axe-core finds, in %s colours",
      async (colorScheme) => {
        const { page } = await open(`${urls.month}#session=${encodeURIComponent(rowKey(PLAYED))}`, {
          bypassCSP: true,
          colorScheme,
        });
        await page.locator(".player").waitFor();
        expect(await violationsOf(page)).toEqual([]);
        await page.evaluate('document.querySelectorAll("details").forEach((one) => { one.open = true; })');
        expect(await violationsOf(page)).toEqual([]);
        expect(await facts(page, "weakContrasts(4.5)")).toEqual([]);
      },
    );

    it("has no violation that axe-core finds, on a phone", async () => {
      const { page } = await open(urls.month, { bypassCSP: true, viewport: { width: 390, height: 800 } });
      await openFirst(page);
      expect(await violationsOf(page)).toEqual([]);
      expect(await facts(page, "overflows()")).toBe(false);
    });

    it("has the labels of its cells on a phone, where the table has no head", async () => {
      const { page } = await open(urls.month, { viewport: { width: 390, height: 800 } });
      expect(
        await page.evaluate("getComputedStyle(document.querySelector('#rows td'), '::before').content"),
      ).toBe('"Start"');
    });

    it("is printed with every row that the filters let through, and has its page of them again afterwards", async () => {
      const { page, trouble } = await open(`${urls.month}#page=3`);
      await page.emulateMedia({ media: "print" });
      await rows(page).nth(299).waitFor();
      expect(await rows(page).count()).toBe(300);
      expect(await page.locator("#table + .alert").isVisible()).toBe(false);
      await page.emulateMedia({ media: "screen" });
      await page.locator(".paging").waitFor();
      expect(await rows(page).count()).toBe(50);
      expect(await where(page)).toBe("101–150 of 300");
      expect(await trouble()).toEqual([]);
    });

    it("says on paper how many rows of a long table are left out, and on the screen nothing of it", async () => {
      const { page } = await open(urls.many);
      const left = page.locator("#table + .alert");
      expect(await left.isVisible()).toBe(false);
      await page.evaluate("dispatchEvent(new Event('beforeprint'))");
      expect(await rows(page).count()).toBe(1_000);
      expect(await left.textContent()).toContain("The first 1,000 rows are printed, and 9,000 are left out.");
      expect(await left.isVisible()).toBe(true);
      await page.evaluate("dispatchEvent(new Event('afterprint'))");
      expect(await left.isVisible()).toBe(false);
      expect(await rows(page).count()).toBe(50);
    });

    it("becomes a PDF with each of its rows", async () => {
      const { page } = await open(urls.month);
      let most = 0;
      await page.exposeFunction("printing", (count: number) => void (most = count));
      await page.evaluate(
        "addEventListener('beforeprint', () => window.printing(document.querySelectorAll('#rows > tr.item').length))",
      );
      const pdf = await page.pdf();
      expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
      expect(most).toBe(300);
    });

    it("is printed in light colours, without its tools", async () => {
      const { page } = await open(urls.month, { colorScheme: "dark" });
      await page.emulateMedia({ media: "print" });
      expect(await page.locator("#tools").isVisible()).toBe(false);
      expect(await page.locator(".paging").isVisible()).toBe(false);
      expect(await facts(page, 'style("body", "background-color")')).toBe("rgb(255, 255, 255)");
    });
  });
});
