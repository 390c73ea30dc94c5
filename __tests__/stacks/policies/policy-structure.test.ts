import { wildcardMatches } from "../../../emulator/iam/policy-document";
import type { Policy, Statement } from "../../../stacks/policies/policy";
import { MAPS, policiesOf, type NamedPolicy } from "./every-policy";

/** Sids that may say `Resource: "*"`, with the reason. In a key's policy it is the key itself. */
const ON_EVERYTHING: Readonly<Record<string, string>> = {
  HoldSessions: "the agent registers itself and opens channels, for which AWS publishes no narrower resource",
  FindLogGroups: "the agent hangs on anything narrower",
  FindInstances: "Describe calls take no resource",
  SeeSessions: "Describe calls take no resource",
  RefuseSessionsElsewhere: "a refusal that is narrowed by the region",
  KeepInstancePolicyAttached: "a refusal that is narrowed by the policy that is taken off, whatever the role",
  StayInOrganization: "the call takes no resource",
  ListSessions: "Describe calls take no resource",
  SendTraces: "X-Ray takes no resource",
};

const list = (value: string | readonly string[] | undefined) =>
  value === undefined ? [] : typeof value === "string" ? [value] : value;

const everyPolicy = MAPS.flatMap(([map, organization]) =>
  policiesOf(organization).map((named): NamedPolicy => ({ ...named, name: `${named.name} of a map ${map}` })),
);
/** What each statement says against a rule, as "policy: Sid". An empty list is a rule that holds. */
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
    "endpoint",
    "identity",
    "key",
    "queue",
    "serviceControl",
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
    // An endpoint's policy grants nothing: it bounds what goes through.
    expect(offenders((one, { kind }) => kind !== "endpoint" && allows(one) && bare(one))).toEqual([]);
  });

  it("allows by a list of actions, never by what is left out", () => {
    expect(offenders((one) => allows(one) && one.NotAction !== undefined)).toEqual([]);
  });

  it("allows everybody only within the organization", () => {
    const everybody = ({ Principal }: Statement) =>
      Principal === "*" ||
      (typeof Principal === "object" && "AWS" in Principal && list(Principal.AWS).includes("*"));
    const within = ({ Condition }: Statement) =>
      Condition?.["StringEquals"]?.["aws:PrincipalOrgID"] !== undefined;
    expect(
      offenders((one, { kind }) => kind !== "endpoint" && allows(one) && everybody(one) && !within(one)),
    ).toEqual([]);
  });

  it("denies everybody, not somebody", () => {
    const somebody = ({ Effect, Principal }: Statement, { kind }: NamedPolicy) =>
      kind !== "identity" && kind !== "serviceControl" && Effect === "Deny" && Principal !== "*";
    expect(offenders(somebody)).toEqual([]);
  });

  it("names a principal in a resource's policy, and none in an identity's or a service control policy", () => {
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

  it("says each value once", () => {
    const repeats = (value: unknown): boolean =>
      Array.isArray(value)
        ? new Set(value).size < value.length
        : typeof value === "object" && value !== null && Object.values(value).some(repeats);
    expect(offenders((one) => repeats(one))).toEqual([]);
  });

  it("is about everything only where the list says why", () => {
    const everything = (one: Statement, { kind }: NamedPolicy) =>
      kind !== "key" && kind !== "endpoint" && list(one.Resource).includes("*");
    const found = everyPolicy.flatMap((named) =>
      named.policy.Statement.filter((one) => everything(one, named)),
    );
    expect([...new Set(found.map(({ Sid }) => Sid))].sort()).toEqual(Object.keys(ON_EVERYTHING).sort());
  });

  it("of a key is about that key", () => {
    expect(offenders(({ Resource }, { kind }) => kind === "key" && Resource !== "*")).toEqual([]);
  });

  it("about any account names none in particular", () => {
    const anyAccount = /^arn:[^:]+:(?!s3:)[^:]+:[^:]*:\*:/;
    const named = (one: Statement) => list(one.Resource).some((resource) => anyAccount.test(resource));
    // Service control policies are about all accounts that they are attached to.
    expect(offenders((one, { kind }) => kind !== "serviceControl" && named(one))).toEqual([]);
  });

  it("lets no service in without a condition, but EventBridge and chat, for which AWS documents none", () => {
    const found = offenders(
      (one) =>
        allows(one) && typeof one.Principal === "object" && "Service" in one.Principal && !one.Condition,
    );
    expect([...new Set(found.map((offender) => offender.split(": ")[1]))].sort()).toEqual([
      "ChatTakesThisRole",
      "EventBridgePublishes",
    ]);
  });
});

describe("a policy for people or instances", () => {
  const identities = everyPolicy.filter(({ kind }) => kind === "identity");

  it("lets nobody start a session with a document of AWS's, whose ARN names no account", () => {
    const started = identities.flatMap(({ policy }) =>
      policy.Statement.filter(({ Action }) => list(Action).includes("ssm:StartSession")).flatMap(
        ({ Resource }) => list(Resource),
      ),
    );
    const document = "arn:aws:ssm:eu-central-1::document/AWS-StartPortForwardingSession";
    expect(started.length).toBeGreaterThan(0);
    expect(started.filter((pattern) => wildcardMatches(pattern, document))).toEqual([]);
  });

  it("speaks of a log group in both of its forms, alone and with what is in it", () => {
    const groups = identities.flatMap(({ policy }) =>
      policy.Statement.filter(({ Sid }) => /SessionLogs$/.test(Sid)).map(({ Resource }) => list(Resource)),
    );
    expect(groups.length).toBeGreaterThan(0);
    for (const resources of groups) {
      const bare = resources.filter((resource) => !resource.endsWith(":*"));
      expect([...resources].sort()).toEqual(bare.flatMap((group) => [group, `${group}:*`]).sort());
    }
  });

  it("tests aliases of keys with an operator for many values, and in no policy of a key, where AWS ignores them", () => {
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

  it("only refuses: what is allowed stays with FullAWSAccess and the accounts", () => {
    expect(offenders((one, { kind }) => kind === "serviceControl" && one.Effect !== "Deny")).toEqual([]);
  });

  it("exempts roles field by field of their ARNs, where * reaches over no colon", () => {
    const operators = guardrails.flatMap(({ policy }) =>
      policy.Statement.flatMap(({ Condition = {} }) =>
        Object.entries(Condition)
          .filter(([, keys]) => "aws:PrincipalArn" in keys)
          .map(([operator]) => operator),
      ),
    );
    expect([...new Set(operators)]).toEqual(["ArnNotLike"]);
  });

  it("has a variable only behind the fifth colon of an ARN, where alone IAM reads one", () => {
    const early = /^(?:[^:]*:){0,4}[^:]*\$\{/;
    const arns = guardrails.flatMap(({ policy }) =>
      policy.Statement.flatMap(({ Resource, NotResource }) => [...list(Resource), ...list(NotResource)]),
    );
    expect(arns.filter((arn) => early.test(arn))).toEqual([]);
  });

  it("has wildcards in actions at their ends alone, which all partitions take", () => {
    const inside = (one: Statement) => list(one.Action).some((action) => /\*./.test(action));
    expect(offenders((one, { kind }) => kind === "serviceControl" && inside(one))).toEqual([]);
  });
});

describe("a policy of an endpoint", () => {
  const isEndpoint = ({ kind }: NamedPolicy) => kind === "endpoint";

  it("lets the account's own principals through, and anybody for nothing but reading AWS's own buckets", () => {
    const own = ({ Condition }: Statement) =>
      Condition?.["StringEquals"]?.["aws:PrincipalAccount"] !== undefined;
    const strangers = everyPolicy
      .filter(isEndpoint)
      .flatMap(({ policy }) => policy.Statement.filter((one) => !own(one)));
    expect([...new Set(strangers.map(({ Sid }) => Sid))]).toEqual(["AnybodyReadsBucketsOfAws"]);
    expect([...new Set(strangers.flatMap(({ Action }) => list(Action)))]).toEqual(["s3:GetObject"]);
  });

  it("lets a whole service through for what is owned or named, but Systems Manager, whose own things AWS owns", () => {
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
