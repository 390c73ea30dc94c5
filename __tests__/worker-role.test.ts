import { read } from "./helpers/documents";
import { addPipeline, exampleWith, PIPELINE } from "./helpers/example";
import { synthesizeOne } from "./helpers/synth";

const KEY = "arn:aws:kms:eu-central-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const VALUES: Readonly<Record<string, string>> = {
  "<organization>": "acme",
  "<account>": PIPELINE.account.id,
  "<region>": PIPELINE.region,
  "<state bucket>": "acme-state",
  "<key prefix>": "session-audit",
  "<state key ARN>": KEY,
  "<role>": "session-audit-deploy",
  "<plan role>": "session-audit-plan",
  "<organization id>": "o-a1b2c3d4e5",
};
/** What only a build of CodeBuild needs. */
const OF_BUILDS = ["WriteLogOfBuilds", "CloneRepository"];

it("the documented policy of a worker is that of the stack, without what a build needs", () => {
  const map = exampleWith((one) => {
    addPipeline(one);
    one.state = { ...one.state, kmsKeyArn: KEY } as typeof one.state;
    one.deployment = { mode: "assume-role", role: "session-audit-deploy", planRole: "session-audit-plan" };
  });
  const { policy } = synthesizeOne("pipeline", map).the("aws_iam_role_policy", /Worker/);
  const { Statement, ...rest } = JSON.parse(policy as string) as { Statement: { Sid: string }[] };
  expect(Statement.map(({ Sid }) => Sid)).toEqual(expect.arrayContaining(OF_BUILDS));
  const documented = Object.entries(VALUES).reduce(
    (text, [place, value]) => text.replaceAll(place, value),
    read("docs/worker-role.json"),
  );
  expect(JSON.parse(documented)).toEqual({
    ...rest,
    Statement: Statement.filter(({ Sid }) => !OF_BUILDS.includes(Sid)),
  });
});
