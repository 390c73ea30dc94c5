import type { Explanation } from "./compare";
import type { Renames } from "./rename";

/** Other packages from which the stacks can be built, and how what they synthesize differs. */
export interface Build {
  /** What the check builds, for its output. */
  readonly what: string;
  /** The packages to install, with their versions. */
  readonly packages: Readonly<Record<string, string>>;
  /** New names of the packages that the sources import. */
  readonly renames: Renames;
  /** The package with the bindings of the AWS provider. */
  readonly bindings: string;
  /** The differences that may be. */
  readonly explanations: readonly Explanation[];
}

const FRAMEWORK_VERSION: Explanation = {
  path: ["//", "metadata", "version"],
  means: "The version of the framework, in a comment. Terraform does not read it.",
};
const PROVIDER_SOURCE: Explanation = {
  path: ["terraform", "required_providers", "aws", "source"],
  means: "The address of the provider. A state names its provider: run terraform state replace-provider.",
};
const PROVIDER_VERSION: Explanation = {
  path: ["terraform", "required_providers", "aws", "version"],
  means:
    "The version of the AWS provider. terraform init -upgrade installs it; remove .session-audit/ and cdktf.out/, whose lock files pin version 5. Its first apply writes the states in its own format, which provider 5 cannot read: keep a copy of the states.",
  isRequired: true,
};
const DELETION_PROTECTION: Explanation = {
  path: ["resource", "aws_cloudwatch_log_group", "*", "deletion_protection_enabled"],
  means:
    "CloudWatch Logs refuses to delete the log group of sessions, to everybody, until somebody switches that off. Each log group changes in place. The deploying role needs logs:PutLogGroupDeletionProtection.",
  isRequired: true,
};

const OVERRIDES: Explanation = {
  path: ["//", "metadata", "overrides", "aws_cloudwatch_log_group"],
  means: "The framework notes in a comment that deletion_protection_enabled was added.",
};

/** The builds that the project checks, by the name on the command line. */
export const BUILDS = {
  cdktn: {
    what: "CDK Terrain (cdktn 0.24.0) with its bindings of AWS provider 6.66.0",
    packages: { cdktn: "0.24.0", "@cdktn/provider-aws": "25.7.0", constructs: "10.6.0" },
    renames: { cdktf: "cdktn", "@cdktf/provider-aws": "@cdktn/provider-aws" },
    bindings: "@cdktn/provider-aws",
    // CDK Terrain has no bindings of provider 5, so its build is one of provider 6 as well.
    explanations: [FRAMEWORK_VERSION, PROVIDER_SOURCE, PROVIDER_VERSION, DELETION_PROTECTION, OVERRIDES],
  },
  provider6: {
    what: "CDKTF 0.21.0 with its last bindings (@cdktf/provider-aws 21.22.1), of AWS provider 6.25.0",
    packages: { cdktf: "0.21.0", "@cdktf/provider-aws": "21.22.1", constructs: "10.4.2" },
    renames: {},
    bindings: "@cdktf/provider-aws",
    explanations: [PROVIDER_VERSION, DELETION_PROTECTION, OVERRIDES],
  },
} as const satisfies Readonly<Record<string, Build>>;

export type BuildName = keyof typeof BUILDS;
