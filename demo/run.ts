import { accountBehind, type Account, type Organization, type Target } from "../accounts/model/organization";
import { select } from "../fleet/selection";
import { channelNames, names, placeOf } from "../stacks/names";
import { destinationsOf } from "../stacks/policies/destinations";
import {
  authoriseChats,
  createInstanceRoles,
  createOwnPreferences,
  createPerson,
  listen,
  type Listener,
} from "./people";
import { actionSitesOf, createActionTargets } from "./action-targets";
import { bucketOf, readerOf } from "./needs";
import { readLogStream, readTranscript, type Reader } from "./evidence";
import type { Emulator } from "../emulator";
import { createLogDestinations } from "./log-destinations";
import type { Rehearsal } from "./deployment";
import type { Typed } from "../emulator/agent/session-run";
import {
  findingsOf,
  listenForFindings,
  provokeRefusal,
  provokeTampering,
  watchedTargets,
  type Finding,
  provokeGuard,
} from "./findings";
import type { StackRef } from "../stacks/stack-graph";

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
  /** Messages that arrived in the subscribed queue: none where the map has switched activity off. */
  readonly notifications: readonly Record<string, string>[];
}

export interface DemoOutcome {
  readonly witnesses: readonly Witness[];
  readonly stacks: readonly StackRef[];
  /** Stacks whose second plan has changes: none, if all is well. */
  readonly changed: readonly { stack: StackRef; output: string }[];
  /** What the security channel of one target reported: a refused session, and changed preferences. */
  readonly findings: readonly Finding[];
  /** What the guard of one target reported of a session that it ended: none where the map has no guard. */
  readonly ended: readonly Finding[];
}

/** What the operator types in the simulated session. */
export const COMMANDS: readonly Typed[] = [
  ["whoami", "ssm-user"],
  ["sudo systemctl restart web"],
  ["systemctl is-active web", "active"],
];

export interface DemoProps {
  readonly rehearsal: Rehearsal;
  readonly emulator: Emulator;
  readonly log: (line: string) => void;
  /** Ends the run between two sessions. */
  readonly signal?: AbortSignal;
}

/**
 * The main job, end to end: an organization is deployed wave by wave, sessions are held in each workload
 * account, and what they left is read back. At the end somebody does what the security channel reports.
 * @throws Error naming what a session failed to leave; a wave that fails stops those after it
 */
export async function runDemo(props: DemoProps): Promise<DemoOutcome> {
  const { rehearsal, emulator, log } = props;
  const { organization } = rehearsal;
  for (const account of organization.accounts) {
    await createInstanceRoles(emulator, account);
    authoriseChats(emulator, organization, account);
  }
  await createActionTargets(emulator, organization, actionSitesOf(organization));
  await createLogDestinations(emulator, organization);
  for (const target of organization.targets) {
    if (target.settings.preferences.adopt) await createOwnPreferences(emulator, target);
  }
  // Plans wait for nothing: those of later waves are made while earlier waves are applied.
  const plans = rehearsal.stacks.map((stack) => inBackground(rehearsal.plan(stack)));
  const scene = new Scene(organization, props);
  const witnesses: Witness[] = [];
  const checks: Promise<{ stack: StackRef; output: string }[]>[] = [];
  const done = new Set<string>();
  try {
    for (const wave of organization.waves) {
      const stacks = select(rehearsal.stacks, { waves: [wave] }).filter(({ id }) => !done.has(id));
      log(`wave ${wave}: ${stacks.map(({ id }) => id).join(", ")}`);
      await rehearsal.apply(stacks);
      stacks.forEach(({ id }) => done.add(id));
      witnesses.push(...(await scene.holdSessions(wave)));
      checks.push(inBackground(rehearsal.changed(stacks)));
    }
    // Guardrails come after the last wave.
    const last = rehearsal.stacks.filter(({ id }) => !done.has(id));
    if (last.length > 0) {
      log(`last: ${last.map(({ id }) => id).join(", ")}`);
      await rehearsal.apply(last);
      checks.push(inBackground(rehearsal.changed(last)));
    }
    const changed = (await Promise.all(checks)).flat();
    // After the second plans, which would see what is changed now.
    const findings = await scene.provoke();
    return { witnesses, stacks: rehearsal.stacks, changed, findings, ended: await scene.provokeGuard() };
  } finally {
    await Promise.allSettled([...plans, ...checks]);
  }
}

/** Work that is waited for later: its failure is seen then, and is no unhandled one until then. */
function inBackground<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  return work;
}

/** The people of an organization, and what they do. */
class Scene {
  private readonly readers = new Map<string, Promise<Reader>>();

  constructor(
    private readonly organization: Organization,
    private readonly props: DemoProps,
  ) {}

  async holdSessions(wave: string): Promise<Witness[]> {
    const { emulator, log, signal } = this.props;
    const witnesses: Witness[] = [];
    for (const account of this.organization.accounts) {
      if (account.wave !== wave || account.targets.length === 0) continue;
      signal?.throwIfAborted();
      const operatorRoleName = await createPerson(emulator, this.organization, account, "operator");
      const role = await createPerson(emulator, this.organization, account, "reviewer", "log-reviewer");
      const people = { operatorRoleName, logReader: { accountId: account.id, role } };
      for (const target of account.targets) {
        signal?.throwIfAborted();
        const witness = await this.holdSession(account, target, people);
        const told = target.settings.notifications.activity.enabled ? "recorded and notified" : "recorded";
        log(`session  ${witness.sessionId} in ${account.name}, ${target.region}: ${told}`);
        witnesses.push(witness);
      }
    }
    return witnesses;
  }

  /** Does what the security channel is for in one target, and listens. */
  async provoke(): Promise<Finding[]> {
    const { emulator, log } = this.props;
    const target = watchedTargets(this.organization).at(-1);
    if (target === undefined) return [];
    const account = accountBehind(this.organization, target.account);
    const listener = await listenForFindings(emulator, this.organization, target);
    const instanceRoleName = instanceRoleOf(this.organization, account);
    await provokeRefusal(emulator, target, { operatorRoleName: "operator", instanceRoleName });
    await provokeTampering(emulator, target);
    const findings = await findingsOf(target, listener, ["StartSession", "UpdateDocument"]);
    log(`security ${findings.length} findings in ${account.name}, ${target.region}`);
    return findings;
  }

  /** Opens a session that leaves no record, where a guard ends it. */
  async provokeGuard(): Promise<Finding[]> {
    const { emulator, log } = this.props;
    const account = (target: Target) =>
      this.organization.accounts.find(({ id }) => id === target.account.id)!;
    const ended = await provokeGuard(emulator, this.organization, (target) =>
      instanceRoleOf(this.organization, account(target)),
    );
    for (const { account: name, region } of ended) log(`guard    ended a session in ${name}, ${region}`);
    return ended;
  }

  private async holdSession(
    account: Account,
    target: Target,
    { operatorRoleName, logReader }: { operatorRoleName: string; logReader: Reader },
  ): Promise<Witness> {
    const { organization } = this;
    const { emulator } = this.props;
    const { region, wave } = target;
    const where = `${account.name}, ${region}`;
    const { place, transcripts, logGroup } = destinationsOf(organization, target);
    const listener = await this.activityOf(target);
    const session = await emulator.runSession({
      accountId: account.id,
      region,
      instanceId: "i-0123456789abcdef0",
      instanceRoleName: instanceRoleOf(organization, account),
      operatorRoleName,
      operatorSessionName: "alice",
      commands: COMMANDS,
      reason: "INC-1234 restart after deploy",
    });
    if (!session.started) throw new Error(`${where}: the session was refused: ${session.refusal}`);
    const { transcriptKey: key, logStream } = session;
    if (key === undefined || logStream === undefined || session.warnings.length > 0) {
      throw new Error(`${where}: the session left no complete record:\n  ${session.warnings.join("\n  ")}`);
    }
    const notifications = (await listener?.receive()) ?? [];
    const missing = expectedOf(target).filter((event) =>
      notifications.every(({ action }) => action !== event),
    );
    if (missing.length > 0) throw new Error(`${where}: no notification of ${missing.join(", ")} arrived`);
    // Neither is null: `demoProblems` has seen to it.
    const bucket = transcripts!.bucket;
    const group = logGroup!;
    const bucketPlace = bucketOf(organization, target).place;
    const reader = await this.readerOf(target);
    return {
      wave,
      account: account.name,
      region,
      sessionId: session.sessionId,
      transcript: `s3://${bucket}/${key}`,
      transcriptText: await readTranscript(emulator, reader, { place: bucketPlace, bucket, key }),
      logStream: `${group}/${logStream}`,
      logLines: await readLogStream(emulator, logReader, { place, group, stream: logStream }),
      notifications,
    };
  }

  private async activityOf(target: Target): Promise<Listener | undefined> {
    if (!target.settings.notifications.activity.enabled) return undefined;
    const place = placeOf(this.organization, target);
    const topic = channelNames({ kind: "activity", place }).topic;
    return listen(this.props.emulator, place, { topic, queue: "session-listener" });
  }

  /** A reader of the bucket that a target's transcripts go to, who holds the reviewer policy. */
  private readerOf(target: Target): Promise<Reader> {
    const { account, role } = readerOf(this.organization, target)!;
    const who = `${account.id}/${role}`;
    const known =
      this.readers.get(who) ??
      createPerson(this.props.emulator, this.organization, account, "reviewer", role).then((name) => ({
        accountId: account.id,
        role: name,
      }));
    this.readers.set(who, known);
    return known;
  }
}

/** Calls of the simulated session that the subscriber is to hear of. */
const expectedOf = ({ settings: { notifications } }: Target): readonly string[] =>
  notifications.activity.enabled
    ? notifications.activity.events.filter((event) => event !== "ResumeSession")
    : [];

/** A role that holds the instance policy: one that the account stack attached it to, or the one it created. */
function instanceRoleOf(organization: Organization, account: Account): string {
  const place = placeOf(organization, { account, region: account.homeRegion });
  return account.settings.access.attachToRoles[0] ?? names.instancePolicy(place);
}
