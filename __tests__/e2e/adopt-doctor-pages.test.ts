import { adoptionHtml } from "../../fleet/adopt/render/html";
import type { Adoption } from "../../fleet/adopt/model";
import type { Diagnosis, Line } from "../../fleet/doctor/model";
import { html as doctorHtml } from "../../fleet/doctor/render/html";
import { ADOPTION } from "../fixtures/adoption";
import { HOSTILE_VALUES } from "../fixtures/hostile-values";
import { violationsOf } from "../helpers/browser/axe";
import { describeInChromium, findChromium } from "../helpers/browser/chromium";
import { pagesInChromium } from "../helpers/browser/pages-in-chromium";

const CHROMIUM = findChromium(process.env);

const line = (change: Partial<Line>): Line => ({
  stack: "session-a",
  account: "a",
  region: "eu-west-1",
  check: "rule",
  subject: "r",
  verdict: "ok",
  found: "It is enabled.",
  why: null,
  remedy: null,
  ...change,
});
const diagnosis = (lines: Line[]): Diagnosis => ({
  version: 1,
  organization: "acme",
  generatedAt: "2026-11-26T12:00:00.000Z",
  stacks: ["account-a", "session-a"],
  lines,
});
const DIAGNOSIS = diagnosis([
  line({}),
  line({ verdict: "warning", found: "It matched nothing.", why: "Why.", remedy: "Do." }),
  line({ verdict: "fault", found: "It is disabled.", why: "Why.", remedy: "Do." }),
  line({ verdict: "not-looked-at", found: "AccessDenied: no.", why: "Why.", remedy: "Do." }),
]);

/** Texts of AWS that attackers may have chosen, at every place of the pages. */
const HOSTILE_DIAGNOSIS = diagnosis(
  HOSTILE_VALUES.map(({ value }) =>
    line({ verdict: "fault", subject: value, found: value, why: value, remedy: value }),
  ),
);
const HOSTILE_ADOPTION: Adoption = {
  ...ADOPTION,
  shared: HOSTILE_VALUES.map(({ value }) => ({
    subject: "state",
    verdict: "to-do",
    text: value,
    remedy: value,
  })),
  targets: HOSTILE_VALUES.map(({ value }, index) => ({
    ...ADOPTION.targets[0]!,
    // The schema of the map knows no hostile names of accounts.
    account: `a${index}`,
    stack: `session-a${index}-eu-central-1`,
    document: { ...ADOPTION.targets[0]!.document!, owner: value },
    changes: [
      {
        path: value,
        effect: "weaker",
        why: value,
        before: { is: "known", value },
        after: { is: "known", value: { [value]: [value] } },
      },
    ],
  })),
};
const PAGES = {
  adopt: adoptionHtml(ADOPTION),
  doctor: doctorHtml(DIAGNOSIS),
  "adopt with hostile texts": adoptionHtml(HOSTILE_ADOPTION),
  "doctor with hostile texts": doctorHtml(HOSTILE_DIAGNOSIS),
} as const;
type Name = keyof typeof PAGES;
const NAMES = Object.keys(PAGES) as Name[];

describeInChromium(CHROMIUM)("the page of", () => {
  const pages = pagesInChromium(CHROMIUM!);
  const urls = new Map<Name, string>();
  const open = (name: Name, options = {}) => pages.open(urls.get(name)!, options);

  beforeAll(() => {
    for (const name of NAMES) urls.set(name, pages.write(name.replaceAll(" ", "-"), PAGES[name]));
  });

  it.each(NAMES)(
    "%s asks for nothing but itself, runs nothing of its texts, and has no trouble",
    async (name) => {
      const { page, requests, trouble } = await open(name);
      expect(await page.getByRole("heading", { level: 1 }).count()).toBe(1);
      expect({ requests, trouble: await trouble() }).toEqual({ requests: [urls.get(name)], trouble: [] });
      expect(await page.evaluate("window.hacked")).toBeUndefined();
      for (const element of ["iframe", "form", "img", "base"])
        expect(await page.locator(element).count()).toBe(0);
    },
  );

  it.each(NAMES.flatMap((name) => (["light", "dark"] as const).map((scheme) => [name, scheme] as const)))(
    "%s can be read by everybody in the %s colours, on a wide screen and on a telephone",
    async (name, colorScheme) => {
      const { page } = await open(name, { bypassCSP: true, colorScheme });
      expect(await violationsOf(page)).toEqual([]);
      await page.setViewportSize({ width: 390, height: 800 });
      expect(await violationsOf(page)).toEqual([]);
    },
  );

  it.each(["adopt", "doctor"] as const)("%s can be read without scripts", async (name) => {
    const { page } = await open(name, { javaScriptEnabled: false });
    const text = await page.locator("main").innerText();
    expect(text).toContain("AccessDenied: no.");
  });
});
