import type { SessionEvidence } from "../../demo/operators";
import { reportProblem, roleOption } from "../../demo/session-report";
import { checkMap } from "../../stacks/read-organization";
import { exampleWith } from "../helpers/example";
import type { ReportLine } from "../../report/model";
import { history, stream, trail, rowsOf, transcript } from "../report/evidence";
import { coverage, HEADER, reportOf, ROWS } from "../report/reports";

const RECORDED = ROWS[0]!;
const [UNRECORDED] = rowsOf({ history: history(), trail: trail() });
const [UNSEEN] = rowsOf({ history: history(), transcripts: [transcript()], stream: stream() });

const HELD = [
  { account: RECORDED.account, region: RECORDED.region, sessionId: RECORDED.id },
] as SessionEvidence[];

const SUMMARY = reportOf([RECORDED]).summary;
const report = (...lines: ReportLine[]) => reportProblem([HEADER, ...lines, SUMMARY], HELD);

it("is satisfied if every target is covered and each session is recorded", () => {
  expect(report(coverage(), RECORDED)).toBeNull();
});

it.each([
  ["a target that is not covered", [coverage({ history: "denied" }), RECORDED], "is not covered"],
  ["a session that is missing", [coverage()], "does not have the session"],
  ["a session that is not recorded", [coverage(), UNRECORDED!], "is unrecorded: The transcript is missing."],
  ["a session that CloudTrail does not know", [coverage(), UNSEEN!], "CloudTrail does not know the session"],
])("names %s", (_, lines, words) => {
  expect(report(...lines)).toContain(words);
});

it("names a report without its last line", () => {
  expect(reportProblem([HEADER, coverage(), RECORDED], HELD)).toContain("not complete");
});

it.each([
  ["no other role where the map names one for the report", {}, ""],
  [
    "the role that deploys where the map has reporters",
    { access: { reporters: ["arn:aws:iam::111111111111:role/auditor"] } },
    " --role session-audit-deploy",
  ],
  [
    "a role where the map names none",
    { deployment: { mode: "ambient" } } as const,
    " --role session-audit-deploy",
  ],
])("takes %s", (_, settings, option) => {
  const map = exampleWith((example) => void Object.assign(example, settings));
  expect(roleOption(checkMap(map, "map.yaml"))).toBe(option);
});
