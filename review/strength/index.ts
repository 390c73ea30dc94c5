import { isLoosened } from "../guardrails";
import {
  FOREVER_DAYS,
  QUALITIES,
  type Change,
  type PlannedStack,
  type Quality,
  type StrengthRow,
} from "../model";
import type { PlanJson } from "../plan-json";
import { bucketsOf, FOREVER, replicatedBy, type Bucket } from "./buckets";
import { centralTopicsOf, type CentralTopic } from "./central";
import { MEASURES, shortestRetention, some, type Whole } from "./qualities";
import { NO_TARGET, targetOf, type Target } from "./targets";
import { viewsOf, type Sides, type View } from "./view";

type Stack = Omit<PlannedStack, "plan">;

/** Collects what the plans of a folder say about the strength of recording. It keeps a few numbers of each stack. */
export interface Strength {
  /**
   * @param plan null: the plan has failed
   * @param changes of the plan, with the comparison of its policies
   */
  add(stack: Stack, plan: PlanJson | null, changes: readonly Change[]): void;
  rows(): StrengthRow[];
}

/** What the stacks of a folder say together at one point in time. */
interface Folder {
  readonly buckets: Map<string, Bucket>;
  readonly replicated: Map<string, boolean>;
  /** ARNs of the topics that chat channels read. null: no stack of chat channels is in the folder. */
  readonly chat: Map<string, Set<string>>;
  /** The central topics, by the end of the ARN of their bus, with the account of each. */
  readonly central: Map<string, CentralTopic & { readonly accountId: string }>;
  guardrails: number | undefined;
  /** Number of service control policies that forbid less than before. */
  loosened: number;
}

/** Whether a change takes something from the guardrails. */
const loosens = ({ type, attributes }: Change): boolean =>
  type === "aws_organizations_policy" &&
  attributes.some(({ meaning }) => meaning?.kind === "policy" && isLoosened(meaning));

const newFolder = (): Folder => ({
  buckets: new Map(),
  replicated: new Map(),
  chat: new Map(),
  central: new Map(),
  guardrails: undefined,
  loosened: 0,
});

/** A strength without stacks. */
export function newStrength(): Strength {
  const targets: (Sides<Target> & { readonly stack: Stack })[] = [];
  const archives: ArchiveRef[] = [];
  const guardrails: string[] = [];
  const unplanned: string[] = [];
  const folder: Sides<Folder> = { before: newFolder(), after: newFolder() };
  return {
    add(stack, plan, changes) {
      if (plan === null) {
        if (stack.kind === "session") unplanned.push(stack.id);
        return;
      }
      const views = viewsOf(plan);
      for (const side of ["before", "after"] as const) collect(folder[side], stack, views[side]);
      if (stack.kind === "archive") archives.push(...archivesOf(stack.id, views));
      if (stack.kind === "guardrails") {
        guardrails.push(stack.id);
        folder.after.loosened += changes.filter(loosens).length;
      }
      if (stack.kind !== "session") return;
      targets.push({ stack, before: targetOf(views.before), after: targetOf(views.after) });
    },
    rows: () => {
      const pair = (
        stack: Pick<Stack, "id" | "accountId" | "region">,
        before: Target,
        after: Target,
      ): Pair => ({
        id: stack.id,
        before: wholeOf(folder.before, stack, before, folder),
        after: wholeOf(folder.after, stack, after, folder),
      });
      const pairs = targets.map(({ stack, before, after }) => pair(stack, before, after));
      const others = standIns(pairs, archives, guardrails).map(({ id, bucket, qualities }) => ({
        ...pair({ id, accountId: "", region: "" }, behind(bucket), behind(bucket)),
        qualities,
      }));
      return QUALITIES.map((quality) =>
        rowOf(
          quality,
          pairs,
          others.filter(({ qualities }) => qualities.includes(quality)),
          unplanned,
        ),
      );
    },
  };
}

/** A bucket of transcripts in the stack of an archive. */
interface ArchiveRef {
  readonly id: string;
  readonly bucket: string;
}

/** The bucket of transcripts of an archive, and not that of its access logs. */
const archivesOf = (id: string, { before, after }: Sides<View>): ArchiveRef[] =>
  [...new Set([...bucketsOf(before).keys(), ...bucketsOf(after).keys()])]
    .filter((bucket) => !bucket.endsWith("-access"))
    .map((bucket) => ({ id, bucket }));

function collect(folder: Folder, stack: Stack, view: View): void {
  const { kind, accountId } = stack;
  for (const [name, bucket] of bucketsOf(view)) folder.buckets.set(name, bucket);
  for (const [name, works] of replicatedBy(view)) folder.replicated.set(name, works);
  if (kind === "archive" || kind === "central") {
    for (const topic of centralTopicsOf(view, stack)) folder.central.set(topic.bus, { ...topic, accountId });
  }
  if (kind === "chat") {
    const topics = ["slack", "teams"].flatMap((platform) =>
      view.all(`aws_chatbot_${platform}_channel_configuration`).flatMap((channel) => {
        const arns = view.at(channel, "sns_topic_arns");
        return Array.isArray(arns) ? arns.map(String) : [];
      }),
    );
    folder.chat.set(accountId, new Set(topics));
  }
  if (kind === "guardrails")
    folder.guardrails = (folder.guardrails ?? 0) + view.all("aws_organizations_policy_attachment").length;
}

function wholeOf(
  side: Folder,
  { accountId, region }: Pick<Stack, "accountId" | "region">,
  target: Target,
  folder: Sides<Folder>,
): Whole {
  const name = target.bucket ?? undefined;
  const bucket = name === undefined ? undefined : side.buckets.get(name);
  const isPlanned =
    name !== undefined && [folder.before, folder.after].some((one) => one.replicated.has(name));
  const store =
    bucket && isPlanned ? { ...bucket, isReplicated: side.replicated.get(name) ?? false } : bucket;
  const chat = side.chat.get(accountId);
  const reads = (topics: Set<string> | undefined, end: string) =>
    topics && [...topics].some((arn) => arn.endsWith(`:${end}`));
  return {
    ...target,
    store,
    guardrails: side.guardrails,
    loosened: side.loosened,
    isRead: (topic) => reads(chat, `${region}:${accountId}:${topic}`),
    isHeard: (busArn) => {
      const central = side.central.get(busArn.split(":").slice(3).join(":"));
      if (central === undefined) return undefined;
      const ofAccount = side.chat.get(central.accountId);
      return some([central.isNotified, central.chat === null ? false : reads(ofAccount, central.chat)]);
    },
  };
}

/** One target before and after; or a stack that others depend on, for the qualities that it decides. */
type Pair = Sides<Whole> & { readonly id: string };

/** What the stack of an archive decides for targets that are not in the folder. */
const OF_STORE: readonly Quality[] = ["encryptedWithCustomerKey", "retention", "objectLock", "replication"];

/** A target about which nothing is known but where its transcripts are. */
const behind = (bucket: string | null): Target => ({ ...NO_TARGET, exists: true, encryption: [], bucket });

/** Stacks in place of the targets that depend on them and are not in the folder, by the qualities that they decide. */
function standIns(
  targets: readonly Pair[],
  archives: readonly ArchiveRef[],
  guardrails: readonly string[],
): { readonly id: string; readonly bucket: string | null; readonly qualities: readonly Quality[] }[] {
  const used = new Set(targets.flatMap(({ before, after }) => [before.bucket, after.bucket]));
  return [
    ...archives
      .filter(({ bucket }) => !used.has(bucket))
      .map(({ id, bucket }) => ({ id, bucket, qualities: OF_STORE })),
    ...(targets.length === 0 ? guardrails : []).map((id) => ({
      id,
      bucket: null,
      qualities: ["guardrails"] as const,
    })),
  ];
}

function rowOf(
  quality: Quality,
  targets: readonly Pair[],
  others: readonly Pair[],
  unplanned: readonly string[],
): StrengthRow {
  const told = targets.filter((target) => isTold(quality, target));
  const trends = [...targets, ...others].map((target) => ({
    id: target.id,
    trend: trendOf(quality, target),
  }));
  const withTrend = (trend: number) => [
    ...new Set(trends.filter((one) => one.trend === trend).map(({ id }) => id)),
  ];
  const untold = targets.filter((target) => !told.includes(target)).map(({ id }) => id);
  // Without a stack of guardrails, the folder says nothing about any target, and nobody expects it to.
  const isSilent = quality === "guardrails" && told.length === 0;
  const value = (side: keyof Sides<Whole>) =>
    valueOf(
      quality,
      told.map((target) => target[side]),
    );
  return {
    quality,
    before: value("before"),
    after: value("after"),
    of: told.length,
    weaker: withTrend(-1),
    stronger: withTrend(1),
    unknown: isSilent ? [] : [...untold, ...unplanned],
  };
}

const isTold = (quality: Quality, { before, after }: Pair) =>
  [before, after].every((target) => MEASURES[quality].has(target) !== undefined);

/** -1: the quality gets weaker; 1: stronger. What is known of a target counts even if not all of it is. */
function trendOf(quality: Quality, { before, after }: Pair): number {
  const { has, levels = () => [] } = MEASURES[quality];
  const [had, keeps] = [has(before), has(after)];
  if (had !== undefined && keeps !== undefined && had !== keeps) return keeps ? 1 : -1;
  const [old, now] = [levels(before), levels(after)];
  const steps = old.map((level, index) => step(level, now[index]));
  return steps.includes(-1) ? -1 : steps.includes(1) ? 1 : 0;
}

/** A level that is not known, or of something that is not there, is neither weaker nor stronger. */
function step(before: number | null | undefined, after: number | null | undefined): number {
  if (typeof before !== "number" || typeof after !== "number") return 0;
  return Math.sign(after === before ? 0 : after - before);
}

function valueOf(quality: Quality, targets: readonly Whole[]): number | null {
  if (targets.length === 0) return null;
  if (quality !== "retention")
    return targets.filter((target) => MEASURES[quality].has(target) === true).length;
  const days = targets.map(shortestRetention).filter((one) => one !== undefined);
  if (days.length === 0) return null;
  const shortest = Math.min(...days);
  return shortest === FOREVER ? FOREVER_DAYS : shortest;
}
