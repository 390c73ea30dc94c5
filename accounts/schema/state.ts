import { z } from "zod";
import { aboutText } from "./advice";
import { bucketName, keyArn, keyPrefix, region, roleArn } from "./names";
import { described } from "./values";

const safeName = (description: string) =>
  described(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,89}$/), {
    description,
    allowed: "1 to 90 letters, digits, hyphens and underscores",
    remedy: "respell the name",
  });

/** What a map says about the state of Terraform: one backend for all stacks. */
export const state = described(
  z.discriminatedUnion("backend", [
    z.strictObject({
      backend: z.literal("local"),
      directory: described(z.string().regex(/^(?![/\\~]|[A-Za-z]:)(?!.*\.\.)[\w./-]{1,200}$/), {
        description: "Directory of the state files, relative to the folder that holds cdktf.out.",
        allowed: "a relative path without ..",
        remedy: "write a relative path, like state; an absolute path would differ from machine to machine",
        advise: aboutText((path) =>
          path.includes("..")
            ? "write a path inside of the folder that holds cdktf.out, like state"
            : "write a relative path, like state; an absolute path would differ from machine to machine",
        ),
      }),
    }),
    z.strictObject({
      backend: z.literal("s3"),
      bucket: bucketName("Bucket of the state files."),
      region: region("Region of that bucket."),
      keyPrefix: keyPrefix(
        "Key prefix of the state files.",
        "write a prefix, like session-audit, without leading and trailing slashes; the stack id is appended for you",
      ),
      kmsKeyArn: keyArn("Key that encrypts the state files.").optional(),
      roleArn: roleArn("Role that Terraform assumes to reach the state.").optional(),
      planRoleArn: roleArn(
        "Role that session-audit plan, drift, adopt and list assume to reach the state in place of roleArn, so that whoever plans cannot write states. It needs deployment.planRole beside it. Its policy is docs/state-plan-role.json. A plan that it has made names no role, and session-audit deploy applies the plan with roleArn.",
      ).optional(),
    }),
    z.strictObject({
      backend: z.literal("cloud"),
      organization: safeName("Organization in HCP Terraform."),
      workspacePrefix: safeName("Workspaces are named <prefix><stack id>."),
      hostname: described(z.string().regex(/^[a-z0-9.-]+$/), {
        description: "Host of HCP Terraform or Terraform Enterprise.",
        allowed: "a host name",
        remedy: "write only the host name, like app.terraform.io",
      }).default("app.terraform.io"),
    }),
  ]),
  {
    description: "Where Terraform keeps its state.",
    allowed: 'an object with backend: "local", "s3" or "cloud" and what that backend needs',
    remedy: 'write state: { backend: "s3", bucket: "...", region: "...", keyPrefix: "session-audit" }',
    instead: {
      remote: 'write backend: "cloud" for HCP Terraform or Terraform Enterprise',
      ...Object.fromEntries(
        ["gcs", "azurerm", "http", "consul", "kubernetes"].map((other) => [
          other,
          `keep the state in S3 (backend: "s3") or in HCP Terraform (backend: "cloud"); ${other} is not offered`,
        ]),
      ),
      dynamodbtable:
        "remove it: Terraform locks each state with a file beside it in the bucket (use_lockfile)",
      kmskeyid: 'did you mean "kmsKeyArn"?',
      encrypt: "remove it: states are always encrypted",
    },
  },
);
