import { accountBehind, type Account, type Organization, type Target } from "../accounts/model/organization";
import type { Emulator } from "../emulator";
import type { Typed } from "../emulator/agent/session-run";
import { channelNames, names, placeOf, type Place } from "../stacks/names";
import { destinationsOf } from "../stacks/policies/destinations";
import { readLogStream, readTranscript, type Reader } from "./evidence";
import {
  findingsOf,
  guardedTarget,
  listenForFindings,
  provokeGuard,
  provokeRefusal,
  provokeTampering,
  watchedTargets,
  type Finding,
} from "./findings";
import { bucketOf, readerOf } from "./needs";
import { createAdministrator, createPerson, listen, tagRunAs, type Listener } from "./people";
import type { Journal } from "./progress";
import { count } from "./steps";

/** The records and notifications of one simulated session. */
export interface SessionEvidence {
  readonly wave: string;
  readonly account: string;
  readonly region: string;
  readonly sessionId: string;
  /** null: the map keeps no transcripts here. */
  readonly transcript: {
    /** `s3://<bucket>/<key>` */
    readonly place: string;
    /** Read by a reviewer. */
    readonly text: string;
  } | null;
  /** null: the map keeps no session logs here. */
  readonly logStream: {
    /** `<log group>/<stream>` */
    readonly place: string;
    /** Read by a reviewer. */
    readonly lines: readonly string[];
  } | null;
  /** The messages that a subscribed queue received. None if the map switches the activity channel off. */
  readonly notifications: readonly Record<string, string>[];
  /** The same messages as SNS sends them, for example by e-mail. */
  readonly notificationTexts: readonly string[];
}

/** The name of the operator, and of the operator's user on instances where the map runs sessions by tag only. */
const OPERATOR = "alice";

/** What the operator types in the simulated session, each with the answer of the instance. */
export const COMMANDS: readonly Typed[] = [
  ["whoami", "ssm-user"],
  ["sudo systemctl restart web"],
  ["systemctl is-active web", "active"],
];

/** What {@link Operators} need. */
export interface OperatorsProps {
  readonly emulator: Emulator;
  readonly journal: Journal;
  /** Ends the run between two sessions. */
  readonly signal?: AbortSignal;
}

/** The operators and reviewers of an organization, who hold sessions in it and read the records of those sessions. */
export class Operators {
  private readonly readers = new Map<string, Promise<Reader>>();

  constructor(
    private readonly organization: Organization,
    private readonly props: OperatorsProps,
  ) {}

  /**
   * Holds a session in every target of a wave, and reads back its records.
   * @throws Error that names what a session failed to leave
   */
  async holdSessions(wave: string): Promise<SessionEvidence[]> {
    const { emulator, journal, signal } = this.props;
    const evidence: SessionEvidence[] = [];
    for (const account of this.organization.accounts) {
      if (account.wave !== wave || account.targets.length === 0) continue;
      signal?.throwIfAborted();
      const operatorRoleName = await createPerson(emulator, this.organization, account, "operator");
      const role = await createPerson(emulator, this.organization, account, "reviewer", "log-reviewer");
      if (account.targets.some(isByTagOnly)) await tagRunAs(emulator, account, operatorRoleName, OPERATOR);
      const people = { operatorRoleName, logReader: { accountId: account.id, role } };
      for (const target of account.targets) {
        signal?.throwIfAborted();
        const where = `${account.name}, ${target.region}`;
        const left = await journal.during(`holding a session in ${where}`, () =>
          this.holdSession(account, target, people),
        );
        const results = target.settings.notifications.activity.enabled ? "recorded and notified" : "recorded";
        journal.line(`session in ${where}: ${results}`);
        evidence.push(left);
      }
    }
    return evidence;
  }

  /** Causes findings in one target, and returns the messages of the security channel about them. */
  async provoke(): Promise<Finding[]> {
    const { emulator, journal } = this.props;
    const target = watchedTargets(this.organization).at(-1);
    if (target === undefined) return [];
    journal.begin("security");
    const account = accountBehind(this.organization, target.account);
    const listener = await listenForFindings(emulator, this.organization, target);
    const instanceRoleName = instanceRoleOf(this.organization, account);
    await provokeRefusal(emulator, target, { operatorRoleName: "operator", instanceRoleName });
    await provokeTampering(emulator, target);
    const findings = await findingsOf(target, listener, ["StartSession", "UpdateDocument"]);
    journal.line(`${count(findings.length, "finding")} in ${account.name}, ${target.region}`);
    return findings;
  }

  /** Opens a session that leaves no record in a target whose guard ends it, and returns the guard's messages. */
  async provokeGuard(): Promise<Finding[]> {
    const { emulator, journal } = this.props;
    if (guardedTarget(this.organization) === undefined) return [];
    journal.begin("guard");
    const ended = await provokeGuard(emulator, this.organization, ({ account }) =>
      instanceRoleOf(this.organization, accountBehind(this.organization, account)),
    );
    for (const { account: name, region } of ended) {
      journal.line(`the guard ended a session in ${name}, ${region}`);
    }
    return ended;
  }

  private async holdSession(
    account: Account,
    target: Target,
    { operatorRoleName, logReader }: { operatorRoleName: string; logReader: Reader },
  ): Promise<SessionEvidence> {
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
      operatorSessionName: OPERATOR,
      commands: COMMANDS,
      users: usersOf(target),
      reason: "INC-1234 restart after deploy",
    });
    if (!session.started) throw new Error(`${where}: the session was refused: ${session.refusal}`);
    const { transcriptKey: key, logStream: stream, warnings } = session;
    if (
      (key === undefined) !== (transcripts === null) ||
      (stream === undefined) !== (logGroup === null) ||
      warnings.length > 0
    ) {
      throw new Error(`${where}: the session left no complete record:\n  ${warnings.join("\n  ")}`);
    }
    const notificationTexts = (await listener?.receiveTexts()) ?? [];
    const notifications = notificationTexts.map((text) => JSON.parse(text) as Record<string, string>);
    const missing = expectedOf(target).filter((event) =>
      notifications.every(({ action }) => action !== event),
    );
    if (missing.length > 0) throw new Error(`${where}: no notification of ${missing.join(", ")} arrived`);
    return {
      wave,
      account: account.name,
      region,
      sessionId: session.sessionId,
      transcript: transcripts === null ? null : await this.transcriptOf(target, transcripts.bucket, key!),
      logStream:
        logGroup === null
          ? null
          : {
              place: `${logGroup}/${stream}`,
              lines: await readLogStream(emulator, logReader, { place, group: logGroup, stream: stream! }),
            },
      notifications,
      notificationTexts,
    };
  }

  private async transcriptOf(
    target: Target,
    bucket: string,
    key: string,
  ): Promise<NonNullable<SessionEvidence["transcript"]>> {
    const reader = await this.readerOf(target);
    const place = transcriptPlace(this.organization, target);
    const text = await readTranscript(this.props.emulator, reader, { place, bucket, key });
    return { place: `s3://${bucket}/${key}`, text };
  }

  private async activityOf(target: Target): Promise<Listener | undefined> {
    if (!target.settings.notifications.activity.enabled) return undefined;
    const place = placeOf(this.organization, target);
    const { topic: chosen } = target.settings.notifications.activity;
    const own = channelNames({ kind: "activity", place }).topic;
    const topic = chosen.kind === "existing" ? chosen.name.split(":").at(-1)! : own;
    return listen(this.props.emulator, place, { topic, queue: "session-listener" });
  }

  /** A role that reads an existing bucket: its owner decides who does. Made once for each account. */
  private ownerOf({ account }: Place): Promise<Reader> {
    return this.once(account.id, "bucket-owner", (role) =>
      createAdministrator(this.props.emulator, account, role),
    );
  }

  /** A role with the reviewer policy that reads the bucket of a target's transcripts. Made once. */
  private readerOf(target: Target): Promise<Reader> {
    const { bucket } = target.settings.transcripts;
    if (bucket.kind === "existing") return this.ownerOf(transcriptPlace(this.organization, target));
    // `demoProblems` refuses a map in which nobody may read the transcripts of a created bucket.
    const { account, role } = readerOf(this.organization, target)!;
    return this.once(account.id, role, () =>
      createPerson(this.props.emulator, this.organization, account, "reviewer", role),
    );
  }

  /** A role of an account, which is made at the first call. @param make returns the name of the role that it has made */
  private once(accountId: string, role: string, make: (role: string) => Promise<string>): Promise<Reader> {
    const who = `${accountId}/${role}`;
    const known = this.readers.get(who) ?? make(role).then((name) => ({ accountId, role: name }));
    this.readers.set(who, known);
    return known;
  }
}

/** The account and region of the bucket of a target's transcripts. */
function transcriptPlace(organization: Organization, target: Target): Place {
  const { bucket } = target.settings.transcripts;
  if (bucket.kind !== "existing") return bucketOf(organization, target).place;
  const own = placeOf(organization, target);
  return { ...own, account: { ...own.account, id: bucket.accountId ?? own.account.id } };
}

const isByTagOnly = ({ settings: { preferences } }: Target): boolean => preferences.runAs.byTagOnly;

/** The operating system users that the map expects on every instance, and the one that is named by the operator's tag. */
const usersOf = ({ settings: { preferences } }: Target): readonly string[] =>
  [preferences.runAs.defaultUser, OPERATOR].filter((user) => user !== null);

/** The calls of a session that the activity channel reports to its subscribers. */
const expectedOf = ({ settings: { notifications } }: Target): readonly string[] =>
  notifications.activity.enabled
    ? notifications.activity.events.filter((event) => event !== "ResumeSession")
    : [];

/** A role with the instance policy: the first role that the map attaches the policy to, or the role that a stack creates. */
function instanceRoleOf(organization: Organization, account: Account): string {
  const place = placeOf(organization, { account, region: account.homeRegion });
  return account.settings.access.attachToRoles[0] ?? names.instancePolicy(place);
}
