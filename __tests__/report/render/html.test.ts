import { shown } from "../../../pages/tree";
import { visible } from "../../../pages/visible";
import type { Report } from "../../../report/model";
import { html } from "../../../report/render/html";
import { rowKey } from "../../../report/row-key";
import { workingWords } from "../../../report/render/html/charts";
import type { FactChunk, PageData, PageReplay } from "../../../report/render/html/page-data";
import { recordingOf } from "../../../report/replay/recording";
import { MEANINGS, VERDICTS } from "../../../report/verdicts";
import { HOSTILE_VALUES } from "../../fixtures/hostile-values";
import { coverage, EVERY_VERDICT, hostileRow, month, reportOf, row } from "../../fixtures/reports";
import { expectOwnPolicy } from "../../helpers/page-policy";

const REPORT = reportOf(month(300));
const PAGE = html(REPORT);

const between = (text: string, start: string, end: string): string => text.split(start)[1]!.split(end)[0]!;
const valueOf = <T>(page: string, id: string): T =>
  JSON.parse(between(page, `<script type="application/json" id="${id}">`, "</script>")) as T;
const dataOf = (page: string) => valueOf<PageData>(page, "data");
const unescaped = (text: string): string =>
  text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
/** Texts of a part of the page. */
const textOf = (page: string, id: string): string =>
  unescaped(between(page, `<section id="${id}"`, "</section>").replace(/<[^>]*>/g, " "));

/** The evidence about a row, as `[group, label, value]`. */
function evidence(page: string, index: number): string[][] {
  const { facts, chunk } = dataOf(page);
  const { values, rows } = valueOf<FactChunk>(page, `facts-${Math.floor(index / chunk)}`);
  return rows[index % chunk]!.flatMap((position, at) =>
    position === -1 ? [] : [[facts[at]!.group, facts[at]!.label, values[position]!]],
  );
}

describe("the page", () => {
  it("has a policy that allows its own script and style, and nothing else", () => {
    expectOwnPolicy(PAGE);
  });

  it("lists the warnings about the map with the coverage, as text, and nothing where there is none", () => {
    const warning = "<b>accounts.shop</b> (unheard-findings):\u202e nobody hears";
    const page = html(reportOf(month(3), { mapWarnings: [warning, "another"] }));
    expect(textOf(page, "coverage")).toContain(
      "<b>accounts.shop</b> (unheard-findings):\\u202e nobody hears",
    );
    expect(between(page, '<ul id="map-warnings">', "</ul>").split("<li>")).toHaveLength(3);
    expect(PAGE).not.toContain("Warnings about the map");
  });

  it("names no address outside of itself, and has no handler and no style in an attribute", () => {
    expect(between(PAGE, "<style>", "</style>")).not.toMatch(/url\(|@import|@font-face/);
    expect(PAGE.split("<script>")[1]!).not.toMatch(
      /fetch\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon|innerHTML|outerHTML|insertAdjacentHTML|eval\(|new Function/,
    );
    expect(PAGE).not.toMatch(/<[^>]* (src|srcset|action|style|on\w+)=/);
    expect([...PAGE.matchAll(/href="([^"]*)"/g)].filter(([, target]) => !target!.startsWith("#"))).toEqual(
      [],
    );
  });

  it("is the same for the same report", () => {
    expect(html(REPORT)).toBe(PAGE);
  });

  it("links each of its parts, coverage first", () => {
    const ids = [...PAGE.matchAll(/<section id="([\w-]+)"/g)].map(([, id]) => id);
    expect(ids).toEqual(["coverage", "verdicts", "when", "who", "sessions"]);
    expect([...between(PAGE, "<nav", "</nav>").matchAll(/href="#([\w-]+)"/g)].map(([, id]) => id)).toEqual(
      ids,
    );
  });
});

describe("the first sentence", () => {
  const denied = { status: "not-covered", reason: "AccessDenied" } as const;
  const open = [coverage("payments", "eu-west-1"), coverage("orders", "eu-west-1", { history: denied })];
  const of = (kind: (typeof VERDICTS)[number]) => row({ verdict: { kind, words: [] } });
  const title = (report: Report) => unescaped(between(html(report), "<h1>", "</h1>"));

  it.each([
    [
      "sessions without a record",
      [of("unrecorded"), of("recorded")],
      undefined,
      "1 session is not recorded and should be",
    ],
    [
      "sessions without a record, and what could not be read",
      [of("unrecorded")],
      open,
      "1 session is not recorded and should be, and 1 target could not be read",
    ],
    ["other alarms", [of("record-only")], undefined, "1 alarm: sessions and records contradict each other"],
    [
      "what could not be read, whatever else is good",
      [of("recorded")],
      open,
      "1 of 2 targets could not be read: sessions may be missing",
    ],
    [
      "what could not be read, if nothing was found",
      [],
      open,
      "1 of 2 targets could not be read: sessions may be missing",
    ],
    ["that nothing was selected", [], [], "No target was selected"],
    [
      "records that could not be read",
      [of("unread")],
      undefined,
      "The records of 1 session could not be read",
    ],
    [
      "warnings",
      [of("in-part")],
      undefined,
      "No session is without a record that should have one; 1 session may lack a part",
    ],
    [
      "that all is recorded",
      [of("recorded"), of("ssh")],
      undefined,
      "Every session that should be recorded is recorded",
    ],
    ["that there was none", [], undefined, "No session in 1 target, all of which could be read"],
  ])("names %s", (_name, rows, targets, sentence) => {
    expect(title(reportOf(rows, targets === undefined ? {} : { coverage: targets }))).toBe(sentence);
  });
});

describe("the coverage", () => {
  const words =
    "AccessDenied: User: arn:aws:sts::1:assumed-role/x is not authorized to perform: sts:AssumeRole";
  const denied = { status: "not-covered", reason: words } as const;
  const page = html(
    reportOf([], {
      coverage: [
        coverage("orders", "eu-west-1", { history: denied, trail: denied }),
        coverage("payments", "eu-west-1", { instances: denied }),
      ],
    }),
  );

  it("has AWS's own words about each target that is not covered, once", () => {
    expect(textOf(page, "coverage")).toContain(`Session history, CloudTrail : ${words}`);
  });

  it("says that nothing is known there", () => {
    expect(textOf(page, "coverage")).toContain(
      "1 of 2 targets could not be read to the end. What is missing there is unknown, and not clean.",
    );
  });

  it("has refusals that cost only details", () => {
    expect(textOf(page, "coverage")).toContain(
      `Names of instances: refused in 1 target. payments eu-west-1: ${words}`,
    );
  });

  it("counts the targets of each witness", () => {
    expect(textOf(page, "coverage").replace(/\s+/g, " ")).toContain("Session history 1 1 0 0");
  });

  it("of no target says that the report says nothing", () => {
    expect(textOf(html(reportOf([], { coverage: [] })), "coverage")).toContain(
      "This report says nothing about any session.",
    );
  });
});

describe("the charts", () => {
  const { aggregates } = REPORT.summary;
  const figure = (id: string): string => between(PAGE, `id="${id}">`, "</figure>");
  /** Numbers of the groups of a drawing, by what they count. */
  const drawn = (id: string): [string, number][] =>
    [...figure(id).matchAll(/<g class="[^"]*" data-key="([^"]*)" data-count="(\d+)">/g)].map(
      ([, key, count]) => [unescaped(key!), Number(count)],
    );
  const cells = (id: string): string[][] =>
    [...between(figure(id), "<tbody>", "</tbody>").matchAll(/<tr[^>]*>(.*?)<\/tr>/g)].map(([, line]) =>
      [...line!.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/g)].map(([, cell]) => cell!.replace(/<[^>]*>/g, "")),
    );

  it("have the sessions of each day", () => {
    expect(drawn("per-day")).toEqual(aggregates.perDay.map(({ key, sessions }) => [key, sessions]));
  });

  it("have the alarms of each day as parts of its bar", () => {
    const counts = (kind: string) =>
      [
        ...figure("per-day").matchAll(new RegExp(`<rect class="${kind}"[^>]* data-count="(\\d+)"`, "g")),
      ].reduce((sum, [, count]) => sum + Number(count), 0);
    const total = (of: "alarms" | "warnings") => aggregates.perDay.reduce((sum, day) => sum + day[of], 0);
    expect([counts("alarm"), counts("warning")]).toEqual([total("alarms"), total("warnings")]);
  });

  it("draw a bar as tall as its number", () => {
    const heights = [
      ...figure("per-day").matchAll(/<rect class="other"[^>]* height="([\d.]+)" data-count="(\d+)"/g),
    ].map(([, tall, count]) => Number(tall) / Number(count));
    expect(Math.max(...heights) - Math.min(...heights)).toBeLessThan(0.05);
  });

  it("have the sessions of each hour of the week", () => {
    expect(drawn("heat-map")).toEqual(
      aggregates.heatMap.flatMap((day, weekday) =>
        day.map((count, hour) => [`${weekday + 1} ${hour}`, count]),
      ),
    );
  });

  it("have the lengths of sessions", () => {
    expect(drawn("durations")).toEqual(aggregates.durations.map(({ label, count }) => [label, count]));
  });

  it.each(["per-day", "heat-map", "durations"])(
    "have a title, a description and the same numbers as a table: %s",
    (id) => {
      expect(figure(id)).toMatch(
        /<svg class="chart" role="img"[^>]* aria-labelledby="([\w-]+) ([\w-]+)"><title id="\1">[^<]+<\/title><desc id="\2">[^<]+<\/desc>/,
      );
      const sum = (numbers: number[]) => numbers.reduce((total, count) => total + count, 0);
      const table = cells(id).map((line) =>
        id === "heat-map" ? sum(line.slice(1).map(Number)) : Number(line[1]!.replace(",", "")),
      );
      expect(sum(table)).toBe(sum(drawn(id).map(([, count]) => count)));
    },
  );

  it.each([
    ["people", aggregates.people],
    ["targets", aggregates.targets],
    ["instances", aggregates.instances],
  ] as const)("have the numbers of %s", (id, ranking) => {
    const expected = ranking.top
      .slice(0, 10)
      .map(({ key, sessions, alarms, warnings }) => [key, ...[sessions, alarms, warnings].map(String)]);
    expect(cells(id).map((line) => line.slice(0, 4))).toEqual(expected);
  });

  it("name the time zone of the hours, and count what is out of hours", () => {
    expect(textOf(PAGE, "when").replace(/\s+/g, " ")).toContain(
      `${aggregates.outOfHours} sessions started out of hours, in the time zone Europe/Berlin. Working hours are Monday to Friday, 8:00 to 18:00.`,
    );
  });

  it("sum up people who are not listed", () => {
    const many = Array.from({ length: 130 }, (_, index) =>
      row({ id: `s-${index}`, person: { ...row().person!, name: `p-${index}` } }),
    );
    expect(textOf(html(reportOf(many)), "who")).toContain("30 other people");
  });

  it("of no session have no numbers", () => {
    const empty = html(reportOf([]));
    expect(textOf(empty, "when")).toContain("No session in the period.");
    expect(textOf(empty, "sessions")).toContain("Read the coverage before you conclude anything.");
  });
});

it.each([
  [[1, 2, 3, 4, 5], "Monday to Friday, 8:00 to 18:00"],
  [[7, 1, 2, 4], "Monday to Tuesday, Thursday, Sunday, 8:00 to 18:00"],
  [[], "none"],
])("working hours on %j are %s", (weekdays, words) => {
  expect(workingWords({ weekdays, from: 8, to: 18 })).toBe(words);
});

describe("the rows", () => {
  it("are all in the data, in the order of the report", () => {
    expect(dataOf(PAGE).rows.map(({ id }) => id)).toEqual(REPORT.rows.map(({ id }) => id));
  });

  it("are there without scripts up to the fiftieth", () => {
    expect(between(PAGE, 'id="rows">', "</tbody>").match(/<tr /g)).toHaveLength(50);
  });

  it("begin with the alarms, which are listed before the charts as well", () => {
    expect(between(PAGE, '<ol class="alarms">', "</ol>").match(/Not recorded/g)).toHaveLength(4);
    expect(
      dataOf(PAGE)
        .rows.slice(0, 4)
        .map(({ verdict }) => verdict),
    ).toEqual([0, 0, 0, 0]);
  });

  it("that are left out are counted", () => {
    const page = html(reportOf(month(300), { kept: 10 }));
    expect(textOf(page, "sessions")).toMatch(
      /The table has the (1[0-9]|20) worst and newest of 300 rows, and leaves out (28\d|290)\./,
    );
    expect(textOf(PAGE, "sessions")).not.toContain("leaves out");
  });

  it("have the time of the time zone, and say what is out of hours", () => {
    const late = row({ start: "2026-11-24T21:30:00.000Z" });
    expect(dataOf(html(reportOf([late]))).rows[0]).toMatchObject({
      started: "2026-11-24 22:30",
      outOfHours: true,
    });
  });

  it("of each verdict have its words in the evidence", () => {
    const page = html(reportOf(EVERY_VERDICT));
    const said = dataOf(page).rows.map((_, index) =>
      evidence(page, index)
        .filter(([group]) => group === "Finding")
        .map(([, , value]) => value),
    );
    expect(said).toEqual(
      VERDICTS.map((kind) => [MEANINGS[kind].title, MEANINGS[kind].means, `Words about ${kind}.`]),
    );
  });

  it("filter by what they have", () => {
    const { facets } = dataOf(PAGE);
    expect(Object.fromEntries(facets.map(({ name, values }) => [name, values]))).toMatchObject({
      hours: ["out of hours", "working hours"],
      account: ["orders", "payments", "search"],
      region: ["eu-west-1", "us-east-1"],
      person: ["alice", "bob", "carol", "dave", "erin"],
    });
  });
});

it("the evidence about a session has everything that the report knows of it", () => {
  const full = row({
    document: "AWS-StartPortForwardingSessionToRemoteHost",
    documentParameters: { host: ["db.internal"], portNumber: ["5432"] },
    trail: { ...row().trail!, mfa: false },
  });
  const page = html(reportOf([full]));
  const values = evidence(page, 0)
    .map(([, , value]) => value)
    .join("\n");
  /** What is shown in words, or as a local time. */
  const words: Readonly<Record<string, string>> = {
    "2026-11-24T09:00:00.000Z": "2026-11-24 10:00:00 Europe/Berlin (09:00:00 UTC)",
    "2027-11-24T10:00:04.000Z": "2027-11-24 11:00:04 Europe/Berlin (10:00:04 UTC)",
    recorded: "Recorded",
    "4812": "4,812 bytes",
    "21004": "21,004 bytes",
    "3000": "50 min (3,000 s)",
    archive: "the archive",
    replica: "the replica",
    yes: "knows the session",
    present: "exists and has content",
    session: "alice-",
  };
  const leaves = (value: unknown): string[] =>
    typeof value === "object" && value !== null
      ? Object.values(value).flatMap(leaves)
      : typeof value === "boolean" || value === null
        ? []
        : [String(value)];
  const seen = (text: string) =>
    values.includes(words[text] ?? (/^\d{4}-.*Z$/.test(text) ? text.slice(11, 19) : visible(text)));
  expect(leaves(full).filter((text) => !seen(text))).toEqual([]);
  expect(evidence(page, 0)).toEqual(
    expect.arrayContaining([
      ["CloudTrail event", "MFA", "no"],
      ["Log stream", "Masked", "yes: a data protection policy masks parts of the text"],
      ["Transcript in S3", "Legal hold", "no"],
      ["Transcript in S3", "Deleted", "no"],
      ["Session", "Parameters", "host: db.internal; portNumber: 5432"],
    ]),
  );
});

it("the evidence does not call a detail absent that could not be read", () => {
  const blind = row({
    transcript: {
      ...row().transcript!,
      checksum: null,
      lockMode: null,
      kmsKey: null,
      retainUntil: null,
      detailsRead: false,
    },
  });
  const of = evidence(html(reportOf([blind])), 0).filter(([group]) => group === "Transcript in S3");
  expect(of.filter(([, , value]) => value!.startsWith("unknown")).map(([, label]) => label)).toEqual([
    "Checksum",
    "Object Lock",
    "Legal hold",
    "KMS key",
  ]);
});

describe("hostile values", () => {
  const rows = HOSTILE_VALUES.map(({ value }, index) => hostileRow(value, index));
  const denied = (reason: string) => ({ status: "not-covered", reason }) as const;
  const targets = HOSTILE_VALUES.map(({ value }) => coverage(value, value, { history: denied(value) }));
  const report = reportOf(rows, {
    coverage: targets,
    header: { organization: HOSTILE_VALUES[0]!.value, filters: { owner: HOSTILE_VALUES[1]!.value } },
  });
  const first = report.rows[0]!;
  const page = html(
    report,
    new Map([
      [
        rowKey(first),
        {
          recording: recordingOf([{ time: 0, text: "</script><script>window.hacked=1</script>" }]),
          transcript: "<!--<script>",
        },
      ],
    ]),
  );

  it("become no element", () => {
    const plain = page.replace(/<script[^]*?<\/script>/g, "").replace(/<style>[^]*?<\/style>/g, "");
    const tags = new Set([...plain.matchAll(/<([a-z][\w-]*)/gi)].map(([, tag]) => tag!.toLowerCase()));
    expect(
      [...tags].filter((tag) =>
        ["img", "iframe", "form", "base", "object", "script", "style", "template"].includes(tag),
      ),
    ).toEqual([]);
    expect(page.match(/<script/g)).toHaveLength(page.match(/<\/script>/g)!.length);
  });

  it("become no character that a reader cannot see", () => {
    expect(page.match(/(?!\n)[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]/gu)).toBeNull();
  });

  it("are in the evidence as text", () => {
    const all = new Set(
      dataOf(page).rows.flatMap((_, index) => evidence(page, index).map(([, , value]) => value)),
    );
    const missing = HOSTILE_VALUES.filter(
      ({ value }) => value.length < 4_000 && !all.has(visible(value)),
    ).map(({ name }) => name);
    expect(missing).toEqual([]);
  });

  it("are in the coverage as text", () => {
    const text = textOf(page, "coverage");
    expect(
      HOSTILE_VALUES.filter(({ value }) => !text.includes(shown(value))).map(({ name }) => name),
    ).toEqual([]);
  });
});

it("a session that was read can be played", () => {
  const one = row();
  const recording = recordingOf([{ time: 1_000, text: "$ ls\n" }]);
  const page = html(reportOf([one]), new Map([[rowKey(one), { recording, transcript: "$ ls\n" }]]));
  expect(dataOf(page).rows[0]!.replay).toBe(0);
  expect(valueOf<PageReplay>(page, "replay-0")).toEqual({
    start: 1_000,
    frames: [[0, ["$ ls", ["move", "line"]]]],
    transcript: "$ ls\n",
  });
  expect(dataOf(PAGE).rows.some(({ replay }) => replay !== undefined)).toBe(false);
});
