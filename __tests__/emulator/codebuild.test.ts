import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { codebuildRoom } from "../../emulator/codebuild";
import type { AwsRequest } from "../../emulator/gateway/protocol";
import type { Core } from "../../emulator/iam/core";

const ACCOUNT = "111111111111";
const REGION = "eu-central-1";
const ROLE = `arn:aws:iam::${ACCOUNT}:role/session-audit-acme-pipeline-${REGION}-worker`;
const USES = ["UseConnection", "GetConnection", "GetConnectionToken"];
const connectionOf = (service: string) => `arn:aws:${service}:${REGION}:222222222222:connection/0f0f`;
const CONNECTION = connectionOf("codeconnections");

const sourceWith = (resource: string, type = "CODECONNECTIONS") => ({
  type: "GITHUB",
  location: "https://github.com/acme/session-audit.git",
  auth: { type, resource },
});
const PROJECT = { name: "workers", serviceRole: ROLE, source: sourceWith(CONNECTION) };

/** The projects that moto has. */
let kept: readonly object[] = [];
let moto: Server;

beforeAll(async () => {
  moto = createServer((request, response) => {
    request.resume();
    response.end(JSON.stringify({ projects: kept }));
  });
  await once(moto.listen(0, "127.0.0.1"), "listening");
});
afterAll(() => {
  moto.closeAllConnections();
  moto.close();
});
beforeEach(() => (kept = []));

/** CodeBuild for a role that may do these actions, and what is asked of the authorizer. */
function allowing(actions: readonly string[]) {
  const asked: { principal: string; accountId: string; action: string; resource: string }[] = [];
  const endpoint = `http://127.0.0.1:${(moto.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "secret" };
  const core = {
    accounts: { in: async () => ({ settings: { endpoint, region: REGION, credentials, maxAttempts: 1 } }) },
    identities: { of: async () => ({ accountId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:role/deploy` }) },
    authorizer: {
      authorize: async (request: (typeof asked)[number]) => {
        asked.push(request);
        return { allowed: actions.includes(request.action), reason: "No statement allows it." };
      },
    },
  } as unknown as Core;
  const call = (operation: string, body: object, service = "codebuild") =>
    codebuildRoom(core).handlers![0]!({
      service,
      operation,
      region: REGION,
      body: Buffer.from(JSON.stringify(body)),
    } as AwsRequest);
  return { asked, call };
}
const usesOf = (service: string, uses: readonly string[] = USES) => uses.map((use) => `${service}:${use}`);

describe.each(["codeconnections", "codestar-connections"])("a project with a connection of %s", (service) => {
  const resource = connectionOf(service);
  const project = { ...PROJECT, source: sourceWith(resource) };

  it.each(["CreateProject", "UpdateProject"])(
    "is left to moto if its role has all uses: %s",
    async (operation) => {
      const { asked, call } = allowing(usesOf(service));
      expect(await call(operation, project)).toBeUndefined();
      // The account that owns the connection is that of its ARN.
      expect(asked).toEqual(
        usesOf(service).map((action) => ({ principal: ROLE, accountId: "222222222222", action, resource })),
      );
    },
  );

  it.each(
    USES.flatMap((lacking) =>
      ["CreateProject", "UpdateProject"].map((operation) => [lacking, operation] as const),
    ),
  )("is refused if its role lacks %s: %s", async (lacking, operation) => {
    const { call } = allowing(
      usesOf(
        service,
        USES.filter((use) => use !== lacking),
      ),
    );
    await expect(call(operation, project)).rejects.toMatchObject({
      code: "OAuthProviderException",
      status: 400,
      message: `User is not authorized to access connection ${resource}: ${ROLE} lacks ${service}:${lacking}. No statement allows it.`,
    });
  });

  it("is refused if its role has the uses by the name of the other service", async () => {
    const other = service === "codeconnections" ? "codestar-connections" : "codeconnections";
    await expect(allowing(usesOf(other)).call("CreateProject", project)).rejects.toThrow("is not authorized");
  });
});

describe("an update", () => {
  it.each<[string, object, object]>([
    ["of the role, with the connection as it was", { serviceRole: ROLE }, { source: PROJECT.source }],
    ["of the source, with the role as it was", { source: PROJECT.source }, { serviceRole: ROLE }],
  ])("%s is judged", async (_what, sent, before) => {
    kept = [{ name: "workers", ...before }];
    await expect(allowing([]).call("UpdateProject", { name: "workers", ...sent })).rejects.toThrow(
      `${ROLE} lacks codeconnections:UseConnection`,
    );
    const { asked, call } = allowing(usesOf("codeconnections"));
    expect(await call("UpdateProject", { name: "workers", ...sent })).toBeUndefined();
    expect(asked).toHaveLength(USES.length);
  });

  it("of a project that does not exist is left to moto", async () => {
    expect(await allowing([]).call("UpdateProject", { name: "workers", serviceRole: ROLE })).toBeUndefined();
  });
});

it.each<[string, string, string, object]>([
  [
    "a project with a token",
    "codebuild",
    "CreateProject",
    { ...PROJECT, source: sourceWith("token", "OAUTH") },
  ],
  ["a project without a token", "codebuild", "CreateProject", { ...PROJECT, source: { type: "NO_SOURCE" } }],
  [
    "an update of neither source nor role",
    "codebuild",
    "UpdateProject",
    { name: "workers", description: "" },
  ],
  ["the start of a build", "codebuild", "StartBuild", { projectName: "workers" }],
  ["a project of another service", "devicefarm", "CreateProject", PROJECT],
])("%s is not looked at", async (_what, service, operation, body) => {
  kept = [PROJECT];
  const { asked, call } = allowing([]);
  expect(await call(operation, body, service)).toBeUndefined();
  expect(asked).toEqual([]);
});
