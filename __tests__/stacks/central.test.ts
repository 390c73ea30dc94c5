import type { AccountsMap } from "../../accounts/schema";
import { alarmEvent } from "../../emulator/events/cloudtrail-event";
import { matchesPattern, type EventPattern } from "../../emulator/patterns/event-pattern";
import { checkMap } from "../../stacks/read-organization";
import { stacksOf } from "../../stacks/stack-graph";
import { SLACK } from "../fixtures/chat";
import { managementCall } from "../fixtures/cloudtrail";
import { replicated } from "../helpers/replicated";
import { exampleWith, synthesize, synthesizeOne, type StackView } from "../helpers/synth";

const BUS = "arn:aws:events:eu-central-1:111111111111:event-bus/session-audit-acme-central";
const US_BUS = BUS.replace("eu-central-1", "us-east-1");
const ARCHIVE = "archive-eu-central-1";

/** The ARNs of the central buses to which the rules of a stack forward, by the rule's construct. */
const forwards = (stack: StackView) =>
  Object.fromEntries(
    Object.entries(stack.all("aws_cloudwatch_event_target"))
      .filter(([, target]) => target["target_id"] === "central")
      .map(([, target]) => [String(target["rule"]).split(".")[1], target["arn"]]),
  );
const busesOf = (stack: StackView) => [...new Set(Object.values(forwards(stack)))];

describe("the central channel", () => {
  const stack = synthesizeOne(ARCHIVE);

  it("has a bus that is encrypted with no key of the account", () => {
    expect(stack.the("aws_cloudwatch_event_bus")).toMatchObject({ name: "session-audit-acme-central" });
    expect(stack.the("aws_cloudwatch_event_bus")).not.toHaveProperty("kms_key_identifier");
  });

  it("has a topic whose key encrypts nothing else", () => {
    const topic = stack.the("aws_sns_topic", /^Central/);
    expect(topic).toMatchObject({
      name: "session-audit-acme-central-security",
      kms_master_key_id: expect.stringMatching(/^\$\{aws_kms_key\.Central_Key_/) as string,
    });
    const users = JSON.stringify(stack.json.resource).split(String(topic["kms_master_key_id"]).slice(2, -5));
    // The topic, the alias, and the pattern of the rule that watches the key.
    expect(users).toHaveLength(4);
  });

  it("has the subscribers of the archive account's security channel", () => {
    const map = exampleWith((m) => {
      m.accounts["log-archive"]!.notifications = {
        security: { subscribers: [{ protocol: "email", endpoint: "soc@example.com" }] },
      };
    });
    const subscriptions = Object.values(synthesizeOne(ARCHIVE, map).all("aws_sns_topic_subscription"));
    expect(subscriptions.map((one) => String(one["topic_arn"]))).toEqual([
      expect.stringContaining("aws_sns_topic.Central_Channel_Topic"),
      expect.stringContaining("aws_sns_topic.Security_Topic"),
    ]);
  });

  it("publishes to the existing topic of the archive account, and then has no key", () => {
    const map = exampleWith(
      (m) => (m.accounts["log-archive"]!.notifications = { security: { topic: { existing: "siem" } } }),
    );
    const archive = synthesizeOne(ARCHIVE, map);
    expect(archive.all("aws_sns_topic")).toEqual({});
    expect(Object.keys(archive.all("aws_kms_key"))).toEqual(["Key"]);
    expect(archive.json.output!["central_topic_arn"]!.value).toBe(
      "arn:aws:sns:eu-central-1:111111111111:siem",
    );
  });

  it("has a key of its own even if the archive's key is an existing one", () => {
    const map = exampleWith((m) => {
      m.accounts["log-archive"]!.regions = {
        "eu-central-1": {
          encryption: {
            mode: "existing",
            keyArn: "arn:aws:kms:eu-central-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab",
          },
        },
      };
    });
    expect(Object.keys(synthesizeOne(ARCHIVE, map).all("aws_kms_key"))).toEqual([
      expect.stringMatching(/^Central_Key_/),
    ]);
  });

  it("has no key if the map wants none", () => {
    const map = exampleWith((m) => {
      m.encryption = { mode: "s3-managed" };
      m.preferences = { encryptSessionData: false, enforce: { cloudWatch: false } };
    });
    const archive = synthesizeOne(ARCHIVE, map);
    expect(archive.all("aws_kms_key")).toEqual({});
    expect(archive.the("aws_sns_topic", /^Central/)).not.toHaveProperty("kms_master_key_id");
    expect(archive.document("aws_cloudwatch_event_rule", "event_pattern", /^Security_Central/)).toMatchObject(
      {
        detail: { $or: [expect.anything(), expect.anything()] },
      },
    );
  });

  it("alarms its own topic and the archive's about what it cannot deliver, by metrics of its bus", () => {
    const alarms = Object.entries(stack.all("aws_cloudwatch_metric_alarm"))
      .filter(([id]) => id.startsWith("Central"))
      .map(([, alarm]) => alarm);
    expect(alarms).toHaveLength(7);
    for (const alarm of alarms)
      expect(alarm["alarm_actions"]).toEqual([
        "arn:aws:sns:eu-central-1:111111111111:session-audit-acme-archive-security",
        "arn:aws:sns:eu-central-1:111111111111:session-audit-acme-central-security",
      ]);
    const ofRules = alarms.filter((alarm) => alarm["namespace"] === "AWS/Events");
    expect(ofRules.map((alarm) => (alarm["dimensions"] as Record<string, string>)["EventBusName"])).toEqual(
      Array(6).fill("session-audit-acme-central"),
    );
  });

  it("has chat if the archive account's security channel has it", () => {
    const map = exampleWith(
      (m) => (m.accounts["log-archive"]!.notifications = { security: { chat: [SLACK] } }),
    );
    const chat = synthesizeOne("chat-log-archive", map).the("aws_chatbot_slack_channel_configuration");
    expect(chat["sns_topic_arns"]).toContain(
      "arn:aws:sns:eu-central-1:111111111111:session-audit-acme-central-security-chat",
    );
  });

  it("lets EventBridge keep in its queue what the rules of its bus cannot deliver", () => {
    const policy = JSON.stringify(stack.document("aws_sqs_queue_policy", "policy", /^Central/));
    expect(policy).toContain(
      "arn:aws:events:eu-central-1:111111111111:rule/session-audit-acme-central/session-audit-acme-central-security-alarms",
    );
  });
});

describe("findings and alarms", () => {
  it.each([
    ["session-payments-eu-central-1", BUS],
    ["session-payments-us-east-1", US_BUS],
    [ARCHIVE, BUS],
    ["archive-us-east-1", US_BUS],
  ])("of %s go to the bus of its region", (id, bus) => {
    expect(busesOf(synthesizeOne(id))).toEqual([bus]);
  });

  it("are forwarded by every rule of a security channel, and by one for alarms", () => {
    const map = exampleWith((m) => {
      m.guard = { enabled: true };
      m.prerequisites = { maintain: ["ssm-agent"] };
    });
    for (const id of ["session-payments-us-east-1", "archive-us-east-1"]) {
      const stack = synthesizeOne(id, map);
      const rules = Object.keys(stack.all("aws_cloudwatch_event_rule")).filter((rule) =>
        rule.startsWith("Security"),
      );
      expect(rules.length).toBeGreaterThan(3);
      expect(Object.keys(forwards(stack)).sort()).toEqual(rules.sort());
    }
  });

  it("are forwarded in a role that every forwarding rule may use, and that may do nothing else", () => {
    const stack = synthesizeOne("session-payments-us-east-1");
    const role = stack.the("aws_iam_role", /Forwarding/);
    expect(role["name"]).toBe("session-audit-acme-us-east-1-central");
    const trust = JSON.stringify(stack.document("aws_iam_role", "assume_role_policy", /Forwarding/));
    const rules = Object.entries(stack.all("aws_cloudwatch_event_rule")).filter(([id]) =>
      id.startsWith("Security"),
    );
    for (const [, rule] of rules) expect(trust).toContain(`rule/${String(rule["name"])}"`);
    expect(stack.document("aws_iam_role_policy", "policy", /Forwarding/)).toMatchObject({
      Statement: [{ Action: ["events:PutEvents"], Resource: US_BUS }],
    });
  });

  it("of an account whose region has no archive go to the first archive", () => {
    const map = exampleWith((m) => {
      m.accounts["sandbox"]!.regions = {
        "eu-central-1": {},
        "eu-west-1": { transcripts: { bucket: "none" }, preferences: { enforce: { s3: false } } },
      };
    });
    const id = "session-sandbox-eu-west-1";
    expect(busesOf(synthesizeOne(id, map))).toEqual([BUS]);
    const stack = stacksOf(checkMap(map, "map")).find((candidate) => candidate.id === id)!;
    expect(stack.dependsOn).toContain(ARCHIVE);
  });

  it("of a replica go to the central channel too, after which its stack is deployed", () => {
    const map = replicated();
    expect(busesOf(synthesizeOne("replica-log-archive-us-east-1", map))).toEqual([BUS]);
    const stacks = stacksOf(checkMap(map, "map"));
    expect(stacks.find(({ id }) => id === "replica-log-archive-us-east-1")!.dependsOn).toEqual([
      "archive-eu-central-1",
      "archive-us-east-1",
    ]);
    expect(
      synthesizeOne("replica-log-archive-us-east-1", map).the("aws_iam_role", /Forwarding/),
    ).toMatchObject({
      name: "session-audit-acme-111111111111-us-east-1-copy-central",
    });
  });

  it("have roles within the permissions boundary of their account", () => {
    const boundary = (id: string) => `arn:aws:iam::${id}:policy/boundary`;
    const map = exampleWith((m) => {
      m.accounts["payments"]!.access = { permissionsBoundaryArn: boundary("444444444444") };
      m.accounts["log-archive"]!.access = { permissionsBoundaryArn: boundary("111111111111") };
    });
    const of = (id: string) =>
      synthesizeOne(id, map).the("aws_iam_role", /Forwarding/)["permissions_boundary"];
    expect(of("session-payments-us-east-1")).toBe(boundary("444444444444"));
    expect(of(ARCHIVE)).toBe(boundary("111111111111"));
    expect(of("session-sandbox-eu-central-1")).toBeUndefined();
  });

  it.each<[string, (map: AccountsMap) => void, string[]]>([
    [
      "of an account that the map leaves out",
      (m) => (m.accounts["payments"]!.notifications = { security: { central: false } }),
      ["session-payments-us-east-1"],
    ],
    [
      "of every account, if the archive account has no central channel",
      (m) => (m.accounts["log-archive"]!.notifications = { security: { central: false } }),
      ["session-payments-us-east-1", ARCHIVE],
    ],
    [
      "of every account, if the map says so for all",
      (m) => (m.notifications!.security = { central: false }),
      ["session-payments-us-east-1", ARCHIVE],
    ],
  ])("stay where they are: those %s", (_which, change, ids) => {
    for (const id of ids) {
      const stack = synthesizeOne(id, exampleWith(change));
      expect(busesOf(stack)).toEqual([]);
      expect(stack.addresses.filter((address) => /Forwarding|event_bus/.test(address))).toEqual([]);
    }
  });

  it("stay where they are in a map without an archive", () => {
    const map = exampleWith((m) => {
      delete m.archive;
      delete m.accounts["log-archive"];
    });
    for (const stack of synthesize(map).values()) expect(busesOf(stack)).toEqual([]);
  });
});

it("a region of the archive account without a central channel sends to another one", () => {
  const map = exampleWith((m) => {
    m.accounts["log-archive"]!.regions = {
      "eu-central-1": { notifications: { security: { central: false } } },
      "us-east-1": {},
    };
  });
  expect(busesOf(synthesizeOne("session-payments-eu-central-1", map))).toEqual([US_BUS]);
  expect(synthesizeOne(ARCHIVE, map).all("aws_cloudwatch_event_bus")).toEqual({});
});

it("a central channel that the map no longer wants leaves its protected key in AWS", () => {
  const off = exampleWith((m) => (m.notifications!.security = { central: false }));
  const { removed } = synthesizeOne(ARCHIVE, off).json as unknown as { removed: { from: string }[] };
  const [key] = Object.keys(synthesizeOne(ARCHIVE).all("aws_kms_key")).filter((id) =>
    id.startsWith("Central"),
  );
  expect(removed.map(({ from }) => from)).toContain(`aws_kms_key.${key}`);
});

/** Everything that a map deploys, with the central chat and replicas in accounts and regions of their own. */
const WHOLE = replicated((m) => {
  m.guard = { enabled: true };
  m.prerequisites = { maintain: ["ssm-agent"] };
  m.accounts["log-archive"]!.regions = ["eu-central-1"];
});

describe("no key has a say in all that reports it", () => {
  interface Placed {
    readonly place: string;
    readonly account: string;
    readonly region: string;
    readonly stack: StackView;
  }
  const stacks = [...synthesize(WHOLE).values()].map((stack): Placed => {
    const provider = stack.json.provider.aws[0]! as { allowed_account_ids: [string]; region: string };
    const { allowed_account_ids, region } = provider;
    const [account] = allowed_account_ids;
    return { place: `${account}/${region}`, account, region, stack };
  });
  /** A key, by its alias, which the patterns match as well as its id. */
  const keys = stacks.flatMap(({ place, account, region, stack }) =>
    Object.values(stack.all("aws_kms_alias")).map((alias) => ({
      place,
      account,
      region,
      alias: String(alias["name"]),
      reference: `${stack.id} ${String(alias["target_key_id"]).replace(/^\$\{(.*)\.key_id\}$/, "$1")}`,
    })),
  );
  const nameIn = (busArn: string) => busArn.split("/").at(-1)!;
  /** The keys of the topics that an event on a bus reaches; null for a topic without a key. */
  function keysOfTopics(at: string, bus: string | null, event: object): (string | null)[] {
    return stacks
      .filter(({ place }) => place === at)
      .flatMap(({ stack }) =>
        Object.entries(stack.all("aws_cloudwatch_event_rule"))
          .filter(
            ([, rule]) => (rule["event_bus_name"] ?? null) === bus && rule["event_pattern"] !== undefined,
          )
          .filter(([, rule]) =>
            matchesPattern(JSON.parse(withoutTokens(String(rule["event_pattern"]))) as EventPattern, event),
          )
          .flatMap(([id]) =>
            Object.values(stack.all("aws_cloudwatch_event_target"))
              .filter((target) => String(target["rule"]).includes(`.${id}.`))
              .flatMap((target): (string | null)[] => {
                const arn = String(target["arn"]);
                const [, , service, region, account, name] = arn.split(":") as [
                  string,
                  string,
                  string,
                  string,
                  string,
                  string,
                ];
                if (service === "events") return keysOfTopics(`${account}/${region}`, nameIn(arn), event);
                return service === "sns" ? [keyOfTopic(`${account}/${region}`, name)] : [];
              }),
          ),
      );
  }
  function keyOfTopic(at: string, name: string): string | null {
    const found = stacks
      .filter(({ place }) => place === at)
      .flatMap(({ stack }) =>
        Object.values(stack.all("aws_sns_topic"))
          .filter((topic) => topic["name"] === name)
          .map(
            (topic) => `${stack.id} ${String(topic["kms_master_key_id"]).replace(/^\$\{(.*)\.arn\}$/, "$1")}`,
          ),
      );
    expect(found).toHaveLength(1);
    return found[0]!;
  }
  /** A pattern whose references to keys are ids of no key. */
  const withoutTokens = (pattern: string) => pattern.replace(/\$\{[^}]*\}/g, "ffffffff-0000");

  const reported = keys.filter(({ alias }) => !alias.endsWith("-trail"));

  it("looks at the keys of targets, archives, central channels and replicas", () => {
    expect(
      [...new Set(reported.map(({ alias }) => alias.replace(/-\d{12}-[\w-]+-copy$/, "-<copy>")))].sort(),
    ).toEqual([
      "alias/session-audit-acme",
      "alias/session-audit-acme-<copy>",
      "alias/session-audit-acme-archive",
      "alias/session-audit-acme-central",
    ]);
  });

  it.each(reported)("$alias of $place", ({ place, account, region, alias, reference }) => {
    const disabled = { ...managementCall("kms", "DisableKey", { keyId: alias }), account, region };
    const keysThatSay = keysOfTopics(place, null, disabled);
    expect(keysThatSay.length).toBeGreaterThan(0);
    expect(keysThatSay.filter((key) => key !== reference).length).toBeGreaterThan(0);
  });

  it("every alarm is forwarded once, or publishes to the central topic itself", () => {
    const wrong = stacks.flatMap(({ stack }) =>
      Object.values(stack.all("aws_cloudwatch_metric_alarm")).flatMap((alarm) => {
        const name = String(alarm["alarm_name"]);
        const actions = alarm["alarm_actions"] as string[];
        if (actions.some((arn) => arn.endsWith(":session-audit-acme-central-security"))) return [];
        // The alarm about a replication is beside the source, with the provider of the source.
        const [, , , region, account] = actions[0]!.split(":") as [string, string, string, string, string];
        const event = alarmEvent({ account, region, arn: "arn", name, description: "" });
        const said = keysOfTopics(`${account}/${region}`, null, event);
        return said.length === 1 ? [] : [`${name} in ${account}/${region}: ${said.length}`];
      }),
    );
    expect(wrong).toEqual([]);
  });

  it("no dead-letter queue depends on a key", () => {
    const queues = stacks.flatMap(({ stack }) => Object.values(stack.all("aws_sqs_queue")));
    expect(queues.length).toBeGreaterThan(10);
    for (const queue of queues) {
      expect(queue).toMatchObject({ sqs_managed_sse_enabled: true });
      expect(queue).not.toHaveProperty("kms_master_key_id");
    }
  });
});
