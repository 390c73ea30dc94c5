import type { PageData, PageRow } from "../../../../report/render/html/page-data";
import { finder, readState, writeState, type State } from "../../../../report/render/page/rows";

const row = (id: string, change: Partial<PageRow> = {}): PageRow => ({
  key: id,
  verdict: 1,
  start: 0,
  started: "2026-11-24 10:00",
  seconds: 60,
  lasted: "1 min",
  outOfHours: false,
  person: "alice",
  account: "payments",
  region: "eu-west-1",
  instance: "i-1",
  id,
  document: "x",
  access: "Standard",
  more: "",
  ...change,
});

const DATA: PageData = {
  verdicts: [
    { title: "Not recorded", level: "alarm" },
    { title: "Recorded", level: "good" },
  ],
  facts: [],
  rows: [
    row("one", { verdict: 0, start: 5, seconds: null, person: "Bob" }),
    row("two", { start: 9, seconds: 10, outOfHours: true, more: "INC-1" }),
    row("three", { start: 7, seconds: 300, account: "orders" }),
  ],
  chunk: 100,
  facets: [
    { name: "account", label: "Account", values: ["orders", "payments"] },
    { name: "level", label: "Level", values: ["alarm", "good"] },
  ],
  timeZone: "UTC",
};

const find = finder(DATA);
const ids = (state: Partial<State>) =>
  find({ search: "", chosen: {}, sort: "", ...state }).map((index) => DATA.rows[index]!.id);

describe("rows", () => {
  it.each([
    ["nothing, as they are", {}, ["one", "two", "three"]],
    ["start", { sort: "start" }, ["one", "three", "two"]],
    ["start, the newest first", { sort: "-start" }, ["two", "three", "one"]],
    ["duration, open sessions first", { sort: "duration" }, ["one", "two", "three"]],
    ["person, whatever their case", { sort: "-person" }, ["one", "two", "three"]],
    ["account, and as they are where it is equal", { sort: "account" }, ["three", "one", "two"]],
  ])("are sorted by %s", (_name, state, expected) => {
    expect(ids(state)).toEqual(expected);
  });

  it.each([
    ["an account", { chosen: { account: ["orders"] } }, ["three"]],
    ["either of two", { chosen: { account: ["orders", "payments"] } }, ["one", "two", "three"]],
    ["a verdict", { chosen: { verdict: ["Not recorded"] } }, ["one"]],
    ["a level and an account", { chosen: { level: ["good"], account: ["payments"] } }, ["two"]],
    ["hours", { chosen: { hours: ["out of hours"] } }, ["two"]],
    ["a word", { search: "BOB" }, ["one"]],
    ["all words", { search: "alice orders" }, ["three"]],
    ["a word that is in no column", { search: "inc-1" }, ["two"]],
    ["the title of a verdict", { search: "not recorded" }, ["one"]],
  ])("are filtered by %s", (_name, state, expected) => {
    expect(ids(state)).toEqual(expected);
  });
});

describe("the hash", () => {
  it.each([
    ["", { search: "", sort: "", page: 1, size: 50, session: "" }],
    ["#sort=-start&size=100&page=3", { sort: "-start", size: 100, page: 3 }],
    ["#search=a+b&account=orders&session=1+eu-west-1+x", { search: "a b", session: "1 eu-west-1 x" }],
  ])("%s is read and written", (hash, state) => {
    const read = readState(hash, DATA.facets);
    expect(read).toMatchObject(state);
    expect(readState(writeState(read), DATA.facets)).toEqual(read);
  });

  it("has nothing that is as it always is", () => {
    expect(writeState(readState("", DATA.facets))).toBe("");
  });

  it.each([
    "#sort=constructor",
    "#sort=--start",
    "#size=7",
    "#page=-1",
    "#page=x",
    "#page=Infinity",
    "#account=other",
    "#x=1",
  ])("takes nothing that the page does not have: %s", (hash) => {
    const { page, ...rest } = readState(hash, DATA.facets);
    expect(rest).toEqual({ search: "", chosen: { account: [], level: [] }, sort: "", size: 50, session: "" });
    expect(page).toBeGreaterThanOrEqual(1);
  });
});
