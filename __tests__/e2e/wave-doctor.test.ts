import type { AccountsMap } from "../../accounts/schema";
import {
  PIPELINE_MAP,
  REGION,
  startPipelineAccount,
  WAVES,
  type PipelineAccount,
} from "../helpers/pipelines/account";

// A wave with `doctor: true`, deployed with the roles of `session-audit bootstrap`: the job of the wave looks at it with the
// role that plans, which its own role has to be let assume on both sides.
const [first, ...others] = WAVES;
const MAP: AccountsMap = { ...PIPELINE_MAP, waves: [{ name: first!, doctor: true }, ...others] };
const BRANCH = "repo:acme/audit:ref:refs/heads/main";

let account: PipelineAccount;
beforeAll(async () => {
  account = await startPipelineAccount(
    { kind: "github", repository: "acme/audit", environments: WAVES, branch: "main" },
    MAP,
  );
  const { fleet, env } = account;
  fleet.write(MAP);
  Object.assign(fleet.env, env, { AWS_REGION: REGION });
});
afterAll(() => account.fleet.stop());

it("begins the next wave, because doctor finds this one in force", async () => {
  const { fleet } = account;
  Object.assign(fleet.env, await account.exchange(account.roleArn("plan"), BRANCH));
  const planned = await fleet.run("plan", "--out", "plans");
  expect({ ...planned, refused: account.refused() }).toMatchObject({ status: 2, refused: [] });

  const environment = `repo:acme/audit:environment:${first}`;
  Object.assign(fleet.env, await account.exchange(account.roleArn("deploy"), environment));
  const deployed = await fleet.run("deploy", "plans", "--approve", "rest");
  expect({ ...deployed, refused: account.refused() }).toMatchObject({
    status: 0,
    refused: [],
    stdout: expect.stringContaining("4 stacks applied"),
  });
  const looks = fleet.emulator.judgments.filter(({ principal }) =>
    principal.includes("session-audit-doctor"),
  );
  expect(looks.length).toBeGreaterThan(0);
});
