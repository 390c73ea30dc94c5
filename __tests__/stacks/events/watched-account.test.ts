import { matchesPattern, type EventPattern } from "../../../emulator/patterns/event-pattern";
import type { AccountsMap } from "../../../accounts/schema";
import { accountFindings, forwardedFindings } from "../../../stacks/events/account-patterns";
import { channelFindings } from "../../../stacks/events/security-patterns";
import { accountListenerOf } from "../../../stacks/events/account-listener";
import { reportedAccountOf, watchedAccountOf } from "../../../stacks/events/watched-account";
import { accountForwardingOf } from "../../../stacks/events/forwarding";
import { stacksOf } from "../../../stacks/stack-graph";
import { managementCall } from "../../fixtures/cloudtrail";
import { exampleWith, synthesizeOne } from "../../helpers/synth";
import { PLACE, WATCHED } from "../../helpers/watched-resources";
import { checkMap } from "../../../stacks/read-organization";
import { accountIn } from "../policies/helpers";

const off = { security: { accountChanges: false } };
const asItIs = () => undefined;
const organizationWith = (change: (map: AccountsMap) => void = asItIs) =>
  checkMap(exampleWith(change), "map");
const listenerOf = (name: string, change?: (map: AccountsMap) => void) => {
  const organization = organizationWith(change);
  return accountListenerOf(organization, accountIn(organization, name));
};

describe("changes to an account's roles are reported by the channel of", () => {
  it.each<[string, string, string, string | null, (map: AccountsMap) => void]>([
    ["the target in the global region", "payments", "session-payments-us-east-1", null, asItIs],
    ["the only target", "storefront", "session-storefront-us-east-1", null, asItIs],
    [
      "the home region, if there is no target in the global region",
      "sandbox",
      "session-sandbox-eu-central-1",
      "us-east-1",
      asItIs,
    ],
    ["the archive, if the account has no target", "log-archive", "archive-us-east-1", null, asItIs],
    [
      "a target in another region, if the one in the home region does not report them",
      "sandbox",
      "session-sandbox-eu-west-1",
      "us-east-1",
      (m) => (m.accounts["sandbox"]!.regions = { "eu-central-1": { notifications: off }, "eu-west-1": {} }),
    ],
    [
      "another target, if the one in the global region does not report them",
      "payments",
      "session-payments-eu-central-1",
      "us-east-1",
      (m) =>
        ((m.accounts["payments"]!.regions as Record<string, object>)["us-east-1"] = { notifications: off }),
    ],
    [
      "a replica, if the account has nothing else",
      "backup",
      "replica-log-archive-eu-central-1",
      "us-east-1",
      (m) => {
        m.accounts["backup"] = { id: "555555555555", homeRegion: "eu-west-1", regions: [] };
        m.transcripts = { ...m.transcripts, replication: { account: "backup", region: "eu-west-1" } };
      },
    ],
  ])("%s", (_which, account, stackId, forwardedFrom, change) => {
    expect(listenerOf(account, change)).toMatchObject({ stackId, forwardedFrom });
  });

  it.each<[string, (map: AccountsMap) => void]>([
    ["no channel is on", (m) => (m.accounts["sandbox"]!.notifications = { security: { enabled: false } })],
    ["the map does not want it", (m) => (m.accounts["sandbox"]!.notifications = off)],
  ])("none, if %s", (_why, change) => {
    expect(listenerOf("sandbox", change)).toBeNull();
  });

  it("one stack of the account, and no other", () => {
    const organization = organizationWith();
    const reporting = ["session-payments-us-east-1", "session-payments-eu-central-1"].filter(
      (stackId) => reportedAccountOf(organization, accountIn(organization, "payments"), stackId) !== null,
    );
    expect(reporting).toEqual(["session-payments-us-east-1"]);
  });
});

it.each([
  ["cn-north-1", "cn-northwest-1"],
  ["us-gov-west-1", "us-gov-east-1"],
])("the global region is %s in the partition of %s", (global, region) => {
  const listener = listenerOf("one", (m) => {
    m.accounts = { one: { id: "222222222222", homeRegion: region, regions: [region] } };
    delete m.archive;
    delete m.transcripts;
    delete m.waves;
  });
  expect(listener).toMatchObject({ region, forwardedFrom: global });
});

describe("the roles whose changes are reported", () => {
  const watchedIn = (name: string, change?: (map: AccountsMap) => void) => {
    const organization = organizationWith(change);
    return watchedAccountOf(organization, accountIn(organization, name));
  };

  it("are those that record, read or deploy in the account", () => {
    const { roles, namePrefix } = watchedIn("sandbox", (m) => {
      m.logs = { masking: { enabled: true } };
      m.access = {
        ...m.access,
        unmaskRoles: ["people/unmask"],
        defaultHostManagementRole: "DefaultRole",
      };
      m.transcripts!.organizationReaders = ["arn:aws:iam::222222222222:role/path/incident-*"];
    });
    expect(roles).toEqual([
      "app-server",
      "DefaultRole",
      "unmask",
      "incident-*",
      "session-audit-deploy",
      "session-audit-pipeline-*",
    ]);
    expect(namePrefix).toBe("session-audit-acme-");
  });

  it("match by their beginning or end if they have a single * there, which a pattern may have any number of", () => {
    const watched = { roles: ["a*", "*b", "c*d", "*e*", "f"], boundaryArn: null, namePrefix: "acme-" };
    const roleName = [
      { prefix: "acme-" },
      ...[{ prefix: "a" }, { suffix: "b" }, { wildcard: "c*d" }, { wildcard: "*e*" }, "f"],
    ];
    expect(JSON.stringify(accountFindings(watched, []))).toContain(JSON.stringify({ roleName }));
  });

  it("are in the reader's own account", () => {
    expect(watchedIn("log-archive").roles).toEqual([
      "session-reviewer",
      "session-audit-deploy",
      "session-audit-pipeline-*",
    ]);
  });

  it("do not include a pattern that matches every role", () => {
    const { roles } = watchedIn("sandbox", (m) => {
      m.transcripts!.organizationReaders = ["arn:aws:iam::222222222222:role/people/**"];
    });
    expect(roles).toEqual(["app-server", "session-audit-deploy", "session-audit-pipeline-*"]);
  });
});

describe("what is forwarded", () => {
  const WATCHED_ACCOUNT = { roles: ["app-server"], boundaryArn: null, namePrefix: "session-audit-acme-" };
  const ignored = "arn:aws:iam::444444444444:role/operator";
  const matches = (pattern: EventPattern, event: object) => matchesPattern(pattern, event);

  it.each<[string, string, object]>([
    ["iam", "PutRolePolicy", { roleName: "app-server", policyName: "deny" }],
    ["iam", "UpdateAssumeRolePolicy", { roleName: "session-audit-acme-guard-eu-central-1" }],
    [
      "iam",
      "CreatePolicyVersion",
      { policyArn: "arn:aws:iam::444444444444:policy/session-audit-acme-instance" },
    ],
    ["account", "DisableRegion", { regionName: "eu-south-1" }],
    ["organizations", "LeaveOrganization", {}],
    ["organizations", "AcceptHandshake", { handshakeId: "h-1" }],
  ])("is reported by the channel that receives it: %s:%s %j", (service, name, parameters) => {
    const event = managementCall(service, name, parameters);
    expect(matches(forwardedFindings(WATCHED_ACCOUNT, []), event)).toBe(true);
    expect(matches(accountFindings(WATCHED_ACCOUNT, []), event)).toBe(true);
    expect(matches(forwardedFindings(WATCHED_ACCOUNT, [ignored]), event)).toBe(false);
  });

  it.each<[string, object]>([
    ["DisableRule", { name: "session-audit-acme-account-events" }],
    ["RemoveTargets", { rule: "session-audit-acme-account-events", ids: ["bus"] }],
  ])(
    "includes changes to the forwarding rule itself, which the other rules report: %s",
    (name, parameters) => {
      const event = managementCall("events", name, parameters);
      expect(matches(forwardedFindings(WATCHED_ACCOUNT, []), event)).toBe(true);
      expect(matches(channelFindings(PLACE, WATCHED, []), event)).toBe(true);
    },
  );

  it.each<[string, string, object]>([
    ["iam", "PutRolePolicy", { roleName: "another", policyName: "x" }],
    ["iam", "CreateUser", { userName: "session-audit-acme-x" }],
    ["account", "EnableRegion", { regionName: "eu-south-1" }],
    ["events", "DisableRule", { name: "theirs" }],
  ])("does not include %s:%s %j", (service, name, parameters) => {
    expect(matches(forwardedFindings(WATCHED_ACCOUNT, []), managementCall(service, name, parameters))).toBe(
      false,
    );
  });
});

describe("the stack of an account without a channel in the global region", () => {
  const stack = synthesizeOne("account-sandbox");

  it("has these addresses", () => {
    expect(stack.addresses.filter((address) => address.includes("AccountEvents"))).toEqual([
      "aws_cloudwatch_event_rule.AccountEvents_Rule_3C66E199",
      "aws_cloudwatch_event_target.AccountEvents_Rule_Central_9D84D5B2",
      "aws_cloudwatch_event_target.AccountEvents_Rule_Target_30254FEE",
      "aws_iam_role.AccountEvents_CentralRole_92174BE2",
      "aws_iam_role.AccountEvents_Role_D8D529BD",
      "aws_iam_role_policy.AccountEvents_CentralRole_Policy_BF043E8F",
      "aws_iam_role_policy.AccountEvents_Role_Policy_93600BE1",
      "aws_sqs_queue.AccountEvents_DeadLetters_52A025A6",
      "aws_sqs_queue_policy.AccountEvents_DeadLetters_Policy_FA5724E5",
    ]);
  });

  it.each([
    [
      "the bus of the region that reports",
      "Rule_Target",
      "AccountEvents_Role",
      "arn:aws:events:eu-central-1:222222222222:event-bus/default",
      "session-audit-acme-us-east-1-security-account",
    ],
    [
      "the central bus, because EventBridge forwards an event once",
      "Rule_Central",
      "AccountEvents_CentralRole",
      "arn:aws:events:eu-central-1:111111111111:event-bus/session-audit-acme-central",
      "session-audit-acme-us-east-1-account-central",
    ],
  ])("forwards to %s, in a role for this bus and this rule", (_where, target, role, bus, name) => {
    expect(stack.the("aws_cloudwatch_event_target", new RegExp(`AccountEvents_${target}`))).toMatchObject({
      arn: bus,
      role_arn: `arn:aws:iam::222222222222:role/${name}`,
      provider: "aws.global",
    });
    expect(stack.document("aws_iam_role_policy", "policy", new RegExp(`^${role}_`))).toMatchObject({
      Statement: [{ Action: ["events:PutEvents"], Resource: bus }],
    });
    expect(stack.the("aws_iam_role", new RegExp(`^${role}_`))).toMatchObject({ name });
    expect(stack.document("aws_iam_role", "assume_role_policy", new RegExp(`^${role}_`))).toMatchObject({
      Statement: [
        {
          Condition: {
            ArnEquals: {
              "aws:SourceArn": [
                "arn:aws:events:us-east-1:222222222222:rule/session-audit-acme-account-events",
              ],
            },
          },
        },
      ],
    });
  });

  it("has an SQS queue that depends on no key, for what either bus refuses", () => {
    const targets = Object.entries(stack.all("aws_cloudwatch_event_target")).filter(([id]) =>
      id.startsWith("AccountEvents"),
    );
    expect(targets).toHaveLength(2);
    for (const [, target] of targets)
      expect(target["dead_letter_config"]).toEqual({
        arn: "arn:aws:sqs:us-east-1:222222222222:session-audit-acme-account-events-dead-letters",
      });
    expect(stack.the("aws_sqs_queue", /AccountEvents/)).toMatchObject({ sqs_managed_sse_enabled: true });
  });

  it("is deployed after the archive with the central bus", () => {
    const declared = stacksOf(organizationWith());
    expect(declared.find(({ id }) => id === "account-sandbox")!.dependsOn).toEqual(["archive-eu-central-1"]);
    expect(declared.find(({ id }) => id === "account-payments")!.dependsOn).toEqual([]);
  });

  it("has a second provider, for the global region of the same account", () => {
    const { provider } = stack.json;
    expect(provider.aws.map(({ alias, region }) => [alias, region])).toEqual([
      [undefined, "eu-central-1"],
      ["global", "us-east-1"],
    ]);
    expect(provider.aws[1]).toMatchObject({ allowed_account_ids: ["222222222222"] });
  });
});

it("the stack of an account with a channel in the global region forwards nothing", () => {
  const stack = synthesizeOne("account-payments");
  expect(stack.addresses.filter((address) => address.includes("AccountEvents"))).toEqual([]);
  expect(stack.json.provider.aws).toHaveLength(1);
});

describe("without a central channel", () => {
  it.each<[string, (map: AccountsMap) => void]>([
    ["the map does not want one", (m) => (m.notifications = { security: { central: false } })],
    [
      "the map has no archive",
      (m) => {
        delete m.archive;
        delete m.accounts["log-archive"];
        delete m.transcripts;
        m.organization = { name: "acme" };
      },
    ],
  ])("the stack forwards to the region that reports only: %s", (_why, change) => {
    const organization = organizationWith(change);
    expect(accountForwardingOf(organization, accountIn(organization, "sandbox"))).toBeNull();
    const stack = synthesizeOne("account-sandbox", exampleWith(change));
    expect(stack.addresses.filter((address) => /AccountEvents.*Central/.test(address))).toEqual([]);
    expect(stacksOf(organization).find(({ id }) => id === "account-sandbox")!.dependsOn).toEqual([]);
  });
});

it("a channel in the global region sends changes of roles to the central bus itself", () => {
  const organization = organizationWith();
  expect(accountForwardingOf(organization, accountIn(organization, "payments"))).toBeNull();
  const central = (id: string) =>
    synthesizeOne(id).addresses.filter((address) =>
      address.startsWith("aws_cloudwatch_event_target.Security_Account_Central"),
    );
  expect(central("session-payments-us-east-1")).toHaveLength(1);
  expect(central("session-sandbox-eu-central-1")).toEqual([]);
});
