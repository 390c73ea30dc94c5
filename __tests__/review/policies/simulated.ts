import { runUnsafeSimulation } from "@cloud-copilot/iam-simulate";
import type { PolicyKind } from "../../../review/policies/words";

/** A policy in a test; null: there is none. */
export type Document = { readonly Version?: string; readonly Statement: unknown } | null;

/** A request that a policy may decide about. */
export interface Request {
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  /** Account that owns the resource. */
  readonly owner: string;
  readonly context: Readonly<Record<string, string | string[]>>;
}

const allow = (extra: object) => ({ Effect: "Allow", Action: "*", Resource: "*", ...extra });
const FULL_ACCESS = { Version: "2012-10-17", Statement: [allow({})] };

/** What else applies to the request: nothing, or a policy of its principal or account that allows everything. */
export type Beside = "nothing" | "full access";

/**
 * Whether IAM allows a request, with `@cloud-copilot/iam-simulate`. The simulation checks neither policies nor condition
 * keys, because a generated policy may be one that AWS would refuse.
 * @param kind what the policy is attached to
 * @param beside what else applies
 */
export function isAllowed(kind: PolicyKind, policy: Document, request: Request, beside: Beside): boolean {
  const isOfIdentity = kind === "identity";
  const isOfAccount = kind === "scp";
  const own = policy === null ? [] : [{ name: "compared", policy }];
  const full = [{ name: "full access", policy: FULL_ACCESS }];
  const besides = beside === "full access" ? full : [];
  const isService = !request.principal.startsWith("arn:");
  const identity = isOfAccount ? full : isService ? [] : [...(isOfIdentity ? own : []), ...besides];
  const result = runUnsafeSimulation(
    {
      request: {
        principal: request.principal,
        action: request.action,
        resource: { resource: request.resource, accountId: request.owner },
        contextVariables: { ...request.context },
      },
      identityPolicies: identity,
      serviceControlPolicies: [
        { orgIdentifier: "organization", policies: isOfAccount ? [...own, ...besides] : full },
      ],
      resourceControlPolicies: [],
      // The simulation fails on a resource policy without a name, which only this wrapper gives it.
      resourcePolicy:
        isOfIdentity || isOfAccount || policy === null
          ? undefined
          : { __validated: true, policyDocument: policy, metadata: { name: "compared" }, errors: [] },
    },
    {},
  );
  return result === "Allowed";
}

type Locales = ConstructorParameters<typeof Intl.Collator>[0];

/**
 * Runs many simulations in half of the time. The simulator compares texts in a way for which Node.js makes a new collator
 * each time; here each is made once.
 */
export function withKeptCollators<T>(run: () => T): T {
  const own = String.prototype.localeCompare;
  const kept = new Map<string, Intl.Collator>();
  const compare = function (this: string, other: string, locales?: Locales, options?: Intl.CollatorOptions) {
    const id = JSON.stringify([locales, options]);
    const collator = kept.get(id) ?? new Intl.Collator(locales, options);
    kept.set(id, collator);
    return collator.compare(String(this), other);
  };
  String.prototype.localeCompare = compare as typeof own;
  try {
    return run();
  } finally {
    String.prototype.localeCompare = own;
  }
}
