import { html } from "../../../../review/render/html";
import type { PageData } from "../../../../review/render/html/page-data";
import { HOSTILE_VALUES } from "../../../fixtures/hostile-values";
import { EMPTY, EXAMPLE, fleet, hostile, NO_STACKS } from "../../../fixtures/reviews";
import { expectOwnPolicy } from "../../../helpers/page-policy";

const PAGE = html(EXAMPLE);

const between = (text: string, start: string, end: string): string => text.split(start)[1]!.split(end)[0]!;
const dataOf = (page: string): PageData =>
  JSON.parse(between(page, '<script type="application/json" id="data">', "</script>")) as PageData;

describe("the page", () => {
  it("has a policy that allows its own script and style, and nothing else", () => {
    expectOwnPolicy(PAGE);
  });

  it("has its policy before everything that the policy is about", () => {
    expect(PAGE.indexOf("Content-Security-Policy")).toBeLessThan(PAGE.search(/<style|<script|<title|<link/));
  });

  it("names no address outside of itself", () => {
    const css = between(PAGE, "<style>", "</style>");
    const script = PAGE.split("<script>")[1]!;
    expect(css).not.toMatch(/url\(|@import|@font-face/);
    expect(script).not.toMatch(
      /fetch\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon|innerHTML|outerHTML|insertAdjacentHTML|eval\(|new Function/,
    );
    expect(PAGE).not.toMatch(/ (src|srcset|action|style|on\w+)=/);
    expect([...PAGE.matchAll(/href="([^"]*)"/g)].filter(([, target]) => !target!.startsWith("#"))).toEqual(
      [],
    );
  });

  it("is the same for the same review", () => {
    expect(html(EXAMPLE)).toBe(PAGE);
  });

  it("links its parts, and has no part without entries", () => {
    const ids = (page: string) => [...page.matchAll(/<section id="([\w-]+)"/g)].map(([, id]) => id);
    const linked = (page: string) =>
      [...between(page, "<nav", "</nav>").matchAll(/href="#([\w-]+)"/g)].map(([, id]) => id);
    const parts = [
      "recording",
      "waves",
      "findings",
      "policies",
      "changes",
      "drift",
      "failures",
      "stacks",
      "map-warnings",
      "not-covered",
    ];
    expect(ids(PAGE)).toEqual(parts);
    expect(linked(PAGE)).toEqual(parts);
    expect(ids(html(EMPTY))).toEqual(["recording", "waves", "stacks"]);
    expect(linked(html(NO_STACKS))).toEqual(["recording", "waves"]);
  });

  it("skips to a part that is there", () => {
    const skips = [PAGE, html(EMPTY), html(NO_STACKS)].map((page) => {
      const [, target] = /class="skip" href="#([\w-]+)"/.exec(page)!;
      return [target, page.includes(`id="${target}"`)];
    });
    expect(skips).toEqual([
      ["findings", true],
      ["recording", true],
      ["recording", true],
    ]);
  });

  it("has each id once", () => {
    const ids = [...PAGE.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) < index)).toEqual([]);
  });

  it("links only to what is there", () => {
    const page = html(fleet(200));
    for (const text of [PAGE, page]) {
      const all = JSON.stringify(dataOf(text));
      const targets = [...all.matchAll(/"#((?:finding|policy|change|drift)-\d+)"/g)].map(([, id]) => id!);
      expect(targets.length).toBeGreaterThan(0);
      expect(targets.filter((id) => !all.includes(`"id":"${id}"`))).toEqual([]);
    }
  });

  it("has the first entries of a list before its script runs, and all of them in its data", () => {
    const page = html(fleet(2_000));
    const body = page.split('<script type="application/json"')[0]!;
    expect([...body.matchAll(/class="item change"/g)]).toHaveLength(40);
    expect(dataOf(page).lists.changes).toHaveLength(42);
    expect(dataOf(page).lists.stacks).toHaveLength(2_000);
  });

  it("of 2,000 stacks is smaller than 5 MB", () => {
    expect(html(fleet(2_000)).length).toBeLessThan(5_000_000);
  });
});

describe("the data of the page", () => {
  const { lists, facets, stacks } = dataOf(PAGE);

  it("has the filters with the values that the review has", () => {
    expect(facets.map(({ name, values }) => [name, values])).toEqual([
      ["severity", ["critical", "high", "medium", "low", "info"]],
      ["change", ["add", "change", "replace", "destroy", "import", "move", "forget"]],
      ["wave", ["every wave", "canary", "rest"]],
      ["account", ["log-archive", "sandbox", "payments", "orders", "management"]],
      ["region", ["eu-central-1", "us-east-1", "eu-west-1"]],
      ["kind", ["archive", "session", "account", "guardrails"]],
    ]);
  });

  it("says of a change which findings are about the same objects", () => {
    const severities = lists.changes.map((change) => change.severities);
    expect(severities.slice(0, 5)).toEqual([["critical", "info"], ["high"], ["high"], ["high"], ["medium"]]);
  });

  it("says of a finding what happens to its objects, also outside of Terraform", () => {
    expect(lists.findings.map(({ changes }) => changes)).toEqual([
      [],
      ["replace", "change"],
      ["change"],
      ["change"],
      ["change"],
      ["destroy"],
      ["change"],
      ["replace", "change"],
    ]);
  });

  it("has the failed stacks first, then those that change", () => {
    const ids = lists.stacks.map(({ at }) => stacks[at[0]![0]]!.id);
    expect([ids[0], ids.at(-1)]).toEqual(["session-orders-eu-west-1", "account-orders"]);
  });
});

describe.each(HOSTILE_VALUES)("$name in every text of a review", ({ value }) => {
  const page = html(hostile(value));
  const body = page
    .split("<script>")[0]!
    .replace(/<style>[^]*?<\/style>/, "")
    .replace(/<(no)?script[^]*?<\/(no)?script>/g, "");

  it("becomes no element and no attribute", () => {
    const tags = [...body.matchAll(/<[^>]*>?/g)].map(([tag]) => tag);
    const ours =
      /^<(!doctype html|\/?(html|head|body|title|main|footer|nav|aside|section|header|a|article|code|dd|del|details|div|dl|dt|em|h1|h2|h4|ins|li|p|pre|span|strong|summary|table|tbody|td|th|thead|tr|ul)|meta)( [a-z-]+(="[^"<>]*")?)*>$/;
    expect(tags.filter((tag) => !ours.test(tag))).toEqual([]);
  });

  it("stays within the data of the page", () => {
    const json = between(page, '<script type="application/json" id="data">', "</script>");
    expect(json).not.toMatch(/[<>&\u2028\u2029]/);
    expect(JSON.parse(json)).toMatchObject({ stacks: [{}, {}] });
  });

  it("shows every character", () => {
    expect(page.replace(/\n/g, "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/u);
  });
});
