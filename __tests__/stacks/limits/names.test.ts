import type { AccountsMap } from "../../../accounts/schema";
import { problemsOf } from "../../accounts/rules/problems-of";
import { synthesize } from "../../helpers/synth";

/** Characters of names, by the type of the resource and the attribute that has the name. */
const LIMITS: Readonly<Record<string, readonly [attribute: string, limit: number]>> = {
  aws_cloudtrail: ["name", 128],
  aws_cloudwatch_event_bus: ["name", 256],
  aws_cloudwatch_event_rule: ["name", 64],
  aws_cloudwatch_event_target: ["target_id", 64],
  aws_cloudwatch_log_group: ["name", 512],
  aws_cloudwatch_log_metric_filter: ["name", 512],
  aws_cloudwatch_metric_alarm: ["alarm_name", 255],
  aws_dynamodb_table: ["name", 255],
  aws_iam_instance_profile: ["name", 128],
  aws_iam_policy: ["name", 128],
  aws_iam_role: ["name", 64],
  aws_iam_role_policy: ["name", 128],
  aws_kms_alias: ["name", 256],
  aws_lambda_function: ["function_name", 64],
  aws_s3_bucket: ["bucket", 63],
  aws_sns_topic: ["name", 256],
  aws_sqs_queue: ["name", 80],
  aws_ssm_association: ["association_name", 128],
  aws_ssm_document: ["name", 128],
};

/** The longest name that the schema accepts. */
const LONGEST = 30;

const BUCKETS = {
  create: "create",
  none: "none",
  existing: { existing: "acme-transcripts", account: "555555555555" },
} as const;

/** An account in one region that has as much as it can have there. */
interface Kind {
  readonly region: string;
  readonly bucket: keyof typeof BUCKETS;
  readonly central: boolean;
  /** archive: it has an archive, without a bucket for access logs. findings: nothing but findings is central. */
  readonly only: "archive" | "findings" | null;
}

/** The regions with the longest names of their partitions. */
const REGIONS = ["ap-southeast-1", "us-gov-east-1", "cn-northwest-1", "eusc-de-east-1"];

const KINDS: readonly Kind[] = [
  ...REGIONS.flatMap((region): Kind[] =>
    (["create", "none", "existing"] as const).flatMap((bucket) =>
      [false, true].map((central) => ({ region, bucket, central, only: null })),
    ),
  ),
  // The shortest name of a region, with which names of buckets and roles leave the most room for those of rules.
  { region: "us-east-1", bucket: "create", central: false, only: "archive" },
  { region: "us-east-1", bucket: "none", central: true, only: "findings" },
];

const mailTo = (endpoint: string) => ({ subscribers: [{ protocol: "email" as const, endpoint }] });

const mapOf = ({ region, bucket, central, only }: Kind, name: string): AccountsMap => ({
  organization: { name, id: "o-a1b2c3d4e5" },
  state: { backend: "local", directory: "state" },
  deployment: { mode: "assume-role", role: "deploy" },
  trail: "existing",
  transcripts: { bucket: BUCKETS[bucket], ...(only === "archive" && { accessLogs: "none" as const }) },
  ...(only === "archive" && { archive: { account: "payments" } }),
  ...(bucket === "none" && { preferences: { enforce: { s3: false } } }),
  access: { instanceProfile: true },
  guard: { enabled: bucket !== "none" && bucket !== "existing" },
  notifications: {
    activity: only === "findings" ? { enabled: false } : mailTo("sessions@example.com"),
    security: { ...mailTo("findings@example.com"), accountChanges: only !== "findings" },
    ...(central && { central: { account: "payments", region, localTopics: true } }),
  },
  accounts: { payments: { id: "444444444444", homeRegion: region, regions: [region] } },
});

/** The map with a name of so many characters for the organization. */
const mapWithLength = (kind: Kind, length: number) => mapOf(kind, "a".repeat(length));

const isAccepted = (kind: Kind, length: number) => problemsOf(mapWithLength(kind, length)).length === 0;

/** Names of the stacks of a map that are longer than AWS accepts. */
const tooLong = (map: AccountsMap): string[] =>
  [...synthesize(map).values()].flatMap((stack) =>
    Object.entries(LIMITS).flatMap(([type, [attribute, limit]]) =>
      Object.values(stack.all(type))
        .map((resource) => String(resource[attribute] ?? ""))
        .filter((name) => !name.includes("${") && name.length > limit)
        .map((name) => `${type} ${name}: ${name.length} > ${limit}`),
    ),
  );

describe.each(KINDS)("in $region, with a bucket: $bucket, a central place: $central, only: $only", (kind) => {
  const lengths = Array.from({ length: LONGEST }, (_, index) => index + 1);
  const accepted = lengths.filter((length) => isAccepted(kind, length));

  it("every name of an organization that is shorter than an accepted one is accepted", () => {
    expect(accepted).toEqual(lengths.slice(0, accepted.length));
  });

  it("no accepted name of an organization makes a name of a resource too long", () => {
    // A longer name of the organization makes every name longer, so the longest one stands for all of them.
    expect(tooLong(mapWithLength(kind, accepted.at(-1)!))).toEqual([]);
  });
});

describe("a map whose names are too long although it creates no bucket", () => {
  const named = (region: string, length: number, more: object = {}) => ({
    ...mapWithLength({ region, bucket: "none", central: false, only: null }, length),
    ...more,
  });
  const oneProblem = (length: number, what: string, remedy: string) => [
    expect.objectContaining({
      path: "organization.name",
      allowed: expect.stringMatching(`at most ${length} characters here: the ${what}`) as string,
      remedy,
    }),
  ];

  it.each`
    region              | length | most
    ${"ap-southeast-1"} | ${24}  | ${23}
    ${"us-gov-east-1"}  | ${20}  | ${19}
  `("is refused for the role that forwards events from $region", ({ region, length, most }) => {
    expect(problemsOf(named(region as string, length as number))).toEqual(
      oneProblem(
        most as number,
        'role "session-audit-a+-.*-security-account"',
        "shorten the organization's name, or set notifications.security.accountChanges: false",
      ),
    );
  });

  it("is accepted without that role", () => {
    const withoutRole = named("ap-southeast-1", 29, {
      notifications: { security: { ...mailTo("findings@example.com"), accountChanges: false } },
    });
    expect(problemsOf(withoutRole)).toEqual([]);
  });

  it("is refused for its rules without that role", () => {
    const withoutRole = named("ap-southeast-1", 30, {
      notifications: { security: { ...mailTo("findings@example.com"), accountChanges: false } },
    });
    expect(problemsOf(withoutRole)).toEqual(
      oneProblem(29, 'rule "session-audit-a+-security-preferences"', "shorten the organization's name"),
    );
  });
});
