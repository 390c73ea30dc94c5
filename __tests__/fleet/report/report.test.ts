import { FleetProgress } from "../../../fleet/progress";
import { report } from "../../../fleet/report/report";
import type { TargetClients } from "../../../fleet/target-clients";
import { Screen } from "../../../processes/terminal";
import type { ReportLine } from "../../../report/model";
import { checkMap } from "../../../stacks/read-organization";
import exampleMap from "../../fixtures/example-map";
import { HEADER } from "../../report/reports";
import { fakeClients } from "./fake-target";

const organization = checkMap(exampleMap, "map");
const { since, until } = HEADER.period;

/** Reports about the targets of the example, one after the other. */
function reporting(write: (line: ReportLine) => Promise<void> | void) {
  const opened: string[] = [];
  const { clients } = fakeClients({});
  const counted = {
    of: (...[account, region]: Parameters<TargetClients["of"]>) => {
      // The buckets are in the archive account, which is no target.
      if (account.name !== "log-archive") opened.push(`${account.name} ${region}`);
      return clients.of(account, region);
    },
  } as TargetClients;
  const progress = new FleetProgress(new Screen({ write: () => true }, {}), "reading", 4);
  const ended = report({
    organization,
    progress,
    write,
    header: HEADER,
    targets: organization.targets,
    parallel: 1,
    limit: 10,
    clients: counted,
    filters: {},
    period: { since: new Date(since), until: new Date(until) },
    now: new Date(until),
    trail: null,
    details: false,
    strict: false,
    mapWarnings: ["doubtful"],
  }).finally(() => progress.end());
  return { opened, ended };
}

it("reads no further target while its reader takes nothing", async () => {
  let release = () => {};
  let written = () => {};
  const blocked = new Promise<void>((resolve) => (written = resolve));
  const write = (line: ReportLine) => {
    if (line.type !== "coverage" || line.account !== organization.targets[0]!.account.name) return;
    written();
    return new Promise<void>((resolve) => (release = resolve));
  };
  const { opened, ended } = reporting(write);
  await blocked;
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  const before = opened.length;
  release();
  await ended;
  expect({ before, after: opened.length }).toEqual({ before: 1, after: organization.targets.length });
});

it("writes the header first and the summary last", async () => {
  const types: string[] = [];
  const { summary } = await reporting(({ type }) => void types.push(type)).ended;
  expect(summary).toMatchObject({ mapWarnings: ["doubtful"] });
  expect([types[0], types.at(-1)]).toEqual(["report", "summary"]);
  expect(types.filter((type) => type === "coverage")).toHaveLength(organization.targets.length);
});
