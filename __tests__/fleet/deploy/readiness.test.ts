import { staleness, stateVersion } from "../../../fleet/deploy/readiness";

const at = (serial: number, lineage = "l") => ({ lineage, serial });

it.each`
  planned  | now           | stale
  ${at(3)} | ${at(3)}      | ${null}
  ${null}  | ${null}       | ${null}
  ${at(3)} | ${at(4)}      | ${"the plan was made on serial 3 of lineage l, and now there is serial 4 of lineage l"}
  ${at(3)} | ${at(3, "m")} | ${"the plan was made on serial 3 of lineage l, and now there is serial 3 of lineage m"}
  ${at(3)} | ${null}       | ${"the plan was made on serial 3 of lineage l, and now there is no state"}
  ${null}  | ${at(1)}      | ${"the plan was made on no state, and now there is serial 1 of lineage l"}
`("a plan on $planned is judged against $now as $stale", ({ planned, now, stale }) => {
  expect(staleness(planned, now)).toBe(stale);
});

it.each([
  ["", null],
  ["\n", null],
  ['{"version":4,"serial":0,"lineage":""}', null],
  ['{"version":4,"serial":7,"lineage":"abc"}', { serial: 7, lineage: "abc" }],
])("reads the state %j as %j", (pulled, version) => {
  expect(stateVersion(pulled)).toEqual(version);
});
