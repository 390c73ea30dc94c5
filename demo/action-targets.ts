import { CreateEventBusCommand, PutPermissionCommand } from "@aws-sdk/client-eventbridge";
import { GetRoleCommand } from "@aws-sdk/client-iam";
import { CreateDocumentCommand } from "@aws-sdk/client-ssm";
import { arnParts } from "../aws/arn";
import type { Action } from "../accounts/schema/actions";
import { centralChannels } from "../accounts/model/central";
import type {
  AccountIdentity,
  ArchiveSite,
  CentralSite,
  Organization,
  Target,
} from "../accounts/model/organization";
import { clientConfig, createRole } from "./people";
import { Clients } from "../emulator/clients/clients";
import { absentIf } from "../emulator/iam/deployed-policies";
import type { Emulator } from "../emulator";
import { rawCall } from "../emulator/clients/raw-call";
import { invokedBy } from "../accounts/model/actions";

/** A place whose actions invoke something: a target, an archive, or the place of the central topics. */
export interface ActionSite extends Pick<
  Target | ArchiveSite | CentralSite,
  "account" | "region" | "settings"
> {
  /** The channels that have actions. An archive has only the security channel. */
  readonly channels: readonly ("activity" | "security")[];
}

/** Every target and archive of an organization, and the place of its central topics. */
export const actionSitesOf = (organization: Organization): ActionSite[] => [
  ...organization.targets.map((target): ActionSite => ({ ...target, channels: ["activity", "security"] })),
  ...organization.archives.map((site): ActionSite => ({ ...site, channels: ["security"] })),
  ...(organization.central === null
    ? []
    : [{ ...organization.central, channels: centralChannels(organization) }]),
];

/**
 * Creates the functions, pipelines, state machines, documents and event buses that actions invoke. Real accounts have
 * them already. The created ones do nothing when they are invoked.
 */
export async function createActionTargets(
  emulator: Emulator,
  organization: Pick<Organization, "id">,
  sites: readonly ActionSite[],
): Promise<void> {
  const made = new Set<string>();
  for (const { account, region, settings, channels } of sites) {
    const clients = new Clients(await clientConfig(emulator, account.id, region));
    for (const channel of channels) {
      const { enabled, actions } = settings.notifications[channel];
      for (const action of enabled ? actions : []) {
        const what = `${account.id} ${region} ${action.type} ${invokedBy(action).named}`;
        if (made.has(what)) continue;
        made.add(what);
        if (action.type === "event-bus") await createEventBus(emulator, organization, account, action);
        else await CREATE[action.type](clients, action as never);
      }
    }
  }
}

type Named<T extends Action["type"]> = Extract<Action, { type: T }>;
type Create<T extends Action["type"]> = (clients: Clients, action: Named<T>) => Promise<void>;

/** The name at the end of an ARN, or the name itself. */
const nameIn = (named: string) => named.split(":").at(-1)!;

/** Creates a function whose code does not run. */
export async function createFunction(clients: Clients, name: string): Promise<void> {
  await rawCall(clients, {
    service: "lambda",
    operation: { method: "POST", path: "/2015-03-31/functions" },
    body: {
      FunctionName: name,
      Runtime: "python3.13",
      Handler: "index.handler",
      Role: await roleFor(clients, name, "lambda.amazonaws.com"),
      Code: { ZipFile: Buffer.from("none").toString("base64") },
    },
  });
}

const CREATE: { readonly [T in Exclude<Action["type"], "event-bus">]: Create<T> } = {
  lambda: (clients, action) =>
    // The map has a name or an ARN, and both may end in `:<alias>`.
    createFunction(clients, action.function.replace(/^arn:.*:function:/, "").split(":")[0]!),
  codepipeline: async (clients, action) => {
    const stage = (name: string, category: string) => ({
      name,
      actions: [{ name, actionTypeId: { category, owner: "AWS", provider: "S3", version: "1" } }],
    });
    const name = nameIn(action.pipeline);
    await rawCall(clients, {
      service: "codepipeline",
      operation: { target: "CodePipeline_20150709.CreatePipeline" },
      body: {
        pipeline: {
          name,
          roleArn: await roleFor(clients, name, "codepipeline.amazonaws.com"),
          artifactStore: { type: "S3", location: "artifacts" },
          stages: [stage("Source", "Source"), stage("Deploy", "Deploy")],
        },
      },
    });
  },
  "step-functions": async (clients, action) => {
    const name = nameIn(action.stateMachine);
    await rawCall(clients, {
      service: "states",
      operation: { target: "AWSStepFunctions.CreateStateMachine" },
      body: {
        name,
        definition: JSON.stringify({ StartAt: "Done", States: { Done: { Type: "Succeed" } } }),
        roleArn: await roleFor(clients, name, "states.amazonaws.com"),
      },
    });
  },
  "run-command": async ({ ssm }, { document, parameters }) => {
    // Documents of AWS exist in every account.
    if (/^(AWS|Amazon)/.test(document)) return;
    const Content = JSON.stringify({
      schemaVersion: "2.2",
      parameters: Object.fromEntries(Object.keys(parameters).map((name) => [name, { type: "String" }])),
      mainSteps: [{ action: "aws:runShellScript", name: "note", inputs: { runCommand: ["true"] } }],
    });
    await absentIf("DocumentAlreadyExists", () =>
      ssm.send(new CreateDocumentCommand({ Name: document, DocumentType: "Command", Content })),
    );
  },
};

/**
 * Creates a bus, and lets the organization send to it. If the map has no organization id, each account that sends gets a
 * statement of its own.
 */
async function createEventBus(
  emulator: Emulator,
  organization: Pick<Organization, "id">,
  account: AccountIdentity,
  { eventBus }: Named<"event-bus">,
): Promise<void> {
  const { region, accountId: owner, resource } = arnParts(eventBus);
  const { events } = new Clients(await clientConfig(emulator, owner, region));
  const Name = resource.slice("event-bus/".length);
  if (Name !== "default") {
    await absentIf("ResourceAlreadyExists", () => events.send(new CreateEventBusCommand({ Name })));
  }
  const sender =
    organization.id === null
      ? { StatementId: `Account${account.id}`, Principal: account.id }
      : {
          StatementId: "Members",
          Principal: "*",
          Condition: { Type: "StringEquals", Key: "aws:PrincipalOrgID", Value: organization.id },
        };
  await events.send(new PutPermissionCommand({ EventBusName: Name, Action: "events:PutEvents", ...sender }));
}

const roleFor = async ({ iam }: Clients, name: string, Service: string) => {
  const RoleName = await createRole(iam, `service-role/${Service.split(".")[0]}-${name}`, { Service });
  return (await iam.send(new GetRoleCommand({ RoleName }))).Role!.Arn!;
};
