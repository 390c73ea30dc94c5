import type { Organization } from "../../accounts/model/organization";
import { arnParts } from "../../aws/arn";
import { globalRegion, partitionOf } from "../../aws/regions";
import type { Authors, PlannedStack } from "../../review/model";
import type { Json, PlanResourceChange } from "../../review/plan-json";
import { rolesOf, signedClients, type ClientOf } from "./clients";
import { callsFor, type Calls } from "./calls";
import { CallHistory, type HistoryEvent, type HistoryPart, type Site } from "./history";

/** How many calls are reported for one object. */
const REPORTED_CALLS = 3;

/** How {@link whoChanged} asks. */
export interface WhoOptions {
  readonly signal?: AbortSignal;
  /** Makes the client of an account and region. @default with the role that plans there */
  readonly clientOf?: ClientOf;
  /** @default process.env */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Asks CloudTrail's event history, in the account and the region of each object that has drifted, who changed the object.
 * @param stacks their plans tell the drift
 * @throws the reason of an aborted signal
 */
export async function whoChanged(
  stacks: readonly PlannedStack[],
  organization: Organization,
  { signal, env = process.env, clientOf = signedClients(organization, env) }: WhoOptions = {},
): Promise<Authors[]> {
  const histories = new Map<string, CallHistory>();
  const historyOf = (stack: PlannedStack, site: Site): CallHistory => {
    const place = `${site.accountId}/${site.region}/${stack.kind === "guardrails"}`;
    const history = histories.get(place) ?? new CallHistory(() => clientOf(site, stack), signal);
    histories.set(place, history);
    return history;
  };
  const found = await Promise.all(
    stacks.flatMap((stack) =>
      (stack.plan?.resource_changes ?? []).map(async (resource): Promise<Authors> => {
        const site = siteOf(resource, stack);
        const about = { stack: stack.id, address: resource.address, ...site };
        return { ...about, ...(await authorsOf(resource, site, historyOf(stack, site))) };
      }),
    ),
  );
  signal?.throwIfAborted();
  const deploys = new Set(rolesOf(organization));
  return found.map((one) => withDelay(one, deploys));
}

/** CloudTrail shows a call some minutes after it was made, so that the newest call may be that of the deployment. */
function withDelay(authors: Authors, deploys: ReadonlySet<string>): Authors {
  const role = /:assumed-role\/([^/]+)\//.exec(authors.calls[0]?.arn ?? "")?.[1];
  if (authors.unknown !== null || role === undefined || !deploys.has(role)) return authors;
  return {
    ...authors,
    unknown:
      "The newest call is one of the role that deploys. If somebody else has changed the object, CloudTrail does not show the call yet, or does not say that it is about this object.",
  };
}

async function authorsOf(
  resource: PlanResourceChange,
  { accountId, region }: Site,
  history: CallHistory,
): Promise<Pick<Authors, "calls" | "unknown">> {
  const calls = callsFor(resource.type);
  const values = (resource.change.before ?? resource.change.after ?? {}) as Readonly<Record<string, Json>>;
  const names = (calls?.by ?? ["id"]).map((name) => values[name]).filter(isText);
  if (calls === undefined || names.length < calls.by.length)
    return { calls: [], unknown: `session-audit does not know the calls that change ${resource.type}.` };
  const where = `in account ${accountId}, ${region}`;
  try {
    const { events, cut } = await eventsOf(history, calls, names, [values["arn"]].filter(isText));
    const told = events
      .filter((event) => isAbout(event, names))
      .sort((one, other) => (one.at < other.at ? 1 : -1))
      .slice(0, REPORTED_CALLS)
      .map(({ parameters: _, ...call }) => call);
    if (told.length > 0) return { calls: told, unknown: null };
    const read = cut ? "the newest calls of the last 90 days" : "the calls of the last 90 days";
    return {
      calls: [],
      unknown: `CloudTrail has no call about the object among ${read} ${where}. It shows a call some minutes after it was made.`,
    };
  } catch (error) {
    const { name, message } = error as Error;
    return { calls: [], unknown: `CloudTrail could not be asked ${where}: ${name}: ${message}` };
  }
}

/** The events that name the object; if there are none, the events of each call that may have changed it. */
async function eventsOf(
  history: CallHistory,
  calls: Calls,
  names: readonly string[],
  arns: readonly string[],
): Promise<HistoryPart> {
  const isOne = ({ source, event }: HistoryEvent) =>
    source.startsWith(`${calls.source}.`) && calls.events.includes(event);
  const joined = (parts: readonly HistoryPart[]): HistoryPart => {
    const events = parts.flatMap((part) => part.events.filter(isOne));
    return {
      events: [...new Map(events.map((event) => [event.eventId, event])).values()],
      cut: parts.some(({ cut }) => cut),
    };
  };
  const byName = joined(
    await Promise.all([...new Set([...names, ...arns])].map((name) => history.lookup("ResourceName", name))),
  );
  if (byName.events.some((event) => isAbout(event, names))) return byName;
  return joined(await Promise.all(calls.events.map((event) => history.lookup("EventName", event))));
}

/** Whether the parameters of a call have the values of all attributes that name the object. */
function isAbout({ parameters }: HistoryEvent, names: readonly string[]): boolean {
  const texts = textsIn(parameters);
  return names.every((name) => texts.some((text) => isSame(text, name)));
}

/** Whether a text is the name of an object, or an ARN or a URL that ends in it, or the name at the end of its ARN. */
function isSame(text: string, name: string): boolean {
  const plain = text.replace(/:\*$/, "");
  return (
    plain === name ||
    plain.endsWith(`:${name}`) ||
    plain.endsWith(`/${name}`) ||
    (name.startsWith("arn:") && plain !== "" && arnParts(name).resource === plain)
  );
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** Where the calls on an object are recorded: its ARN says so, or its stack. Those of IAM are in one region of a partition. */
function siteOf({ type, change }: PlanResourceChange, { accountId, region }: PlannedStack): Site {
  const values = (change.before ?? change.after ?? {}) as Readonly<Record<string, Json>>;
  const arn = arnParts(isText(values["arn"]) ? values["arn"] : "");
  const isGlobal = /^aws_(iam|organizations)_/.test(type);
  return {
    accountId: /^\d{12}$/.test(arn.accountId) ? arn.accountId : accountId,
    region: isGlobal ? globalRegion(partitionOf(region) ?? "aws") : arn.region || region,
  };
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
