import { wildcardMatches } from "../../../emulator/iam/policy-document";
import type { Policy, Statement } from "../../../stacks/policies/policy";
import { MAPS, policiesOf, type NamedPolicy } from "./every-policy";

/** Sids of statements that may have `Resource: "*"`, with the reason. In a key policy, `*` is the key itself. */
const ON_EVERYTHING: Readonly<Record<string, string>> = {
  HoldSessions: "the agent registers itself and opens channels, for which AWS publishes no narrower resource",
  FindLogGroups: "sessions hang with a narrower resource",
  FindInstances: "Describe calls take no resource",
  SeeSessions: "Describe calls take no resource",
  RefuseSessionsElsewhere: "a denial that is limited by the region",
  KeepInstancePolicyAttached: "a denial that is limited to one policy, whatever the role",
  StayInOrganization: "the call takes no resource",
  KeepChatAuthorizations: "the calls take no resource",
  KeepRemoteDesktopRecording: "the calls take no resource",
  KeepEventSources: "a denial that is limited by the function",
  KeepMetrics: "a denial that is limited by the namespace",
  KeepRegions: "a denial that is limited by the region",
  RefuseOtherAccess: "a denial that is limited by the actions, whatever the host",
  ListSessions: "Describe calls take no resource",
  ListSessionsNodesAndEvents: "Describe calls and LookupEvents take no resource",
  DeliverLogs: "The delivery of logs takes no resource",
  ReportItems: "SendTask calls take no resource",
  SendTraces: "X-Ray takes no resource",
};

const list = (value: string | readonly string[] | undefined) =>
  value === undefined ? [] : typeof value === "string" ? [value] : value;

const everyPolicy = MAPS.flatMap(([map, organization]) =>
  policiesOf(organization).map((named): NamedPolicy => ({ ...named, name: `${named.name} of a map ${map}` })),
);
/** The statements that break a rule, as "policy: Sid". The list is empty if every statement follows the rule. */
const offenders = (breaks: (statement: Statement, named: NamedPolicy) => boolean) =>
  everyPolicy.flatMap((named) =>
    named.policy.Statement.filter((statement) => breaks(statement, named)).map(
      ({ Sid }) => `${named.name}: ${Sid}`,
    ),
  );
const allows = ({ Effect }: Statement) => Effect === "Allow";

it("looks at every kind of policy", () => {
  expect([...new Set(everyPolicy.map(({ kind }) => kind))].sort()).toEqual([
    "bucket",
    "bus",
    "endpoint",
    "identity",
    "key",
    "queue",
    "serviceControl",
    "table",
    "topic",
    "trust",
  ]);
});

describe("every statement of every policy", () => {
  it("has a Sid in PascalCase", () => {
    expect(offenders(({ Sid }) => !/^[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)*$/.test(Sid))).toEqual([]);
  });

  it("has a Sid of its own", () => {
    const twice = ({ Statement }: Policy) =>
      Statement.some(({ Sid }, index) => Statement.findIndex((other) => other.Sid === Sid) < index);
    expect(everyPolicy.filter(({ policy }) => twice(policy)).map(({ name }) => name)).toEqual([]);
  });

  it("allows no action by a bare wildcard or a whole service", () => {
    const bare = (one: Statement) => list(one.Action).some((action) => /^(\*|\w+:\*)$/.test(action));
    // An endpoint policy grants nothing: it limits which requests pass.
    expect(offenders((one, { kind }) => kind !== "endpoint" && allows(one) && bare(one))).toEqual([]);
  });

  it("allows a list of actions, and never NotAction", () => {
    expect(offenders((one) => allows(one) && one.NotAction !== undefined)).toEqual([]);
  });

  const everybody = ({ Principal }: Statement) =>
    Principal === "*" ||
    (typeof Principal === "object" && "AWS" in Principal && list(Principal.AWS).includes("*"));

  it("allows every principal only within the organization", () => {
    const within = ({ Condition }: Statement) =>
      Condition?.["StringEquals"]?.["aws:PrincipalOrgID"] !== undefined;
    expect(
      offenders((one, { kind }) => kind !== "endpoint" && allows(one) && everybody(one) && !within(one)),
    ).toEqual([]);
  });

  it("allows every principal only outside of the account of the resource, where it would suffice alone", () => {
    const elsewhere = ({ Condition }: Statement) =>
      Condition?.["StringNotEquals"]?.["aws:PrincipalAccount"] !== undefined;
    expect(
      offenders((one, { kind }) => kind !== "endpoint" && allows(one) && everybody(one) && !elsewhere(one)),
    ).toEqual([]);
  });

  it("denies every principal, if it is in a policy of a resource", () => {
    const somebody = ({ Effect, Principal }: Statement, { kind }: NamedPolicy) =>
      kind !== "identity" && kind !== "serviceControl" && Effect === "Deny" && Principal !== "*";
    expect(offenders(somebody)).toEqual([]);
  });

  it("has a principal in a policy of a resource, and none in one of an identity or a service control policy", () => {
    const nameless = ["identity", "serviceControl"];
    expect(offenders((one, { kind }) => (one.Principal === undefined) !== nameless.includes(kind))).toEqual(
      [],
    );
  });

  it("has no empty condition, resource, action or principal", () => {
    const empty = (value: unknown): boolean =>
      typeof value === "object" &&
      value !== null &&
      (Object.keys(value).length === 0 || Object.values(value).some(empty));
    expect(offenders((one) => empty(one))).toEqual([]);
  });

  it("contains no value twice", () => {
    const repeats = (value: unknown): boolean =>
      Array.isArray(value)
        ? new Set(value).size < value.length
        : typeof value === "object" && value !== null && Object.values(value).some(repeats);
    expect(offenders((one) => repeats(one))).toEqual([]);
  });

  it("has the resource * only if the list gives the reason", () => {
    const everything = (one: Statement, { kind }: NamedPolicy) =>
      kind !== "key" && kind !== "endpoint" && list(one.Resource).includes("*");
    const found = everyPolicy.flatMap((named) =>
      named.policy.Statement.filter((one) => everything(one, named)),
    );
    expect([...new Set(found.map(({ Sid }) => Sid))].sort()).toEqual(Object.keys(ON_EVERYTHING).sort());
  });

  it("has the resource * in a key policy", () => {
    expect(offenders(({ Resource }, { kind }) => kind === "key" && Resource !== "*")).toEqual([]);
  });

  it("allows use of a key for one purpose only, which the encryption context or the grantee's service names", () => {
    const uses = (one: Statement) =>
      list(one.Action).some((action) =>
        /^kms:(Decrypt|Encrypt|GenerateDataKey|ReEncrypt|CreateGrant)/.test(action),
      );
    const bound = ({ Action, Condition = {} }: Statement) =>
      Object.values(Condition).some((tests) =>
        Object.entries(tests).some(
          ([key, values]) =>
            key.startsWith("kms:EncryptionContext:") ||
            // AWS documents no encryption context for the grants of recordings.
            (key === "kms:ViaService" &&
              list(Action).join() === "kms:CreateGrant" &&
              list(values).every((name) => name.startsWith("ssm-guiconnect."))),
        ),
      );
    expect(
      offenders((one, { kind }) => kind !== "endpoint" && allows(one) && uses(one) && !bound(one)),
    ).toEqual([]);
  });

  it("has no * in place of an account id", () => {
    const anyAccount = /^arn:[^:]+:(?!s3:)[^:]+:[^:]*:\*:/;
    const named = (one: Statement) => list(one.Resource).some((resource) => anyAccount.test(resource));
    // Service control policies apply to all accounts that they are attached to.
    const found = offenders((one, { kind }) => kind !== "serviceControl" && named(one));
    // A list of the roles or the keys of a thousand accounts would not fit into the policy. The trust policies of the roles
    // decide. The keys are limited to the organization, to S3, and to buckets of transcripts by the encryption context.
    const accepted = /: (TakeRolesOfAccounts|DecryptTranscriptsOfOtherAccounts)$/;
    expect(found.filter((offender) => !accepted.test(offender))).toEqual([]);
  });

  it("allows no service without a condition, except EventBridge, chat and EC2, for which AWS documents none", () => {
    const found = offenders(
      (one) =>
        allows(one) && typeof one.Principal === "object" && "Service" in one.Principal && !one.Condition,
    );
    expect([...new Set(found.map((offender) => offender.split(": ")[1]))].sort()).toEqual([
      "ChatTakesThisRole",
      "EventBridgePublishes",
      "InstancesTakeThisRole",
    ]);
  });
});

/** Sids of statements about buckets of any account, with the reason. */
const IN_ANY_ACCOUNT: Readonly<Record<string, string>> = {
  AnybodyReadsBucketsOfAws: "AWS publishes the names of its buckets, and not their accounts",
  OwnPrincipalsUseNamedBuckets: "the map names the buckets only",
  ...Object.fromEntries(
    ["FindStates", "ReadAndWriteStates", "LockStates"].map((sid) => [
      sid,
      "the map does not say whose the bucket of the states is",
    ]),
  ),
  ...Object.fromEntries(
    [
      ...["WriteTranscriptsOfUnknownOwner", "CheckTranscriptEncryptionOfUnknownOwner"],
      ...["ReadTranscriptsOfUnknownOwner", "ListTranscriptsOfUnknownOwner", "FindTranscripts"],
      "ReadLocksOfUnknownOwner",
      "OwnPrincipalsWriteTranscriptsOfUnknownOwner",
      "OwnPrincipalsCheckTranscriptEncryptionOfUnknownOwner",
    ].map((sid) => [sid, "the map does not say whose the existing bucket is"]),
  ),
};

describe("a statement of a caller, or of an endpoint on the caller's way", () => {
  const ofCallers = ({ kind }: NamedPolicy) => kind === "identity" || kind === "endpoint";
  const inAccount = (arn: string) => /^arn:[\w-]+:[\w-]+:[^:]*:\d{12}:/.test(arn);
  const operators = ["StringEquals", "StringEqualsIfExists"];
  const limited = ({ Condition }: Statement) =>
    operators.some((operator) =>
      Object.keys(Condition?.[operator] ?? {}).some((key) => /^aws:Resource(Account|OrgID)$/.test(key)),
    );
  const unlimited = (one: Statement, named: NamedPolicy) =>
    ofCallers(named) &&
    allows(one) &&
    !limited(one) &&
    list(one.Resource).some((resource) => resource !== "*" && !inAccount(resource));

  it("names the account of its resources, or is limited to one, because anybody can take over the name of a bucket", () => {
    const found = everyPolicy.flatMap((named) =>
      named.policy.Statement.filter((one) => unlimited(one, named)).map(({ Sid }) => Sid),
    );
    expect([...new Set(found)].sort()).toEqual(Object.keys(IN_ANY_ACCOUNT).sort());
  });

  it("is limited to the account of the bucket by an operator that is false without the key, except in replication", () => {
    const lax = everyPolicy.flatMap((named) =>
      named.policy.Statement.filter(({ Condition }) =>
        Object.keys(Condition?.["StringEqualsIfExists"] ?? {}).includes("aws:ResourceAccount"),
      ).map(() => named.name.split(" ")[0]),
    );
    expect([...new Set(lax)]).toEqual(["replication"]);
  });
});

describe("a policy for people or instances", () => {
  const identities = everyPolicy.filter(({ kind }) => kind === "identity");

  it("allows no session with a document of AWS's own", () => {
    const started = identities.flatMap(({ policy }) =>
      policy.Statement.filter(({ Action }) => list(Action).includes("ssm:StartSession")).flatMap(
        ({ Resource }) => list(Resource),
      ),
    );
    const document = "arn:aws:ssm:eu-central-1::document/AWS-StartPortForwardingSession";
    expect(started.length).toBeGreaterThan(0);
    expect(started.filter((pattern) => wildcardMatches(pattern, document))).toEqual([]);
  });

  it("names a log group in both forms, with and without :*", () => {
    const groups = identities.flatMap(({ policy }) =>
      policy.Statement.filter(({ Sid }) => /SessionLogs$/.test(Sid)).map(({ Resource }) => list(Resource)),
    );
    expect(groups.length).toBeGreaterThan(0);
    for (const resources of groups) {
      const bare = resources.filter((resource) => !resource.endsWith(":*"));
      expect([...resources].sort()).toEqual(bare.flatMap((group) => [group, `${group}:*`]).sort());
    }
  });

  it("compares aliases of keys with an operator for many values, and never in a key policy", () => {
    const uses = everyPolicy.flatMap(({ kind, policy }) =>
      policy.Statement.flatMap(({ Condition = {} }) =>
        Object.entries(Condition)
          .filter(([, keys]) => "kms:ResourceAliases" in keys)
          .map(([operator]) => `${kind} ${operator}`),
      ),
    );
    expect([...new Set(uses)]).toEqual([
      "identity ForAnyValue:StringEquals",
      "serviceControl ForAnyValue:StringLike",
    ]);
  });
});

describe("a service control policy", () => {
  const guardrails = everyPolicy.filter(({ kind }) => kind === "serviceControl");

  it("only denies", () => {
    expect(offenders((one, { kind }) => kind === "serviceControl" && one.Effect !== "Deny")).toEqual([]);
  });

  it("exempts roles with ArnNotLike, in which * does not match a colon", () => {
    const operators = guardrails.flatMap(({ policy }) =>
      policy.Statement.flatMap(({ Condition = {} }) =>
        Object.entries(Condition)
          .filter(([, keys]) => "aws:PrincipalArn" in keys)
          .map(([operator]) => operator),
      ),
    );
    expect([...new Set(operators)]).toEqual(["ArnNotLike"]);
  });

  it("has variables only after the fifth colon of an ARN, where IAM allows them", () => {
    const early = /^(?:[^:]*:){0,4}[^:]*\$\{/;
    const arns = guardrails.flatMap(({ policy }) =>
      policy.Statement.flatMap(({ Resource, NotResource }) => [...list(Resource), ...list(NotResource)]),
    );
    expect(arns.filter((arn) => early.test(arn))).toEqual([]);
  });

  it("has wildcards only at the end of actions", () => {
    const inside = (one: Statement) => list(one.Action).some((action) => /\*./.test(action));
    expect(offenders((one, { kind }) => kind === "serviceControl" && inside(one))).toEqual([]);
  });
});

describe("a policy of an endpoint", () => {
  const isEndpoint = ({ kind }: NamedPolicy) => kind === "endpoint";

  it("allows only principals of the accounts, except for reads of AWS's own buckets", () => {
    const own = ({ Condition }: Statement) =>
      Condition?.["StringEquals"]?.["aws:PrincipalAccount"] !== undefined;
    const strangers = everyPolicy
      .filter(isEndpoint)
      .flatMap(({ policy }) => policy.Statement.filter((one) => !own(one)));
    expect([...new Set(strangers.map(({ Sid }) => Sid))]).toEqual(["AnybodyReadsBucketsOfAws"]);
    expect([...new Set(strangers.flatMap(({ Action }) => list(Action)))]).toEqual(["s3:GetObject"]);
  });

  it("allows a whole service only for owned or named resources, except Systems Manager", () => {
    const whole = (one: Statement) => list(one.Action).some((action) => action.endsWith(":*"));
    const bounded = (one: Statement) =>
      !list(one.Resource).includes("*") ||
      Object.keys(one.Condition?.["StringEquals"] ?? {}).some((key) => key.startsWith("aws:Resource"));
    const found = offenders((one, named) => isEndpoint(named) && whole(one) && !bounded(one));
    expect([...new Set(found.map((offender) => offender.split(": ")[1]))]).toEqual([
      "OwnPrincipalsUseSystemsManager",
    ]);
  });
});
