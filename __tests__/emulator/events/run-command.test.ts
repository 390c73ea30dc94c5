import type { Target } from "@aws-sdk/client-eventbridge";
import type { AccountClients } from "../../../emulator/clients/account-clients";
import type { AwsError } from "../../../emulator/gateway/protocol";
import { Instances } from "../../../emulator/ssm/instances";
import { RunCommand } from "../../../emulator/events/run-command";
import { TargetPermissions } from "../../../emulator/events/target-permissions";
import type { AuthorizationRequest, Authorizer } from "../../../emulator/iam/authorizer";

const ACCOUNT = "444444444444";
const REGION = "eu-central-1";
const DOCUMENT = `arn:aws:ssm:${REGION}:${ACCOUNT}:document/Acme-OnSession`;
const CONTENT = {
  schemaVersion: "2.2",
  parameters: {
    Session: { type: "String", allowedPattern: "^[a-z0-9-]+$" },
    Mode: { type: "String", default: "quiet" },
  },
};

/** A Systems Manager that has one document, and keeps the commands that it receives. */
function commands(refused: (request: AuthorizationRequest) => boolean = () => false) {
  const sent: object[] = [];
  const asked: AuthorizationRequest[] = [];
  const ssm = {
    send: (command: { constructor: { name: string }; input: { Name?: string } }) => {
      if (command.constructor.name === "SendCommandCommand") sent.push(command.input);
      if (command.input.Name !== undefined && command.input.Name !== "Acme-OnSession")
        return Promise.reject(Object.assign(new Error("none"), { name: "InvalidDocument" }));
      return Promise.resolve({ Content: JSON.stringify(CONTENT) });
    },
  };
  const authorizer = {
    authorize: (request: AuthorizationRequest) => {
      asked.push(request);
      return Promise.resolve({ allowed: !refused(request), reason: request.action });
    },
  };
  const instances = new Instances();
  for (const [instanceId, Role] of [
    ["i-0000000000000000a", "bastion"],
    ["mi-0000000000000000b", "bastion"],
    ["i-0000000000000000c", "web"],
  ] as const)
    instances.register({
      accountId: ACCOUNT,
      region: REGION,
      instanceId,
      instanceRoleName: "r",
      tags: { Role },
    });
  const command = new RunCommand(
    { in: () => Promise.resolve({ ssm }) } as unknown as AccountClients,
    instances,
    new TargetPermissions(authorizer as unknown as Authorizer),
  );
  const send = (target: Partial<Target>, input: unknown = { Session: ["alice-1"] }) =>
    command.send(
      {
        ruleArn: `arn:aws:events:${REGION}:${ACCOUNT}:rule/activity`,
        ruleName: "activity",
        target: { Id: "x", Arn: DOCUMENT, ...target },
      },
      JSON.stringify(input),
    );
  return { send, sent, asked };
}

const on = (Key: string, ...Values: string[]): Partial<Target> => ({
  RunCommandParameters: { RunCommandTargets: [{ Key, Values }] },
});
const codeOf = (task: Promise<unknown>) => task.then(String, (error: Error) => (error as AwsError).code);

it("goes to the nodes that are named, authorised for the document and each of them", async () => {
  const { send, sent, asked } = commands();
  await send(on("InstanceIds", "i-0000000000000000a", "mi-0000000000000000b"));
  expect(sent).toEqual([
    {
      DocumentName: "Acme-OnSession",
      Parameters: { Session: ["alice-1"] },
      InstanceIds: ["i-0000000000000000a", "mi-0000000000000000b"],
    },
  ]);
  expect(asked.map(({ resource }) => resource)).toEqual([
    DOCUMENT,
    `arn:aws:ec2:${REGION}:${ACCOUNT}:instance/i-0000000000000000a`,
    `arn:aws:ssm:${REGION}:${ACCOUNT}:managed-instance/mi-0000000000000000b`,
  ]);
});

it("goes to nodes with a tag, whose tags are conditions of the request", async () => {
  const { send, sent, asked } = commands();
  await send(on("tag:Role", "web"));
  expect(sent).toMatchObject([{ InstanceIds: ["i-0000000000000000c"] }]);
  expect(asked[1]!.context).toMatchObject({ "ssm:resourceTag/Role": "web" });
});

it("is not sent when one of the nodes is refused", async () => {
  const { send, sent } = commands(({ resource }) => resource.includes("managed-instance"));
  expect(await codeOf(send(on("tag:Role", "bastion")))).toBe("NO_PERMISSIONS");
  expect(sent).toEqual([]);
});

it.each<[string, Partial<Target>, unknown, string]>([
  ["a node that is not connected", on("InstanceIds", "i-0fffffffffffffff0"), {}, "SDK_CLIENT_ERROR"],
  ["no block of nodes", {}, {}, "INVALID_PARAMETER"],
  [
    "a document that does not exist",
    { ...on("tag:Role", "web"), Arn: DOCUMENT.replace("Acme", "Other") },
    {},
    "RESOURCE_NOT_FOUND",
  ],
  ["the whole event for parameters", on("tag:Role", "web"), { detail: {} }, "SDK_CLIENT_ERROR"],
  [
    "a parameter that is not declared",
    on("tag:Role", "web"),
    { Session: ["a"], X: ["b"] },
    "SDK_CLIENT_ERROR",
  ],
  ["a parameter without a value", on("tag:Role", "web"), { Session: [] }, "SDK_CLIENT_ERROR"],
  [
    "a value that its pattern does not allow",
    on("tag:Role", "web"),
    { Session: ["a; id"] },
    "SDK_CLIENT_ERROR",
  ],
])("is refused: %s", async (_, target, input, code) => {
  const { send, sent } = commands();
  expect(await codeOf(send(target, input))).toBe(code);
  expect(sent).toEqual([]);
});

it("assumes that a document of AWS exists, and does not check its parameters", async () => {
  const { send, sent } = commands();
  const Arn = `arn:aws:ssm:${REGION}::document/AWS-RunShellScript`;
  await send({ ...on("tag:Role", "web"), Arn }, { commands: ["date"] });
  expect(sent).toMatchObject([{ DocumentName: "AWS-RunShellScript", Parameters: { commands: ["date"] } }]);
});
