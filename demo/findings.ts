import { GetDocumentCommand, SSMClient, UpdateDocumentCommand } from "@aws-sdk/client-ssm";
import { accountBehind, type Organization, type Target } from "../accounts/model/organization";
import { channelNames, placeOf, PREFERENCES_DOCUMENT } from "../stacks/names";
import { clientConfig, listen, type Listener } from "./people";
import type { Emulator } from "../emulator";
import type { ManagementCall } from "../emulator/events/management-calls";

/** Documents of AWS's own that record nothing; a map may allow some. */
const UNRECORDED = ["AWS-StartInteractiveCommand", "AWS-StartSSHSession", "AWS-StartPortForwardingSession"];

/** The first target whose guard hears of sessions and ends some, with a document that it does not allow. */
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
 * Somebody whom the operator policy does not bind opens a session that leaves no record, and the guard ends it.
 * @throws Error if it runs on, or is not reported
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
  const listener = await listenForFindings(emulator, organization, target, "guard-listener");
  const { started, refusal, sessionId, warnings } = await emulator.runSession({
    accountId: account.id,
    region,
    instanceId: "i-0123456789abcdef0",
    instanceRoleName: instanceRoleName(target),
    operatorRoleName: "contractor",
    operatorSessionName: "mallory",
    commands: [],
    documentName,
  });
  const where = `${account.name}, ${region}`;
  if (!started) throw new Error(`${where}: the session that the guard is for was refused: ${refusal}`);
  if (!warnings.some((warning) => warning.includes("ended from outside"))) {
    const [run] = emulator.functionRuns.slice(-1);
    throw new Error(`${where}: the guard did not end ${sessionId}: ${run?.error ?? "it was not invoked"}`);
  }
  const findings = await findingsOf(target, listener, ["SessionEnded"]);
  return findings.filter(({ message }) => message["action"] === "SessionEnded");
}

/** A message of the security channel, as it arrived in a subscribed queue. */
export interface Finding {
  readonly account: string;
  readonly region: string;
  readonly message: Readonly<Record<string, string>>;
}

/** The management calls that the demo's emulator must record for {@link provokeTampering}. */
export const isTampering = ({ eventName }: ManagementCall): boolean => eventName === "UpdateDocument";

/** Targets whose security channel hears anything: it is on, and a trail records the account. In the order of waves. */
export const watchedTargets = (organization: Organization): Target[] =>
  organization.targets
    .filter(({ account, settings }) => {
      const { trail } = accountBehind(organization, account).settings;
      return settings.notifications.security.enabled && trail !== "none";
    })
    .sort((a, b) => organization.waves.indexOf(a.wave) - organization.waves.indexOf(b.wave));

/** Listens to the security topic of a target. */
export function listenForFindings(
  emulator: Emulator,
  organization: Organization,
  target: Target,
  queue = "security-listener",
): Promise<Listener> {
  const place = placeOf(organization, target);
  const { topic } = channelNames({ kind: "target", place });
  return listen(emulator, place, { topic, queue });
}

/** A document that records nothing, in which an operator would rather work. */
export const OWN_DOCUMENT = "shell-without-a-record";

/** An operator asks for a session with another document than the preferences: the operator policy refuses. */
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

/** An administrator makes the preferences record less, past Terraform. */
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

/** What has arrived. @throws Error naming a call that was not reported */
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
