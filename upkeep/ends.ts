/** Something that this project uses and that somebody else ends. */
export interface End {
  /** What ends, with its version. */
  readonly what: string;
  /** A file of this project and a text in it that say that it is in use. A test checks whether they are still there. */
  readonly usedIn: readonly [file: string, text: string];
  /** The day on which it ends, as YYYY-MM-DD; null: nobody has announced a day. */
  readonly ends: string | null;
  /** What ends on that day. */
  readonly means: string;
  /** URL of the page that says so. */
  readonly source: string;
  /** What will be done about it. */
  readonly plan: string;
  /**
   * The day on which somebody has to look again, as YYYY-MM-DD, for what has no announced day, or has ended and stays in
   * use until then. @default the day on which it ends
   */
  readonly lookAgain?: string;
}

const PROVIDER_6 = "Move to AWS provider 6 with the same release (see `npm run check:provider6`).";

/** Everything that ends, or may end without a word. The page docs/support.md is written from this table. */
export const ENDS: readonly End[] = [
  {
    what: "Lambda runtime nodejs22.x, on which the guard runs",
    usedIn: ["stacks/guard/guard-function.ts", 'runtime: "nodejs22.x"'],
    ends: "2027-04-30",
    means:
      "Lambda no longer patches the runtime. Functions go on running. Lambda refuses to create functions with it about one month later, and to change them after 2027-07-01.",
    source: "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html",
    plan: `AWS provider 5.100.0 accepts no newer Node.js runtime. ${PROVIDER_6} Then set \`nodejs24.x\` in \`stacks/guard/guard-function.ts\` and \`node24\` in \`stacks/guard/guard-code.ts\`.`,
  },
  {
    what: "CDKTF 0.21.0",
    usedIn: ["package.json", '"cdktf": "0.21.0"'],
    ends: "2025-12-10",
    means: "HashiCorp has archived the repository. There are no fixes.",
    source: "https://github.com/hashicorp/terraform-cdk",
    plan: "Stay, because synthesized stacks are plain Terraform. If a Node.js or a Terraform needs a change of it, rename to CDK Terrain, which `npm run check:cdktn` builds.",
    lookAgain: "2027-04-30",
  },
  {
    what: "bindings @cdktf/provider-aws 20.1.0",
    usedIn: ["package.json", '"@cdktf/provider-aws": "20.1.0"'],
    ends: "2025-12-11",
    means:
      "HashiCorp has archived the repository. Version 21.22.1, for AWS provider 6.25.0, is the last one.",
    source: "https://github.com/cdktf/cdktf-provider-aws",
    plan: "21.22.1 for AWS provider 6, and `@cdktn/provider-aws` for what is newer. Both are built by the checks.",
    lookAgain: "2027-04-30",
  },
  {
    what: "AWS provider 5.100.0",
    usedIn: ["toolchain/aws-provider.ts", 'AWS_PROVIDER_VERSION = "5.100.0"'],
    ends: null,
    means: "Since version 6.0.0 of 2025-06-18, version 5 gets critical security fixes only.",
    source: "https://github.com/hashicorp/terraform-provider-aws/issues/41101",
    plan: "Move to AWS provider 6 before the guard's runtime ends. docs/upgrades.md says what it means for deployed stacks.",
    lookAgain: "2027-04-30",
  },
  {
    what: "Terraform 1.11.4, which is downloaded where there is none",
    usedIn: ["toolchain/terraform-release.ts", 'PINNED_TERRAFORM = "1.11.4"'],
    ends: "2027-02-27",
    means:
      "HashiCorp supports a release for up to two years, and fixes the newest line and the two before it. 1.11.0 is of 2025-02-27.",
    source:
      "https://support.hashicorp.com/hc/en-us/articles/360021185113-Support-Period-and-End-of-Life-EOL-Policy",
    plan: "Pin a newer Terraform in `toolchain/terraform-release.ts` and `.terraform-version`, and run the end-to-end tests.",
  },
  {
    what: "OpenTofu 1.10, the oldest that works",
    usedIn: ["toolchain/terraform.ts", 'MINIMUM_TERRAFORM = "1.10"'],
    ends: "2026-08-01",
    means: "OpenTofu supports 1.12 until 2027-02-01 and 1.13 until 2027-08-01. Lines before 1.12 have ended.",
    source: "https://github.com/opentofu/opentofu/blob/v1.11/CHANGELOG.md",
    plan: "Nothing pins an OpenTofu: install a supported one. The minimum says what works, and rises when a stack needs more.",
    lookAgain: "2027-08-01",
  },
  {
    what: "Node.js 20",
    usedIn: ["package.json", '"node": "^20.12.0 ||'],
    ends: "2026-04-30",
    means: "The Node.js project no longer fixes it.",
    source: "https://github.com/nodejs/release#release-schedule",
    plan: "It stays in `engines` as long as the pinned packages run on it. Run pipelines on Node.js 22 or 24.",
    lookAgain: "2027-04-30",
  },
  {
    what: "AWS SDK for JavaScript on Node.js 20",
    usedIn: ["processes/node-support.ts", "the first week of January 2027"],
    ends: "2027-01-04",
    means: "Releases of the SDK after the first week of January 2027 need Node.js 22.",
    source: "https://github.com/aws/aws-sdk-js-v3#nodejs-versions",
    plan: "The pinned releases run on Node.js 20. With the first update after that day, `engines` loses 20 and `.nvmrc` becomes 22.",
    lookAgain: "2027-04-30",
  },
  {
    what: "Node.js 22",
    usedIn: ["package.json", "|| ^22.0.0 ||"],
    ends: "2027-04-30",
    means: "The Node.js project no longer fixes it.",
    source: "https://github.com/nodejs/release#release-schedule",
    plan: "`.nvmrc` becomes 24.",
  },
  {
    what: "Node.js 24",
    usedIn: ["package.json", "|| >=24.0.0"],
    ends: "2028-04-30",
    means: "The Node.js project no longer fixes it.",
    source: "https://github.com/nodejs/release#release-schedule",
    plan: "Add the next line with long-term support to `engines`.",
  },
  {
    what: "Python 3.10, the oldest for the embedded AWS",
    usedIn: ["toolchain/moto-venv.ts", 'MINIMUM_PYTHON = "3.10"'],
    ends: "2026-10-31",
    means: "The Python project no longer fixes it.",
    source: "https://devguide.python.org/versions/",
    plan: "Nothing that is deployed uses Python. The minimum is that of moto, and rises with moto.",
    lookAgain: "2027-10-31",
  },
  {
    what: "SSM Agent 3.0.529.0, the oldest that records as the preferences demand",
    usedIn: ["aws/agent-versions.ts", 'uploadEncryption: "3.0.529.0"'],
    ends: null,
    means: "AWS has announced to deprecate version 2, and has announced no day for any version.",
    source: "https://docs.aws.amazon.com/systems-manager/latest/userguide/ssm-agent-v3.html",
    plan: "`prerequisites` keeps agents at the newest version, and `session-audit doctor` names older ones.",
    lookAgain: "2027-06-30",
  },
];
