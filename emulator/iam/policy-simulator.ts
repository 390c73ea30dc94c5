import { runSimulation, type Simulation } from "@cloud-copilot/iam-simulate";
import {
  substituteAction,
  substituteArn,
  substituteContext,
  withSubstituteAction,
  withSubstituteArns,
  withSubstituteKeys,
  type RequestContext,
} from "./simulator-gaps";
import type { PolicyDocument } from "./policy-document";
import { requestContext } from "./request-context";
import { explain, type Explanation, type Verdict } from "./verdict";

export type { PolicyDocument, RequestContext, Verdict };

/** One request, and every policy that applies to it. */
export interface SimulationInput {
  /** Role, user or assumed-role session ARN, or a service such as `events.amazonaws.com`. */
  readonly principal: string;
  /** Such as `kms:Decrypt`. */
  readonly action: string;
  /** ARN, or `*` for actions that take no resource. */
  readonly resource: string;
  /** Account that owns the resource; the caller's account comes from `principal`. */
  readonly resourceAccountId: string;
  /**
   * Condition keys of the request, in addition to those of {@link requestContext}. `undefined` removes a default.
   * `kms:EncryptionContext:<name>` adds the name to `kms:EncryptionContextKeys`, as KMS does.
   */
  readonly context?: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly identityPolicies?: readonly PolicyDocument[];
  readonly resourcePolicy?: PolicyDocument;
  readonly boundary?: PolicyDocument;
  /**
   * Service control policies that deny. They are evaluated together with `FullAWSAccess`, which AWS attaches everywhere.
   * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
   */
  readonly scps?: readonly PolicyDocument[];
}

/** The verdict, and the statements that led to it. */
export interface SimulationOutcome extends Explanation {
  readonly result: Verdict;
}

const FULL_AWS_ACCESS: PolicyDocument = {
  Version: "2012-10-17",
  Statement: [{ Sid: "FullAWSAccess", Effect: "Allow", Action: "*", Resource: "*" }],
};

/**
 * Evaluates a request as IAM does, with `@cloud-copilot/iam-simulate`. Its licence is AGPL-3.0: it is a development
 * dependency of the emulator and the tests, and no part of what is deployed or shipped.
 * @see https://github.com/cloud-copilot/iam-simulate
 * @throws Error when a policy is invalid, or when the simulator would ignore part of the request. A verdict on half a
 * request would be silently wrong.
 * @example
 * const { result } = await simulate({
 *   principal: "arn:aws:iam::111111111111:role/Web",
 *   action: "kms:Decrypt",
 *   resource: keyArn,
 *   resourceAccountId: "111111111111",
 *   identityPolicies: [policy],
 *   resourcePolicy: keyPolicy,
 * }); // "Allowed", "ImplicitlyDenied" or "ExplicitlyDenied"
 */
export async function simulate(input: SimulationInput): Promise<SimulationOutcome> {
  const action = substituteAction(input.action, input.resource);
  const prepared = (policy: PolicyDocument): PolicyDocument =>
    withSubstituteArns(
      withSubstituteKeys(action === undefined ? policy : withSubstituteAction(policy, input.action, action)),
    );
  const named = (policies: readonly PolicyDocument[], kind: string) =>
    policies.map((policy, index) => ({ name: `${kind} ${index + 1}`, policy: prepared(policy) }));

  const simulation: Simulation = {
    request: {
      principal: input.principal,
      action: action ?? input.action,
      resource: { resource: substituteArn(input.resource), accountId: input.resourceAccountId },
      contextVariables: substituteContext(withContextKeys(requestContext(input))),
    },
    identityPolicies: named(input.identityPolicies ?? [], "identity policy"),
    serviceControlPolicies: [
      { orgIdentifier: "organization", policies: named([FULL_AWS_ACCESS, ...(input.scps ?? [])], "SCP") },
    ],
    resourceControlPolicies: [],
    resourcePolicy: input.resourcePolicy === undefined ? undefined : prepared(input.resourcePolicy),
    permissionBoundaryPolicies:
      input.boundary === undefined ? undefined : named([input.boundary], "boundary"),
  };
  const run = await runSimulation(simulation, {});
  if (run.resultType !== "single") {
    const detail =
      run.resultType === "error" ? JSON.stringify(run.errors) : "the resource contains a wildcard";
    throw new Error(`Cannot simulate ${input.action} on ${input.resource} by ${input.principal}: ${detail}`);
  }
  if (run.result.ignoredContextKeys === undefined || run.result.ignoredContextKeys.length > 0) {
    const keys = run.result.ignoredContextKeys?.join(", ") ?? "an unknown part of the context";
    throw new Error(`iam-simulate ignores ${keys} for ${input.action}: its verdict would be wrong.`);
  }
  return { result: run.overallResult, ...explain(input, run.result.analysis) };
}

/**
 * KMS fills `kms:EncryptionContextKeys` from the encryption context of the request.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
 */
function withContextKeys(context: RequestContext): RequestContext {
  const prefix = "kms:EncryptionContext:";
  const keys = Object.keys(context)
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length));
  return keys.length === 0 ? context : { "kms:EncryptionContextKeys": keys, ...context };
}
