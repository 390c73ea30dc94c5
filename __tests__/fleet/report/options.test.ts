import { periodOf, timeZoneOf, wholeNumber, workingHoursOf } from "../../../fleet/report/options";

const NOW = new Date("2026-11-26T18:00:00Z");

it.each`
  options                                                          | since                         | until
  ${{}}                                                            | ${"2026-10-27T18:00:00.000Z"} | ${"2026-11-26T18:00:00.000Z"}
  ${{ days: "7" }}                                                 | ${"2026-11-19T18:00:00.000Z"} | ${"2026-11-26T18:00:00.000Z"}
  ${{ days: "1", until: "2026-11-20" }}                            | ${"2026-11-19T00:00:00.000Z"} | ${"2026-11-20T00:00:00.000Z"}
  ${{ since: "2024-02-29", until: "2024-12-31T23:59Z" }}           | ${"2024-02-29T00:00:00.000Z"} | ${"2024-12-31T23:59:00.000Z"}
  ${{ since: "2026-11-01" }}                                       | ${"2026-11-01T00:00:00.000Z"} | ${"2026-11-26T18:00:00.000Z"}
  ${{ since: "2026-11-01T08:30Z", until: "2026-11-02T09:00:30Z" }} | ${"2026-11-01T08:30:00.000Z"} | ${"2026-11-02T09:00:30.000Z"}
`("$options is the period from $since to $until", ({ options, since, until }) => {
  const period = periodOf(options as object, NOW);
  expect({ since: period.since.toISOString(), until: period.until.toISOString() }).toEqual({ since, until });
});

it.each`
  options                                         | words
  ${{ days: "0" }}                                | ${'--days "0" is not a number of days.\n  allowed  1 to 90'}
  ${{ days: "91" }}                               | ${"1 to 90, which are the days of CloudTrail's event history"}
  ${{ days: "91" }}                               | ${"remedy   Name a number in these bounds, or leave --days out for 30 days."}
  ${{ days: "x" }}                                | ${"1 to 90"}
  ${{ days: "7", since: "2026-11-01" }}           | ${"--since and --days both say"}
  ${{ since: "yesterday" }}                       | ${'--since "yesterday" is not a date.'}
  ${{ since: "2026-13-01" }}                      | ${"is not a date"}
  ${{ since: "2026-02-32" }}                      | ${"is not a date"}
  ${{ until: "2026-11-01T24:00Z" }}               | ${'--until "2026-11-01T24:00Z" is not a date.'}
  ${{ since: "2026-02-30" }}                      | ${'--since "2026-02-30" is a day that does not exist.'}
  ${{ since: "2026-02-30" }}                      | ${"allowed  a date, like 2026-11-01"}
  ${{ since: "2026-02-30" }}                      | ${"The last day of this month is 2026-02-28: name that day, or an earlier one."}
  ${{ until: "2026-11-31T08:30Z" }}               | ${'--until "2026-11-31T08:30Z" is a day that does not exist.'}
  ${{ since: "2025-02-29", until: "2026-01-01" }} | ${"The last day of this month is 2025-02-28"}
  ${{ until: "2026-11-01T08:30" }}                | ${"a time in UTC, like 2026-11-01T08:30Z"}
  ${{ since: "2026-11-02", until: "2026-11-01" }} | ${"Let --since be earlier than --until."}
  ${{ since: "2026-12-24" }}                      | ${"Let --since be earlier than --until, which is now by default."}
`("refuses $options", ({ options, words }) => {
  expect(() => periodOf(options as object, NOW)).toThrow(words as string);
});

it("reads working hours and time zones, and refuses what is none", () => {
  expect(workingHoursOf("Mon-Fri 08-18")).toEqual({ weekdays: [1, 2, 3, 4, 5], from: 8, to: 18 });
  expect(workingHoursOf("Sat-Sun 0-24")).toEqual({ weekdays: [6, 7], from: 0, to: 24 });
  for (const bad of ["Fri-Mon 08-18", "Mon-Fri 18-08", "Mon-Fri 8-25", "Mo-Fr 8-18", ""]) {
    expect(() => workingHoursOf(bad)).toThrow(
      'like "Mon-Fri 08-18"; the range runs forward from Mon to Sun and from 0 to 24',
    );
  }
  expect(timeZoneOf("Europe/Berlin")).toBe("Europe/Berlin");
  expect(() => timeZoneOf("Europe/Berlim")).toThrow("IANA");
});

it.each(["0", "101", "1.5", "-1", "x", ""])("refuses %j where 1 to 100 is allowed", (text) => {
  expect(() => wholeNumber("--parallel", text, { from: 1, to: 100 })).toThrow("1 to 100");
});
