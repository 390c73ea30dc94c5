import type { Core } from "../../../emulator/iam/core";
import { passRole } from "../../../emulator/iam/pass-role";
import type { AwsRequest } from "../../../emulator/gateway/protocol";

const ACCOUNT = "111122223333";
const ROLE = `arn:aws:iam::${ACCOUNT}:role/session-audit-acme-pipeline-eu-central-1`;

/** What is asked of the authorizer, which lets a role be passed to one service. */
function passing(to: string) {
  const asked: unknown[] = [];
  const core = {
    identities: {
      of: () => Promise.resolve({ arn: `arn:aws:iam::${ACCOUNT}:role/deploy`, accountId: ACCOUNT }),
    },
    authorizer: {
      role: () => Promise.resolve(undefined),
      authorize: (request: { action: string; resource: string; context: Record<string, string> }) => {
        asked.push([request.action, request.resource]);
        const allowed = request.context["iam:PassedToService"] === to;
        return Promise.resolve({ allowed, reason: "no statement allows it" });
      },
    },
  } as unknown as Core;
  return { handler: passRole(core), asked };
}

const request = (service: string, operation: string, body: object): AwsRequest => ({
  method: "POST",
  url: "/",
  headers: {},
  body: Buffer.from(JSON.stringify(body)),
  isBuffered: true,
  protocol: "json",
  service,
  region: "eu-central-1",
  accessKeyId: "ASIA",
  operation,
});

it.each`
  service        | operation               | body                     | to
  ${"states"}    | ${"CreateStateMachine"} | ${{ roleArn: ROLE }}     | ${"states.amazonaws.com"}
  ${"states"}    | ${"UpdateStateMachine"} | ${{ roleArn: ROLE }}     | ${"states.amazonaws.com"}
  ${"codebuild"} | ${"CreateProject"}      | ${{ serviceRole: ROLE }} | ${"codebuild.amazonaws.com"}
  ${"codebuild"} | ${"UpdateProject"}      | ${{ serviceRole: ROLE }} | ${"codebuild.amazonaws.com"}
`("$operation needs iam:PassRole to $to", async ({ service, operation, body, to }) => {
  const allowed = passing(to);
  await expect(allowed.handler(request(service, operation, body))).resolves.toBeUndefined();
  expect(allowed.asked).toEqual([["iam:PassRole", ROLE]]);
  await expect(
    passing("lambda.amazonaws.com").handler(request(service, operation, body)),
  ).rejects.toMatchObject({ code: "AccessDeniedException" });
});

it.each([
  ["states", "StartExecution", { roleArn: ROLE }],
  ["states", "UpdateStateMachine", { definition: "{}" }],
  ["codebuild", "StartBuild", { projectName: "workers" }],
  ["codebuild", "UpdateProject", { description: "workers" }],
])("%s %s with %j passes no role", async (service, operation, body) => {
  const { handler, asked } = passing("nobody");
  await expect(handler(request(service, operation, body))).resolves.toBeUndefined();
  expect(asked).toEqual([]);
});
