import { SSMClient } from "@aws-sdk/client-ssm";
import { PREFERENCES_DOCUMENT } from "../../aws/session-manager";
import { sha256Of } from "../../files/checksum";
import { UserError } from "../../processes/user-error";
import type { PlanJson, PlanResourceChange } from "../../review/plan-json";
import { preferences } from "../adopt/read-target";
import { look, type Look } from "../aws-errors";
import { inParallel } from "../in-parallel";
import type { Manifest, PlannedStack } from "../plan-folder";
import { plannedFile } from "../planned-files";
import { attemptsIn } from "../client-settings";
import { sharedRole } from "../role-credentials";

/** What a first deployment does to the preferences: their content afterwards, and whether they are imported. */
export interface FirstPreferences {
  readonly imports: boolean;
  readonly content: string;
}

/**
 * What a plan does to preferences that are in no state yet; null: it neither creates nor imports them.
 * @param plan the plan as JSON
 */
export function firstPreferences(plan: PlanJson): FirstPreferences | null {
  const found = (plan.resource_changes ?? []).find(
    ({ type, change }) =>
      type === "aws_ssm_document" &&
      (change.after as After)?.name === PREFERENCES_DOCUMENT &&
      isFirst(change),
  );
  if (found === undefined) return null;
  const { content } = found.change.after as { readonly content?: unknown };
  return {
    imports: found.change.importing !== undefined,
    content: typeof content === "string" ? content : "",
  };
}

type After = { readonly name?: unknown } | null | undefined;

const isFirst = ({ actions, importing }: PlanResourceChange["change"]): boolean =>
  importing !== undefined || (actions.length === 1 && actions[0] === "create");

/** What a first deployment is judged by. */
export interface FirstProps {
  readonly planned: FirstPreferences;
  /** The content that AWS has now; null: there is none. */
  readonly present: Look<string | null>;
  /** Checksum of the content that somebody has looked at; undefined: nobody has. */
  readonly lookedAt: string | undefined;
}

/**
 * Why a first deployment must not replace the preferences that exist, or null. Preferences that already say what the
 * plan writes are nobody's loss. All others must be those that somebody has looked at, to the byte.
 */
export function objection({ planned, present, lookedAt }: FirstProps): string | null {
  if (!present.looked) return `nobody can tell whether preferences exist: ${present.reason}`;
  const { value: content } = present;
  if (content === null)
    return planned.imports ? "the preferences that the plan imports do not exist any more" : null;
  if (!planned.imports) return "preferences exist, and the plan would create them";
  if (content === planned.content || sha256Of(content) === lookedAt) return null;
  return lookedAt === undefined
    ? "preferences exist that nobody has looked at"
    : "the preferences are no longer those that somebody has looked at";
}

/** What the check needs. */
export interface CheckProps {
  readonly folder: string;
  readonly manifest: Pick<Manifest, "profiles">;
  readonly env: NodeJS.ProcessEnv;
  /** Targets that are asked side by side. */
  readonly parallel: number;
  readonly signal?: AbortSignal;
}

/**
 * Refuses first deployments over preferences that nobody has looked at, before anything is deployed. Only plans that
 * create or import the document are asked about: a deployment of a stack that has it costs no call.
 * @param stacks those that may be applied, without those that an earlier deployment has begun
 * @throws UserError that names every such stack, or a file that is not the one that was planned
 */
export async function refuseForeignPreferences(
  stacks: readonly PlannedStack[],
  props: CheckProps,
): Promise<void> {
  const candidates = stacks.filter(({ kind, result }) => kind === "session" && result === "changes");
  const found: { readonly id: string; readonly why: string }[] = [];
  const check = async (stack: PlannedStack) => ({ stack, why: await objectionTo(stack, props) });
  for await (const { stack, why } of inParallel(candidates, props.parallel, check, props.signal)) {
    if (why !== null) found.push({ id: stack.id, why });
  }
  if (found.length === 0) return;
  const order = new Map(stacks.map(({ id }, index) => [id, index]));
  const lines = found
    .sort((one, other) => order.get(one.id)! - order.get(other.id)!)
    .map(({ id, why }) => `${id}: ${why}`);
  throw new UserError({
    what: "a first deployment would replace preferences of Session Manager that nobody has looked at. Nothing was deployed.",
    found: lines.join("\n"),
    remedy:
      "Run session-audit adopt and read the changes. Then run session-audit adopt --write, have the generated file " +
      "reviewed, and plan again. If session-audit has written them and the state is lost, set preferences.adopt: true in the map before.",
  });
}

async function objectionTo(stack: PlannedStack, props: CheckProps): Promise<string | null> {
  const text = (await plannedFile(props.folder, stack, "json")).toString("utf8");
  // Most plans create and import nothing, and need no parser.
  if (!/"importing"|"create"/.test(text)) return null;
  const planned = firstPreferences(JSON.parse(text) as PlanJson);
  if (planned === null) return null;
  const configuration = JSON.parse(
    (await plannedFile(props.folder, stack, "configuration")).toString("utf8"),
  ) as StackProviders;
  const present = await look(() => contentIn(stack.region, roleOf(configuration, props.manifest), props.env));
  return objection({ planned, present, lookedAt: stack.lookedAt });
}

/** The part of `cdk.tf.json` that says how a stack reaches its account. */
export interface StackProviders {
  readonly provider?: {
    readonly aws?: readonly {
      readonly alias?: string;
      readonly profile?: string;
      readonly assume_role?: readonly { readonly role_arn?: string; readonly external_id?: string }[];
    }[];
  };
}

/** The role with which Terraform deploys a stack; null: it has the credentials of the environment. */
export function roleOf(
  { provider }: StackProviders,
  { profiles }: Pick<Manifest, "profiles">,
): { readonly roleArn: string; readonly externalId: string | null } | null {
  const own = provider?.aws?.find(({ alias }) => alias === undefined);
  const profile = profiles?.find(({ name }) => name === own?.profile);
  if (profile !== undefined) return { roleArn: profile.roleArn, externalId: profile.externalId };
  const [role] = own?.assume_role ?? [];
  return role?.role_arn === undefined
    ? null
    : { roleArn: role.role_arn, externalId: role.external_id ?? null };
}

async function contentIn(
  region: string,
  role: ReturnType<typeof roleOf>,
  env: NodeJS.ProcessEnv,
): Promise<string | null> {
  const ssm = new SSMClient({
    region,
    retryMode: "adaptive",
    maxAttempts: attemptsIn(env),
    ...(role !== null && { credentials: sharedRole({ ...role, sessionName: "session-audit", region, env }) }),
  });
  try {
    return (await preferences(ssm))?.content ?? null;
  } finally {
    ssm.destroy();
  }
}
