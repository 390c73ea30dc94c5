import { z } from "zod";
import { guardrails } from "./guardrails";
import { accountSettings, regionSettings } from "./settings";
import { accountId, bucketName, keyArn, keyPrefix, region, roleArn, shortName, described } from "./values";

const organization = described(
  z.strictObject({
    name: shortName(
      "Short name of the organization. It goes into resource names; those of buckets leave it 14 characters in the regions with the longest names, 9 where transcripts are replicated, and 8 where a trail is created.",
      30,
    ),
    id: described(z.string().regex(/^o-[a-z0-9]{10,32}$/), {
      description:
        "AWS Organizations id. With it, the archive admits the whole organization by id; without it, the accounts of the map one by one, which its policy holds a few hundred of.",
      allowed: "an AWS Organizations id, like o-a1b2c3d4e5",
      remedy: "copy it from the Organizations console, or leave it out to trust the accounts in this map",
    }).optional(),
  }),
  {
    description: "Who this map is for.",
    allowed: "an object with a name and optionally an id",
    remedy: 'write organization: { name: "acme" }',
  },
);

const safeName = (description: string) =>
  described(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,89}$/), {
    description,
    allowed: "1 to 90 letters, digits, hyphens and underscores",
    remedy: "respell the name",
  });

const state = described(
  z.discriminatedUnion("backend", [
    z.strictObject({
      backend: z.literal("local"),
      directory: described(z.string().regex(/^(?![/\\~]|[A-Za-z]:)(?!.*\.\.)[\w./-]{1,200}$/), {
        description: "Directory of the state files, relative to the folder that holds cdktf.out.",
        allowed: "a relative path without ..",
        remedy: "write a relative path, like state; an absolute one would differ from machine to machine",
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
      roleArn: roleArn("Role that Terraform takes to reach the state.").optional(),
    }),
    z.strictObject({
      backend: z.literal("cloud"),
      organization: safeName("Organization in HCP Terraform."),
      workspacePrefix: safeName("Workspaces are named <prefix><stack id>."),
      hostname: described(z.string().regex(/^[a-z0-9.-]+$/), {
        description: "Host of HCP Terraform or Terraform Enterprise.",
        allowed: "a host name",
        remedy: "write the host alone, like app.terraform.io",
      }).default("app.terraform.io"),
    }),
  ]),
  {
    description: "Where Terraform keeps its state.",
    allowed: 'an object with backend: "local", "s3" or "cloud" and what that backend needs',
    remedy: 'write state: { backend: "s3", bucket: "...", region: "...", keyPrefix: "session-audit" }',
  },
);

const deployment = described(
  z.discriminatedUnion("mode", [
    z.strictObject({
      mode: z.literal("assume-role"),
      role: described(
        z
          .string()
          .regex(
            /^(?:(?:[\w+=,.@-]+\/)*[\w+=,.@-]{1,64}|arn:(?:aws|aws-us-gov|aws-cn):iam::\d{12}:role\/[\w+=,.@/-]+)$/,
          ),
        {
          description:
            "Role to take in each account: its name, after its path if it has one (path/name), or a full ARN for a map of one account.",
          allowed: "a role name, a path and a role name without a slash before them, or a role's ARN",
          remedy: "give the name of a role that exists in every account",
        },
      ),
      externalId: described(z.string().regex(/^[\w+=,.@:/-]{2,1224}$/), {
        description: "External id that the role's trust policy asks for.",
        allowed: "2 to 1224 letters, digits and +=,.@:/-_",
        remedy: "copy it from the trust policy",
      }).optional(),
    }),
    z.strictObject({ mode: z.literal("ambient") }),
  ]),
  {
    description: "How Terraform reaches an account. ambient: the pipeline has taken the role already.",
    allowed: 'an object with mode: "assume-role" and a role, or mode: "ambient"',
    remedy: 'write deployment: { mode: "assume-role", role: "session-audit-deploy" }',
  },
);

const account = described(
  z.strictObject({
    id: accountId("The account's id, quoted."),
    homeRegion: region(
      "Where account-wide things live (IAM, the trail). One of the account's regions, if it has any.",
    ),
    regions: described(
      z.union([
        z.array(region("A region in use.")),
        z.record(
          region("A region in use."),
          described(z.strictObject(regionSettings).partial(), {
            description: "Settings of this region alone.",
            allowed: `an object with ${Object.keys(regionSettings).join(", ")}`,
            remedy: "write {} for a region without settings of its own",
          }),
        ),
      ]),
      {
        description:
          "Regions with servers: a list, or an object whose values are settings of that region alone.",
        allowed: "a list of regions, or an object with a region for each key",
        remedy: 'write regions: ["eu-central-1"]',
      },
    ),
    wave: described(z.string(), {
      description: "The step of a rollout that the account belongs to. Without one, the last.",
      allowed: "the name of a wave listed in waves",
      remedy: "use a name from waves",
    }).optional(),
    ...z.strictObject(accountSettings).partial().shape,
  }),
  {
    description: "One AWS account.",
    allowed: `an object with id, homeRegion, regions, wave and settings (${Object.keys(accountSettings).join(", ")})`,
    remedy: "describe the account as an object",
  },
);

const archiveAccount = described(z.string(), {
  description:
    "Name of the account that owns the central transcript buckets. Its settings are those of the buckets, and it may have no region of its own.",
  allowed: "the name of an account in this map",
  remedy: "name the log archive account, or leave archive out",
});

/** What a map may say. Nothing is defaulted here: levels are merged first, defaults lie under them. */
export const mapSchema = described(
  z.strictObject({
    organization,
    state,
    deployment,
    waves: described(z.array(shortName("A wave.", 30)).min(1), {
      description: "Names of the rollout's steps, in order. Without them there is one step, all.",
      allowed: "a list of names, first wave first",
      remedy: 'write waves: ["canary", "rest"]',
    }).optional(),
    archive: described(z.strictObject({ account: archiveAccount }), {
      description:
        "The account that owns the central transcript buckets. Without it each target has its own bucket.",
      allowed: "an object { account: <name of an account in this map> }",
      remedy: "name the log archive account, or leave archive out",
    }).optional(),
    guardrails: guardrails.optional(),
    accounts: described(z.record(shortName("Name of an account.", 40), account), {
      description: "The accounts, by name.",
      allowed: "an object with a short name for each account",
      remedy: "describe at least one account",
    }),
    ...z.strictObject(accountSettings).partial().shape,
  }),
  {
    description: "An organization whose Session Manager sessions are recorded.",
    allowed: "an object with organization, state, deployment, accounts and settings",
    remedy: "begin from the example map",
  },
);

/** What an operator writes. */
export type AccountsMap = z.input<typeof mapSchema>;
/** The same, checked. */
export type ParsedMap = z.output<typeof mapSchema>;
