import { simulate, type PolicyDocument } from "../../emulator/iam/policy-simulator";

/** A call that assumes a role. */
export interface Assumption {
  /** Such as `sts:AssumeRoleWithWebIdentity`. */
  readonly action: string;
  readonly principal: string;
  readonly context: Readonly<Record<string, string | undefined>>;
  /** The account of the role. */
  readonly account: string;
}

/** Whether a trust policy admits a caller, who may call everything, so that the trust policy alone decides. */
export async function admitsCaller(trust: PolicyDocument, call: Assumption): Promise<boolean> {
  const { account, ...asked } = call;
  const { result } = await simulate({
    ...asked,
    resource: `arn:aws:iam::${account}:role/assumed`,
    resourceAccountId: account,
    identityPolicies: [
      { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] },
    ],
    resourcePolicy: trust,
  });
  return result === "Allowed";
}
