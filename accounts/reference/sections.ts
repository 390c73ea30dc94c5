import { FOR_GOOD } from "../schema/account";

/** A section of the reference in docs/map.md. */
export interface Section {
  readonly title: string;
  readonly intro: string;
  /** Part of a map, in the notation of TypeScript. */
  readonly example: string;
  /** The keys of the map that the section describes. */
  readonly keys: readonly string[];
}

/** What a map says about the organization and its accounts. */
export const STRUCTURE: readonly Section[] = [
  {
    title: "Organization",
    intro:
      "The organization that the map describes. Its name is part of the name of every resource, so it is for good.",
    example: 'organization: { name: "acme", id: "o-a1b2c3d4e5" },',
    keys: ["organization"],
  },
  {
    title: "Terraform state",
    intro: "Where Terraform keeps its state: one state for each stack, all in the same backend.",
    example: `state: {
  backend: "s3",
  bucket: "acme-terraform-state",
  region: "eu-central-1",
  keyPrefix: "session-audit",
},`,
    keys: ["state"],
  },
  {
    title: "Deployment",
    intro: "How Terraform reaches each account.",
    example: 'deployment: { mode: "assume-role", role: "session-audit-deploy" },',
    keys: ["deployment"],
  },
  {
    title: "Waves",
    intro:
      "A rollout deploys one wave after the other, so that a mistake shows in the first wave before it reaches the last.",
    example: `waves: [
  { name: "canary", bakeMinutes: 60 },
  "early",
  { name: "rest", maxConcurrent: 20, failureTolerance: "5%", approve: true },
],`,
    keys: ["waves"],
  },
  {
    title: "Archive account",
    intro:
      "With an archive account, the transcripts of all accounts go to its buckets, one in each region in use, which administrators of workload accounts cannot reach. In a workload account, settings under `transcripts` other than `bucket` then have no effect and are refused. There is one exception: if the account creates a trail, the bucket of the trail follows `objectLock`, `lifecycle` and `accessLogsExpireAfterDays`.",
    example: 'archive: { account: "log-archive" },',
    keys: ["archive"],
  },
  {
    title: "Accepted warnings",
    intro:
      "A map that breaks no rule may still not mean what it says: notifications that nobody receives, or an Object Lock of one day. Such a part leads to a warning, which stops nothing. Every command that reads the map shows the warnings, and reviews list them. If the map means what it says, it accepts the warning with a reason, until a day on which somebody looks at it again. [warnings.md](warnings.md) has all warnings.",
    example: `accept: [
  {
    warning: "no-break-glass",
    because: "The management account is the break-glass path: two people hold its keys.",
    until: "2027-03-31",
  },
],`,
    keys: ["accept"],
  },
  {
    title: "Accounts of AWS Organizations",
    intro:
      "`session-audit accounts sync` lists the accounts of AWS Organizations and describes them in a generated file beside the map: `generated.json` beside `accounts/index.ts`, and `acme.generated.json` beside `acme.yaml`. People review it like the map. Every command merges it under the map: where both say something, the map decides. The settings below say which accounts count, and how they are described. Accounts that are closed or suspended are left out, and the file names the reason. An account keeps its name in the map when its name in AWS Organizations changes. An account that the map describes itself is never changed.",
    example: `sync: {
  homeRegion: "eu-central-1",
  regions: ["eu-central-1"],
  exclude: ["111111111111", "ou-ab12-sandboxes0"],
  waves: [
    { wave: "canary", tag: { key: "stage", value: "dev" } },
    { wave: "canary", organizationalUnit: "ou-ab12-internal00" },
  ],
},`,
    keys: ["sync"],
  },
  {
    title: "New regions",
    intro:
      "A map may name the regions that the AWS SDK knew when this program was made. A newer region is refused, because it is more often a misspelling, unless the map lists it here. Its partition follows from its code, as it does for the AWS provider.",
    example: 'newRegions: ["eu-west-9"],',
    keys: ["newRegions"],
  },
  {
    title: "Guardrails",
    intro:
      "Service control policies, which bind even the administrators of member accounts. They do not bind the management account. Read [the runbook](runbook.md#guardrails) before you attach them to anything but a test unit.",
    example: `guardrails: {
  managementAccount: { id: "999999999999", homeRegion: "us-east-1" },
  organizationalUnits: ["ou-ab12-1a2b3c4d"],
  breakGlassRoles: ["arn:aws:iam::*:role/break-glass"],
},`,
    keys: ["guardrails"],
  },
  {
    title: "Pipeline",
    intro:
      "A state machine of AWS Step Functions that distributes plan, deploy and drift to workers: AWS CodeBuild, other machines, or laptops. It is for more stacks than one machine works on in time. [pipelines.md](pipelines.md#many-machines-with-aws-step-functions) says how to use it, and [scale.md](scale.md#rollouts) when it pays.",
    example: `state: { backend: "s3", bucket: "acme-states", region: "eu-central-1", keyPrefix: "session-audit" },
pipeline: {
  account: { id: "111111111111" },
  region: "eu-central-1",
  workers: {
    repository: "https://github.com/acme/session-audit.git",
    connection: "arn:aws:codeconnections:eu-central-1:111111111111:connection/0f0f0f0f",
    map: "acme.yaml",
  },
},`,
    keys: ["pipeline"],
  },
  {
    title: "Accounts",
    intro: `One entry for each account, under a short name of your choice. ${FOR_GOOD} Besides the keys in this table, an account may have any setting of the sections below, for all its regions. A region may have the settings that are marked with "region" there. The archive account, and an account that owns replicas, sets in otherRegions what differs between their regions.`,
    example: `accounts: {
  payments: {
    id: "444444444444",
    homeRegion: "eu-central-1",
    regions: { "eu-central-1": {}, "us-east-1": { logs: { retentionDays: 731 } } },
    wave: "canary",
    preferences: { idleTimeoutMinutes: 15 },
  },
},`,
    keys: ["accounts"],
  },
];

/** Sections of settings, which decide what is deployed. */
export const SETTINGS: readonly Section[] = [
  {
    title: "Encryption",
    intro:
      "One key in each account and region encrypts everything of Session Manager there. An existing key must be in the region that uses it, so set it in the settings of that region.",
    example: `accounts: {
  payments: {
    id: "444444444444",
    homeRegion: "eu-central-1",
    regions: {
      "eu-central-1": {
        encryption: {
          mode: "existing",
          keyArn: "arn:aws:kms:eu-central-1:444444444444:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        },
      },
    },
  },
},`,
    keys: ["encryption"],
  },
  {
    title: "Transcripts in S3",
    intro:
      "A transcript is the full text of a session. SSM Agent uploads it when the session ends. Transcripts move to colder storage, or expire, only if the map says when.",
    example: `transcripts: {
  readers: ["arn:aws:iam::111111111111:role/session-reviewer"],
  lifecycle: { glacierInstantRetrievalAfterDays: 90 },
},`,
    keys: ["transcripts"],
  },
  {
    title: "Session logs in CloudWatch Logs",
    intro:
      "The same text, streamed while the session runs. Keep both: if an instance is terminated during a session, only the session log shows what happened.",
    example: 'logs: { retentionDays: 731, masking: { enabled: true, identifiers: ["EmailAddress"] } },',
    keys: ["logs"],
  },
  {
    title: "Session preferences",
    intro:
      "What Session Manager reads when a session starts, from the document `SSM-SessionManagerRunShell` of the account and region.",
    example: "preferences: { idleTimeoutMinutes: 15, maximumDurationMinutes: 240 },",
    keys: ["preferences"],
  },
  {
    title: "Notifications",
    intro:
      "Who gets notifications about sessions. Notifications come from CloudTrail, so an account with notifications needs a `trail` (see [Trail, protection and tags](#trail-protection-and-tags)). `central` names one account and region that has the notifications of all accounts. It is set for the organization alone, and what the organization names under `topic`, `subscribers`, `chat` and `actions` then belongs to it: see [the runbook](runbook.md#one-place-for-all-accounts).",
    example: `notifications: {
  central: { account: "log-archive", region: "eu-central-1" },
  activity: { subscribers: [{ protocol: "email", endpoint: "operations@example.com" }] },
  security: {
    chat: [{ platform: "slack", workspaceId: "T07EA123LEP", channelId: "C07EZ1ABC23" }],
    actions: [{ type: "lambda", function: "on-finding", findings: ["tampering"] }],
  },
},`,
    keys: ["notifications"],
  },
  {
    title: "Prerequisites on instances",
    intro:
      "Off by default. State Manager installs what `maintain` lists on Linux, Windows and macOS instances, where it applies, and keeps it up to date. [The runbook](runbook.md#an-instance-lacks-a-prerequisite) says what each distribution has.",
    example: 'prerequisites: { maintain: ["ssm-agent", "linux-tools"], schedule: "cron(0 3 ? * SUN *)" },',
    keys: ["prerequisites"],
  },
  {
    title: "Guard",
    intro:
      "A function in each account and region that acts on sessions without a record. Off by default. EventBridge invokes it within seconds to minutes of the start of a session, so it is the second line of defence: the policies of the people who open sessions are the first.",
    example: 'guard: { enabled: true, allowedDocuments: ["AWS-StartPortForwardingSession"] },',
    keys: ["guard"],
  },
  {
    title: "Remote Desktop",
    intro:
      "Off by default. AWS describes the recording of connections as a part of just-in-time node access, which is set up outside of this map. [limits.md](limits.md#remote-desktop) says what is recorded and what is not, and [security.md](security.md#recordings-of-remote-desktop-recording-policyts) who may do what.",
    example: 'remoteDesktop: { recordings: "create" },',
    keys: ["remoteDesktop"],
  },
  {
    title: "Network",
    intro:
      "For instances without a route to the internet. A VPC is in one account and region, so set it in the settings of that region. Each interface endpoint costs about 7.30 USD in each zone and month; the S3 gateway endpoint costs nothing. Everything else in the VPC that uses these services goes through the endpoints too: see `reach`, and [decision 0010](decisions/0010-endpoints-keep-to-the-account.md).",
    example: `accounts: {
  payments: {
    id: "444444444444",
    homeRegion: "eu-central-1",
    regions: {
      "eu-central-1": {
        network: [
          {
            vpcId: "vpc-0123456789abcdef0",
            subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
            routeTableIds: ["rtb-0123456789abcdef0"],
            clientCidrs: ["10.1.0.0/16"],
          },
        ],
      },
    },
  },
},`,
    keys: ["network"],
  },
  {
    title: "Access",
    intro: "IAM in an account. IAM is global, so these settings have no region.",
    example: 'access: { attachToRoles: ["app-server"], instanceProfile: true },',
    keys: ["access"],
  },
  {
    title: "Trail, protection and tags",
    intro:
      "The default of `trail` works only without notifications. With notifications, a map has to say whether a trail exists already, or has to be created.",
    example: 'trail: "existing",\nprotect: true,\ntags: { "cost-centre": "4711" },',
    keys: ["trail", "protect", "tags"],
  },
];
