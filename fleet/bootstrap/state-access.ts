import type { Organization } from "../../accounts/model/organization";
import { UserError } from "../../processes/user-error";
import { encryptedStates } from "../../stacks/names";
import type { Purpose } from "./trust";

/** @throws UserError if one role reaches the states for everybody: the code of any pull request could write them */
export function refuseSharedStates({ state }: Organization): void {
  if (state.backend !== "s3" || state.roleArn === undefined || state.planRoleArn !== undefined) return;
  throw new UserError({
    what: `state.roleArn names one role for plans and deployments: ${state.roleArn}. A pull request, whose code runs with the role that plans, could write every state with it.`,
    allowed: "state.roleArn with state.planRoleArn beside it, or neither",
    remedy:
      "Name in state.planRoleArn a second role, with the policy in docs/state-plan-role.json, that the role session-audit-pipeline-plan may assume.",
  });
}

/**
 * What a role of the pipeline needs on the bucket of the states. docs/state-bucket.md has the calls of Terraform. A report
 * reads no state.
 */
export function statePolicies({ state, accounts }: Organization, purpose: Purpose): object[] {
  if (state.backend !== "s3" || purpose === "report") return [];
  const { partition } = accounts[0]!;
  if (state.roleArn !== undefined) {
    const Resource = purpose === "plan" ? state.planRoleArn : state.roleArn;
    const Statement = [{ Sid: "ReachStates", Effect: "Allow", Action: "sts:AssumeRole", Resource }];
    return [{ PolicyName: "states", PolicyDocument: { Version: "2012-10-17", Statement } }];
  }
  const bucket = `arn:${partition}:s3:::${state.bucket}`;
  const states = `${bucket}/${state.keyPrefix}/*.tfstate`;
  const allow = (Sid: string, Action: readonly string[], Resource: string, Condition?: object) => ({
    Sid,
    Effect: "Allow",
    Action,
    Resource,
    ...(Condition && { Condition }),
  });
  const Statement = [
    allow("FindStates", ["s3:ListBucket"], bucket),
    purpose === "plan"
      ? allow("ReadStates", ["s3:GetObject"], states)
      : allow("ReadAndWriteStates", ["s3:GetObject", "s3:PutObject"], states),
    allow("LockStates", ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], `${states}.tflock`),
    ...(state.kmsKeyArn === undefined
      ? []
      : [
          allow(...(["UseKeyOfStates", ["kms:Decrypt", "kms:GenerateDataKey"], state.kmsKeyArn] as const), {
            ArnLike: { "kms:EncryptionContext:aws:s3:arn": encryptedStates(bucket, states) },
          }),
        ]),
  ];
  return [{ PolicyName: "states", PolicyDocument: { Version: "2012-10-17", Statement } }];
}
