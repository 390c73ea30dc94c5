import { html } from "../../review/render/html";
import { shown } from "../../review/render/html/tree";
import { HOSTILE_VALUES } from "../fixtures/hostile-values";
import { EXAMPLE, hostile, together } from "../fixtures/reviews";
import { describeInChromium, findChromium } from "../helpers/browser/chromium";
import { pagesInChromium } from "../helpers/browser/pages-in-chromium";
import { until } from "../helpers/until";
import type { OpenPage } from "../helpers/browser/open-page";

const CHROMIUM = findChromium(process.env);
const HOSTILE = together(HOSTILE_VALUES.map(({ value }) => hostile(value)));

describeInChromium(CHROMIUM)("the page of a review with hostile values", () => {
  const pages = pagesInChromium(CHROMIUM!);

  const open = (text: string, options = {}) => pages.open(pages.write("page", text), options);

  /** Prints the page, so that every entry of every list has its elements, and is open. */
  const openAll = async ({ page }: OpenPage) => {
    await page.emulateMedia({ media: "print" });
    await until(async () => (await page.evaluate("facts.closedDetails()")) === 0, {
      what: "page with every entry open",
    });
  };

  it("runs none of them, and asks for nothing", async () => {
    const one = await open(html(HOSTILE));
    await openAll(one);
    expect(await one.page.evaluate("window.hacked")).toBeUndefined();
    expect(await one.trouble()).toEqual([]);
    expect(one.requests).toHaveLength(1);
  });

  it("makes none of them an element or an attribute", async () => {
    const one = await open(html(HOSTILE));
    await openAll(one);
    expect(await one.page.evaluate("facts.intruders()")).toEqual([]);
  });

  it("makes none of them an element or an attribute without scripts", async () => {
    const { page } = await open(html(HOSTILE), { javaScriptEnabled: false });
    const strange = page.locator(
      "img, iframe, object, form, base, link, svg, body style, body meta, [style], [onclick], [onerror], [onload], [onfocus], [onmouseover]",
    );
    expect(await strange.count()).toBe(0);
    expect(await page.locator("script").count()).toBe(2);
  });

  it("shows each of them as the text that it is", async () => {
    const one = await open(html(HOSTILE));
    await openAll(one);
    const text = (await one.page.locator("main").textContent())!;
    expect(
      HOSTILE_VALUES.filter(({ value }) => !text.includes(shown(value))).map(({ name }) => name),
    ).toEqual([]);
  });

  it("shows no character that a reader cannot see", async () => {
    const one = await open(html(HOSTILE));
    await openAll(one);
    const text = (await one.page.locator("body").innerText()).replace(/[\n\t]/g, "");
    expect(text.match(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu)).toBeNull();
  });

  it("searches and filters for them as text", async () => {
    const { page, trouble } = await open(html(HOSTILE));
    await page.locator("#search").fill("</script><script>");
    expect(await page.locator("[data-list=findings] > .item").count()).toBeGreaterThan(0);
    await page.locator("[data-facet=kind] input[type=checkbox]").first().check();
    await page.reload();
    expect(await page.evaluate("facts.intruders()")).toEqual([]);
    expect(await trouble()).toEqual([]);
  });

  it.each(["search", "account", "severity", "x"])("takes a hostile hash as text: %s", async (name) => {
    const url = pages.write("page", html(HOSTILE));
    const value = encodeURIComponent("</script><img src=x onerror=window.hacked=1>");
    const one = await pages.open(`${url}#${name}=${value}`);
    expect(await one.page.evaluate("window.hacked")).toBeUndefined();
    expect(await one.page.evaluate("facts.intruders()")).toEqual([]);
    expect(await one.trouble()).toEqual([]);
  });

  it.each([360, 1_280])("is not wider than a window of %d pixels", async (width) => {
    const one = await open(html(HOSTILE), { viewport: { width, height: 800 } });
    await openAll(one);
    await one.page.emulateMedia({ media: "screen" });
    await one.page.evaluate('document.querySelectorAll("details").forEach((one) => { one.open = true; })');
    expect(await one.page.evaluate("facts.overflows()")).toBe(false);
  });

  describe("if the renderer failed to escape a value", () => {
    const withHole = (hole: string): string => html(EXAMPLE).replace("<main>", `<main>${hole}`);

    it.each([
      ["a script", "<script>window.hacked=1</script>", "script-src-elem inline"],
      ["an event handler", '<details open ontoggle="window.hacked=1">x</details>', "script-src-attr inline"],
      ["an image", '<img src="https://evil.example/x.png">', "img-src https://evil.example/x.png"],
      ["a style", "<style>body{display:none}</style>", "style-src-elem inline"],
      ["a style of an element", '<p style="color:red">x</p>', "style-src-attr inline"],
      ["a frame", '<iframe src="https://evil.example/"></iframe>', "frame-src https://evil.example"],
      ["another base", '<base href="https://evil.example/">', "base-uri https://evil.example"],
    ])("the Content-Security-Policy blocks %s, and the checks detect it", async (_name, hole, violation) => {
      const { page, trouble, requests, stopped } = await open(withHole(hole));
      expect(await page.evaluate("window.hacked")).toBeUndefined();
      expect((await trouble()).join("\n")).toContain(violation);
      expect((await page.evaluate("facts.intruders()")) as string[]).not.toEqual([]);
      expect(requests.filter((url) => url.startsWith("http") && !stopped.includes(url))).toEqual([]);
    });

    it("the Content-Security-Policy blocks HTML that a script makes from a text", async () => {
      const { page } = await open(html(EXAMPLE));
      const assign = 'try { document.body.innerHTML = "<b>x</b>"; "assigned" } catch (error) { error.name }';
      expect(await page.evaluate(assign)).toBe("TypeError");
    });

    it("the Content-Security-Policy blocks a form", async () => {
      const { page, trouble, requests } = await open(
        withHole('<form action="https://evil.example/"><button id="go">go</button></form>'),
      );
      await page.evaluate('document.querySelector("#go").click()');
      expect((await trouble()).join("\n")).toContain("form-action https://evil.example/");
      expect(requests).toHaveLength(1);
    });
  });
});
