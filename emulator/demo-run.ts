import type { Organization, Target } from "../accounts/organization";
import { select, type StackRef } from "../fleet/stacks";
import { names, placeOf } from "../stacks/names";
import { createInstanceRoles, createPerson, listen } from "./cast";
import { readLogStream, readTranscript, type Reader } from "./evidence";
import type { Emulator } from "./index";
import type { Rehearsal } from "./rehearsal";

/** What one simulated session left behind. */
export interface Witness {
  readonly wave: string;
  readonly account: string;
  readonly region: string;
  readonly sessionId: string;
  /** `s3://<bucket>/<key>` */
  readonly transcript: string;
  /** The text in the bucket, as a reviewer read it. */
  readonly transcriptText: string;
  /** `<log group>/<stream>` */
  readonly logStream: string;
  /** Lines in the stream. */
  readonly logLines: readonly string[];
  /** Messages that arrived in the subscribed queue. */
  readonly notifications: readonly Record<string, string>[];
}

export interface DemoOutcome {
  readonly witnesses: readonly Witness[];
  readonly stacks: readonly StackRef[];
  /** Stacks whose second plan has changes: none, if all is well. */
  readonly changed: readonly { stack: StackRef; output: string }[];
}

/** What the operator types in the simulated session. */
export const COMMANDS = ["whoami", "sudo systemctl restart web"] as const;

export interface DemoProps {
  readonly rehearsal: Rehearsal;
  readonly emulator: Emulator;
  readonly log: (line: string) => void;
}

/**
 * The main job, end to end: an organization is deployed wave by wave, sessions are held in each workload
 * account, and what they left is read back.
 * @throws Error naming what a session failed to leave; a wave that fails stops those after it
 */
export async function runDemo({ rehearsal, emulator, log }: DemoProps): Promise<DemoOutcome> {
  const { organization } = rehearsal;
  for (const account of organization.accounts) await createInstanceRoles(emulator, account);
  // Plans wait for nothing: those of later waves are made while earlier waves are applied.
  const plans = rehearsal.stacks.map((stack) => inBackground(rehearsal.plan(stack)));
  const witnesses: Witness[] = [];
  const checks: Promise<{ stack: StackRef; output: string }[]>[] = [];
  const done = new Set<string>();
  try {
    for (const wave of organization.waves) {
      const stacks = select(rehearsal.stacks, { waves: [wave] }).filter(({ id }) => !done.has(id));
      log(`wave ${wave}: ${stacks.map(({ id }) => id).join(", ")}`);
      await rehearsal.apply(stacks);
      stacks.forEach(({ id }) => done.add(id));
      witnesses.push(...(await holdSessions(organization, wave, emulator, log)));
      checks.push(inBackground(rehearsal.changed(stacks)));
    }
    return { witnesses, stacks: rehearsal.stacks, changed: (await Promise.all(checks)).flat() };
  } finally {
    await Promise.allSettled([...plans, ...checks]);
  }
}

/** Work that is waited for later: its failure is seen then, and is no unhandled one until then. */
function inBackground<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  return work;
}

async function holdSessions(
  organization: Organization,
  wave: string,
  emulator: Emulator,
  log: (line: string) => void,
): Promise<Witness[]> {
  const witnesses: Witness[] = [];
  for (const account of organization.accounts.filter((candidate) => candidate.wave === wave)) {
    if (account.targets.length === 0) continue;
    const operatorRoleName = await createPerson(emulator, organization, account, "operator");
    const role = await createPerson(emulator, organization, account, "reviewer", "log-reviewer");
    const logReader = { accountId: account.id, role };
    for (const target of account.targets) {
      const witness = await holdSession(organization, target, { operatorRoleName, logReader }, emulator);
      log(`session  ${witness.sessionId} in ${account.name}, ${target.region}: recorded and notified`);
      witnesses.push(witness);
    }
  }
  return witnesses;
}

async function holdSession(
  organization: Organization,
  target: Target,
  { operatorRoleName, logReader }: { operatorRoleName: string; logReader: Reader },
  emulator: Emulator,
): Promise<Witness> {
  const { account, region, wave, settings } = target;
  const where = `${account.name}, ${region}`;
  const listener = await listen(emulator, organization, target);
  const session = await emulator.runSession({
    accountId: account.id,
    region,
    instanceId: "i-0123456789abcdef0",
    instanceRoleName: instanceRoleOf(organization, target),
    operatorRoleName,
    operatorSessionName: "alice",
    commands: COMMANDS,
    reason: "INC-1234 restart after deploy",
  });
  if (!session.started) throw new Error(`${where}: the session was refused: ${session.refusal}`);
  const { transcriptKey, logStream, bucket } = session;
  if (transcriptKey === undefined || logStream === undefined || session.warnings.length > 0) {
    throw new Error(`${where}: the session left no complete record:\n  ${session.warnings.join("\n  ")}`);
  }
  const site = organization.archives.find((archive) => archive.region === region)!;
  const reader = await reviewer(emulator, organization);
  const place = placeOf(organization, target);
  const group = names.logGroup(place);
  const notifications = await listener.receive();
  const missing = settings.notifications.activity.events
    .filter((event) => event !== "ResumeSession")
    .filter((event) => !notifications.some(({ action }) => action === event));
  if (missing.length > 0) throw new Error(`${where}: no notification of ${missing.join(", ")} arrived`);
  return {
    wave,
    account: account.name,
    region,
    sessionId: session.sessionId,
    transcript: `s3://${bucket}/${transcriptKey}`,
    transcriptText: await readTranscript(emulator, reader, { site, organization, key: transcriptKey }),
    logStream: `${group}/${logStream}`,
    logLines: await readLogStream(emulator, logReader, { place, group, stream: logStream }),
    notifications,
  };
}

/** The instance role that the account stack attached the instance policy to. */
function instanceRoleOf(organization: Organization, { account }: Target): string {
  const role = organization.accounts.find(({ id }) => id === account.id)?.settings.access.attachToRoles[0];
  if (role === undefined) throw new Error(`${account.name}: the map attaches the instance policy to no role`);
  return role;
}

const reviewers = new WeakMap<Emulator, Promise<Reader>>();

/** The first reader of the archive, who gets the reviewer policy of the reader's account. */
function reviewer(emulator: Emulator, organization: Organization): Promise<Reader> {
  const known = reviewers.get(emulator);
  if (known) return known;
  const [arn = ""] = organization.archives[0]?.settings.transcripts.readers ?? [];
  const accountId = arn.split(":")[4] ?? "";
  const role = arn.split("/").at(-1) ?? "";
  const account = organization.accounts.find(({ id }) => id === accountId);
  if (!account) throw new Error("the demo needs a reader of the archive in an account of the map");
  const made = createPerson(emulator, organization, account, "reviewer", role).then(() => ({
    accountId,
    role,
  }));
  reviewers.set(emulator, made);
  return made;
}
