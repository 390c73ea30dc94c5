import type { Organization } from "../../accounts/model/organization";
import { arnIn, arns, pipelineOf, viaService } from "../../stacks/names";
import type { Policy } from "./policies";

/**
 * What `session-audit distribute` calls, and the start of the builds of `pipeline.workers`. fleet/distributed/engine.ts has the
 * calls of Step Functions, and docs/distribute-role.json is the same policy with placeholders. `s3:ListBucket` is in it because
 * S3 answers 403 in place of 404 for a missing object if the caller may not list the bucket.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 * @returns null if the map has no `pipeline`
 */
export function distributePolicy(organization: Organization): Policy | null {
  const { pipeline } = organization;
  if (pipeline === null) return null;
  const { place, name, bucket, keyAlias, stateMachineArn, workerProject } = pipelineOf(
    organization,
    pipeline,
  );
  const arn = arns.bucket(place, bucket);
  // Somebody else could take over the name of a bucket that is deleted.
  const inAccount = { Condition: { StringEquals: { "aws:ResourceAccount": place.account.id } } };
  const allow = (Sid: string, Action: readonly string[], Resource: string | readonly string[]) => ({
    Sid,
    Effect: "Allow",
    Action,
    Resource,
  });
  return {
    Version: "2012-10-17",
    Statement: [
      allow("StartExecutions", ["states:ListExecutions", "states:StartExecution"], stateMachineArn),
      allow(
        "FollowExecutions",
        ["states:DescribeExecution", "states:ListMapRuns"],
        arnIn("states", place, `execution:${name}:*`),
      ),
      allow("FollowItems", ["states:DescribeMapRun"], arnIn("states", place, `mapRun:${name}/*`)),
      { ...allow("FindResultsAndJournals", ["s3:ListBucket"], arn), ...inAccount },
      {
        ...allow(
          "KeepPlansItemsAndJournals",
          ["s3:GetObject", "s3:PutObject"],
          ["plans", "runs", "journals"].map((prefix) => `${arn}/${prefix}/*`),
        ),
        ...inAccount,
      },
      {
        ...allow("UseKeyOfPipeline", ["kms:Decrypt", "kms:GenerateDataKey"], arns.keys(place)),
        Condition: {
          "ForAnyValue:StringEquals": { "kms:ResourceAliases": keyAlias },
          StringEquals: { "kms:ViaService": viaService("s3", place) },
          ArnEquals: { "kms:EncryptionContext:aws:s3:arn": arn },
        },
      },
      ...(pipeline.workers === null
        ? []
        : [
            allow(
              "StartWorkers",
              ["codebuild:StartBuild"],
              arnIn("codebuild", place, `project/${workerProject}`),
            ),
          ]),
    ],
  };
}

/**
 * What the role that deploys needs for `distribute`. The role that plans does not get this policy, because whoever starts an
 * execution can deploy. A role of another account can use neither the state machine nor the key, so a pipeline in another
 * account needs a role in that account.
 */
export function distributePolicies(organization: Organization, pipelineAccount: string): object[] {
  if (organization.pipeline?.account.id !== pipelineAccount) return [];
  return [{ PolicyName: "distribute", PolicyDocument: distributePolicy(organization) }];
}
