import type { Organization, Target } from "../accounts/organization";
import type { Emulator } from "./index";
import { findingsOf, listenForFindings, watchedTargets, type Finding } from "./security-findings";

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
