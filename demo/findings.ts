import { GetDocumentCommand, SSMClient, UpdateDocumentCommand } from "@aws-sdk/client-ssm";
import {
  accountBehind,
  type AccountIdentity,
  type Organization,
  type Target,
} from "../accounts/model/organization";
import { arnParts } from "../aws/arn";
import { channelNames, placeOf, PREFERENCES_DOCUMENT } from "../stacks/names";
import { clientConfig, createAdministrator, listen, type Listener } from "./people";
import type { Emulator } from "../emulator";
import type { ManagementCall } from "../emulator/events/management-calls";

/** Documents of AWS whose sessions leave no transcript. A map may allow some of them. */
const UNRECORDED = ["AWS-StartInteractiveCommand", "AWS-StartSSHSession", "AWS-StartPortForwardingSession"];

/** The first target whose guard ends sessions, and a document that this guard does not allow. */
export function guardedTarget(
  organization: Organization,
): { readonly target: Target; readonly documentName: string } | undefined {
  for (const target of watchedTargets(organization)) {
    const { enabled, terminate, allowedDocuments } = target.settings.guard;
    const documentName = UNRECORDED.find((name) => !allowedDocuments.includes(name));
    if (enabled && terminate && documentName !== undefined) return { target, documentName };
  }
  return undefined;
}

/**
 * The role, with its path, as which somebody opens a session that leaves no record. Guardrails that refuse such sessions
 * bind everybody but break-glass roles. null: the guardrails exempt no role of the account.
 */
export function intruderOf(
  { guardrails }: Organization,
  account: Pick<AccountIdentity, "id">,
): string | null {
  if (guardrails?.refuseUnrecordedSessions !== true) return "contractor";
  const role = guardrails.breakGlassRoles.find((arn) => ["*", account.id].includes(arnParts(arn).accountId));
  // A name that ends in a random hash is a pattern in the map.
  return role === undefined
    ? null
    : arnParts(role)
        .resource.replace(/^role\//, "")
        .replaceAll("*", "x");
}

/**
 * Somebody whose role does not have the operator policy opens a session that leaves no record. The guard ends it.
 * @returns the messages of the guard; none if no target has a guard, or the guardrails refuse every such session
 * @throws Error if the session goes on, or if the guard does not report it
 */
export async function provokeGuard(
  emulator: Emulator,
  organization: Organization,
  instanceRoleName: (target: Target) => string,
): Promise<Finding[]> {
  const guarded = guardedTarget(organization);
  if (guarded === undefined) return [];
  const { target, documentName } = guarded;
  const { account, region } = target;
  const intruder = intruderOf(organization, account);
  if (intruder === null) return [];
  const operatorRoleName = await createAdministrator(emulator, account, intruder);
  const listener = await listenForFindings(emulator, organization, target, "guard-listener");
  const { started, refusal, sessionId, warnings } = await emulator.runSession({
    accountId: account.id,
    region,
    instanceId: "i-0123456789abcdef0",
    instanceRoleName: instanceRoleName(target),
    operatorRoleName,
    operatorSessionName: "mallory",
    commands: [],
    documentName,
  });
  const where = `${account.name}, ${region}`;
  if (!started) throw new Error(`${where}: the session for the guard was refused: ${refusal}`);
  if (!warnings.some((warning) => warning.includes("ended from outside"))) {
    const [run] = emulator.functionRuns.slice(-1);
    throw new Error(`${where}: the guard did not end ${sessionId}: ${run?.error ?? "it was not invoked"}`);
  }
  const findings = await findingsOf(target, listener, ["SessionEnded"]);
  return findings.filter(({ message }) => message["action"] === "SessionEnded");
}

/** A message of the security channel that a subscribed queue has received. */
export interface Finding {
  /** Name in the map. */
  readonly account: string;
  readonly region: string;
  readonly message: Readonly<Record<string, string>>;
}

/** Whether the emulator must record a management call for {@link provokeTampering}. */
export const isTampering = ({ eventName }: ManagementCall): boolean => eventName === "UpdateDocument";

/** Targets whose security channel is on and whose account has a trail to feed it, in the order of waves. */
export const watchedTargets = (organization: Organization): Target[] =>
  organization.targets
    .filter(({ account, settings }) => {
      const { trail } = accountBehind(organization, account).settings;
      return settings.notifications.security.enabled && trail !== "none";
    })
    .sort((a, b) => organization.waves.indexOf(a.wave) - organization.waves.indexOf(b.wave));

/** Subscribes a queue to the security topic of a target. */
export function listenForFindings(
  emulator: Emulator,
  organization: Organization,
  target: Target,
  queue = "security-listener",
): Promise<Listener> {
  const place = placeOf(organization, target);
  const { topic: chosen } = target.settings.notifications.security;
  const own = channelNames({ kind: "target", place }).topic;
  const topic = chosen.kind === "existing" ? chosen.name.split(":").at(-1)! : own;
  return listen(emulator, place, { topic, queue });
}

/** A document that records nothing. An operator asks for a session with it. */
export const OWN_DOCUMENT = "shell-without-a-record";

/**
 * An operator asks for a session with a document other than the preferences, and the operator policy refuses it.
 * @throws Error if the session starts
 */
export async function provokeRefusal(
  emulator: Emulator,
  { account, region }: Target,
  { operatorRoleName, instanceRoleName }: { operatorRoleName: string; instanceRoleName: string },
): Promise<void> {
  const session = await emulator.runSession({
    accountId: account.id,
    region,
    instanceId: "i-0123456789abcdef0",
    instanceRoleName,
    operatorRoleName,
    operatorSessionName: "bob",
    commands: [],
    documentName: OWN_DOCUMENT,
  });
  if (session.started) {
    throw new Error(`${account.name}, ${region}: a session that leaves no transcript was not refused`);
  }
}

/** An administrator changes the preferences by hand, so that they record less. */
export async function provokeTampering(emulator: Emulator, { account, region }: Target): Promise<void> {
  const ssm = new SSMClient({
    ...(await clientConfig(emulator, account.id, region)),
    credentials: await emulator.credentials(account.id, "Administrator", "mallory"),
  });
  const { Content = "{}" } = await ssm.send(new GetDocumentCommand({ Name: PREFERENCES_DOCUMENT }));
  const document = JSON.parse(Content) as { inputs: Record<string, unknown> };
  const inputs = { ...document.inputs, cloudWatchStreamingEnabled: false };
  await ssm.send(
    new UpdateDocumentCommand({
      Name: PREFERENCES_DOCUMENT,
      DocumentVersion: "$LATEST",
      DocumentFormat: "JSON",
      Content: JSON.stringify({ ...document, inputs, description: "Changed by hand" }),
    }),
  );
  await emulator.settled();
}

/**
 * The messages that a queue has received.
 * @param expected the `action` of each message that must be among them
 * @throws Error that names each expected action without a message
 */
export async function findingsOf(
  { account, region }: Target,
  listener: Listener,
  expected: readonly string[],
): Promise<Finding[]> {
  const found = (await listener.receive()).map((message) => ({ account: account.name, region, message }));
  const missing = expected.filter((call) => !found.some(({ message }) => message["action"] === call));
  if (missing.length > 0) {
    throw new Error(
      `${account.name}, ${region}: the security channel reported no ${missing.join(" and no ")}`,
    );
  }
  return found;
}
