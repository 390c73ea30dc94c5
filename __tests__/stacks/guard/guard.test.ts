import { appendFileSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as ts from "typescript";
import { matchesPattern } from "../../../emulator/patterns/event-pattern";
import { readConfiguration, type GuardConfiguration } from "../../../guard/configuration";
import { log, type LogEvent } from "../../../guard/log";
import { bundleGuard, guardCode } from "../../../stacks/guard/guard-code";
import { guardedSessions, guardTampering } from "../../../stacks/events/guard-patterns";
import { guardNames } from "../../../stacks/names";
import { guardTablePolicy } from "../../../stacks/policies/guard-policy";
import { storedZip } from "../../../stacks/guard/stored-zip";
import { readZipEntry } from "../../../files/zip";
import { SLACK } from "../../fixtures/chat";
import { EVENTS, managementCall as call } from "../../fixtures/cloudtrail";
import { exampleWith, synthesizeOne } from "../../helpers/synth";

const PLACE = {
  organization: "acme",
  account: { id: "444444444444", partition: "aws" as const },
  region: "eu-central-1",
};
const NAMES = guardNames(PLACE);
type Change = Parameters<typeof exampleWith>[0];
const guarded = (more: Change = () => undefined) =>
  synthesizeOne(
    "session-payments-eu-central-1",
    exampleWith((map) => {
      map.guard = { enabled: true };
      more(map);
    }),
  );
const configurationOf = (more?: Change): GuardConfiguration => {
  const { variables } = guarded(more).the("aws_lambda_function")["environment"] as {
    variables: Record<string, string>;
  };
  return readConfiguration(variables);
};

/** Every comment of a program, by its syntax tree: text such as `https://` in a string is no comment. */
function commentsIn(code: string): string[] {
  const found = new Map<number, string>();
  const visit = (node: ts.Node): void => {
    for (const { pos, end } of [
      ...(ts.getLeadingCommentRanges(code, node.getFullStart()) ?? []),
      ...(ts.getTrailingCommentRanges(code, node.getEnd()) ?? []),
    ])
      found.set(pos, code.slice(pos, end));
    node.getChildren().forEach(visit);
  };
  visit(ts.createSourceFile("code.js", code, ts.ScriptTarget.Latest, true));
  return [...found.values()];
}

describe("the guard's code", () => {
  const root = resolve(__dirname, "..", "..", "..");

  it("has the same bytes when it is bundled twice", () => {
    expect(bundleGuard(root)).toEqual(guardCode());
  });

  it("has the same bytes in another directory with another TypeScript configuration", () => {
    const directory = mkdtempSync(join(tmpdir(), "guard elsewhere-"));
    try {
      cpSync(join(root, "guard"), join(directory, "guard"), { recursive: true });
      expect(bundleGuard(directory).sha256).toBe(guardCode().sha256);
      // The bundle is made from that directory: a change there changes the bundle.
      appendFileSync(join(directory, "guard", "index.ts"), "export const other = true;\n");
      expect(bundleGuard(directory).sha256).not.toBe(guardCode().sha256);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });

  it("is one file that needs only Node.js and the AWS SDK of the runtime", () => {
    const code = readZipEntry(guardCode().zip, "index.js").toString("utf8");
    const needed = new Set([...code.matchAll(/require\("([^"]+)"\)/g)].map(([, name]) => name!));
    expect([...needed].filter((name) => !/^(node:|@aws-sdk\/client-)/.test(name))).toEqual([]);
    expect(code).not.toContain(root);
  });

  it("has no comments, so that other words in a comment do not deploy the function again", () => {
    const code = readZipEntry(guardCode().zip, "index.js").toString("utf8");
    expect(commentsIn("const a = 1; // first\nf(\n  /* second */ `//${a}`);")).toEqual([
      "// first",
      "/* second */",
    ]);
    expect(commentsIn(code)).toEqual([]);
  });

  it("is an archive with the right checksum and content", () => {
    // CRC-32 of "123456789", the usual check value of the algorithm.
    expect(storedZip("a", Buffer.from("123456789")).readUInt32LE(14)).toBe(0xcbf43926);
    expect(readZipEntry(storedZip("a", Buffer.from("123456789")), "a").toString()).toBe("123456789");
  });

  it("is deployed as the handler of a Node.js function", () => {
    const fn = guarded().the("aws_lambda_function");
    expect(fn).toMatchObject({
      filename: "guard.zip",
      source_code_hash: guardCode().sha256,
      handler: "index.handler",
      runtime: "nodejs22.x",
    });
  });
});

describe("a target's guard", () => {
  it("exists only if the map enables it", () => {
    const without = synthesizeOne("session-payments-eu-central-1").addresses;
    expect(without.filter((address) => /Guard|lambda|dynamodb/.test(address))).toEqual([]);
    expect(guarded().addresses).toEqual(expect.arrayContaining(without));
  });

  it("gets the places of its sessions' records in its configuration: in the archive, below its account and region", () => {
    expect(configurationOf()).toMatchObject({
      account: "444444444444",
      region: "eu-central-1",
      topicArn: "arn:aws:sns:eu-central-1:444444444444:session-audit-acme-security",
      chatTopicArn: null,
      allowedDocuments: [],
      transcripts: {
        maximumDurationMinutes: 240,
        bucket: {
          name: "session-audit-acme-111111111111-eu-central-1",
          prefix: "sessions/444444444444/eu-central-1",
          keptDays: null,
        },
        logGroup: { name: "/session-audit/acme/sessions", keptDays: 365 },
      },
    });
  });

  it("gets in its configuration that log streams are kept forever, if the map says so", () => {
    const { transcripts } = configurationOf((map) => {
      map.accounts["payments"]!.logs = { retentionDays: null };
    });
    expect(transcripts?.logGroup?.keptDays).toBeNull();
  });

  it("gets in its configuration when the archive's transcripts and its log streams expire", () => {
    const { transcripts } = configurationOf((map) => {
      // The bucket belongs to the archive account, so that account's settings apply.
      const lifecycle = { expireAfterDays: 400, noncurrentExpireAfterDays: 400 };
      map.accounts["log-archive"]!.transcripts = { lifecycle };
      map.accounts["payments"]!.logs = { retentionDays: 30 };
      map.accounts["payments"]!.regions = ["eu-central-1", "us-east-1"];
    });
    expect([transcripts?.bucket?.keptDays, transcripts?.logGroup?.keptDays]).toEqual([400, 30]);
  });

  it("gets no expiry of existing buckets and log groups", () => {
    const { transcripts } = configurationOf((map) => {
      map.accounts["payments"]!.regions = ["eu-central-1", "us-east-1"];
      map.accounts["payments"]!.transcripts = { bucket: { existing: "theirs" } };
      map.accounts["payments"]!.logs = { group: { existing: "/their/group" } };
    });
    expect(transcripts).toMatchObject({
      bucket: { name: "theirs", keptDays: null },
      logGroup: { name: "/their/group", keptDays: null },
    });
  });

  it("reports to chat if the security channel does", () => {
    const { chatTopicArn } = configurationOf((map) => {
      map.notifications!.security = { chat: [SLACK] };
    });
    expect(chatTopicArn).toBe("arn:aws:sns:eu-central-1:444444444444:session-audit-acme-security-chat");
  });

  it.each<[string, Change, Partial<GuardConfiguration>, string[]]>([
    ["ends no session", (map) => (map.guard!.terminate = false), { allowedDocuments: null }, ["Schedule"]],
    [
      "looks for nothing",
      (map) => (map.guard!.checkTranscriptsEveryMinutes = null),
      { transcripts: null },
      ["Sessions"],
    ],
  ])("that %s has no rule for it", (_what, change, configuration, rules) => {
    const stack = guarded(change);
    expect(configurationOf(change)).toMatchObject(configuration);
    const own = Object.keys(stack.all("aws_cloudwatch_event_rule")).filter((id) => id.startsWith("Guard_"));
    expect(own.map((id) => id.split("_")[1])).toEqual(rules);
    expect(Object.keys(stack.all("aws_lambda_permission"))).toHaveLength(1);
  });

  it("keeps the addresses of its alarms when the map switches the ending of sessions off", () => {
    const alarms = (stack: ReturnType<typeof guarded>) =>
      Object.entries(stack.all("aws_cloudwatch_metric_alarm"))
        .filter(([id]) => id.startsWith("Guard_"))
        .map(([id, { alarm_name: name }]) => `${id} ${String(name)}`);
    expect(alarms(guarded())).toEqual(
      expect.arrayContaining(alarms(guarded((map) => (map.guard!.terminate = false)))),
    );
  });

  it("runs as often as the map says", () => {
    const stack = guarded((map) => (map.guard!.checkTranscriptsEveryMinutes = 90));
    expect(stack.the("aws_cloudwatch_event_rule", /^Guard_Schedule/)).toMatchObject({
      schedule_expression: "rate(90 minutes)",
      state: "ENABLED",
    });
  });

  it("has the permissions boundary of the account", () => {
    const permissionsBoundaryArn = "arn:aws:iam::444444444444:policy/boundary";
    const stack = guarded((map) => (map.accounts["payments"]!.access = { permissionsBoundaryArn }));
    expect(stack.the("aws_iam_role", /^Guard/)).toHaveProperty(
      "permissions_boundary",
      permissionsBoundaryArn,
    );
  });

  it("has an encrypted log and table, and a dead-letter queue", () => {
    const stack = guarded();
    const key = "${aws_kms_key.Key.arn}";
    expect(stack.the("aws_cloudwatch_log_group", /^Guard/)).toMatchObject({
      kms_key_id: key,
      name: NAMES.logGroup,
      retention_in_days: 365,
    });
    expect(stack.the("aws_dynamodb_table")).toMatchObject({
      server_side_encryption: { enabled: true, kms_key_arn: key },
      ttl: { attribute_name: "expiresAt", enabled: true },
      point_in_time_recovery: { enabled: true },
    });
    expect(stack.the("aws_lambda_function")).toMatchObject({
      dead_letter_config: { target_arn: `arn:aws:sqs:eu-central-1:444444444444:${NAMES.deadLetters}` },
    });
  });

  it("has alarms that notify both channels when it fails", () => {
    const alarms = Object.entries(guarded().all("aws_cloudwatch_metric_alarm")).filter(([id]) =>
      id.startsWith("Guard_"),
    );
    expect(alarms.map(([, { alarm_name: name }]) => name).sort()).toEqual([
      "session-audit-acme-guard-errors",
      "session-audit-acme-guard-idle",
      "session-audit-acme-guard-missing-transcripts",
      "session-audit-acme-guard-overdue",
      "session-audit-acme-guard-refused-events",
      "session-audit-acme-guard-schedule-failed-invocations",
      "session-audit-acme-guard-schedule-lost",
      "session-audit-acme-guard-sessions-failed-invocations",
      "session-audit-acme-guard-sessions-lost",
      "session-audit-acme-guard-undelivered",
    ]);
    for (const [, alarm] of alarms) expect(alarm["alarm_actions"]).toHaveLength(2);
  });

  /** The pattern of a metric filter on the guard's log, and the alarm on its metric. */
  function counted(id: string, more?: Change) {
    const stack = guarded(more);
    const filter = stack.the("aws_cloudwatch_log_metric_filter", new RegExp(`GuardAlarms_${id}_`));
    const [transformation] = [filter["metric_transformation"]].flat() as Record<string, string>[];
    const alarm = stack.the("aws_cloudwatch_metric_alarm", new RegExp(`GuardAlarms_${id}Alarm`));
    expect(alarm).toMatchObject({
      metric_name: transformation!["name"],
      namespace: transformation!["namespace"],
    });
    return { pattern: String(filter["pattern"]), alarm, transformation };
  }

  it.each<[string, LogEvent[]]>([
    ["MissingTranscripts", ["TranscriptMissing"]],
    ["RefusedEvents", ["EventRefused", "SessionRefused", "ReportItemRefused"]],
    ["Checks", ["CheckUpToDate"]],
  ])("counts as %s the events %j that it writes", (id, events) => {
    const written: unknown[] = [];
    const spy = jest.spyOn(console, "info").mockImplementation((line) => void written.push(line));
    for (const event of events) log(event);
    spy.mockRestore();
    // Lambda puts what is logged below `message`.
    const conditions = written.map((line) => `$.message.event = "${(line as { event: string }).event}"`);
    const pattern =
      conditions.length === 1 ? conditions[0] : conditions.map((one) => `(${one})`).join(" || ");
    expect(counted(id).pattern).toBe(`{ ${pattern} }`);
  });

  /** An alarm that goes off when its metric has counted nothing in two intervals. */
  const silentFor = (minutes: number) => ({
    comparison_operator: "LessThanThreshold",
    threshold: 1,
    statistic: "Sum",
    period: minutes * 60,
    evaluation_periods: 2,
    treat_missing_data: "breaching",
  });

  it.each([15, 59, 60, 90, 1440])(
    "has an alarm that goes off if no check succeeds in two intervals of %i minutes",
    (minutes) => {
      const { alarm, transformation } = counted("Checks", (map) => {
        map.guard!.checkTranscriptsEveryMinutes = minutes;
      });
      expect(alarm).toMatchObject(silentFor(minutes));
      expect(transformation).not.toHaveProperty("default_value");
      // See https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
      const longest = (minutes < 60 ? 1 : 7) * 24 * 60;
      expect(2 * minutes).toBeLessThanOrEqual(longest);
    },
  );

  it.each([15, 59, 60, 90, 1440])(
    "has an alarm that goes off if Lambda does not run it in two intervals of %i minutes",
    (minutes) => {
      const stack = guarded((map) => (map.guard!.checkTranscriptsEveryMinutes = minutes));
      // A metric that Lambda writes: lines in a log group count in the namespaces that their writer names, and AWS reserves
      // this one.
      expect(stack.the("aws_cloudwatch_metric_alarm", /GuardAlarms_IdleAlarm/)).toMatchObject({
        namespace: "AWS/Lambda",
        metric_name: "Invocations",
        dimensions: { FunctionName: NAMES.function },
        ...silentFor(minutes),
      });
    },
  );

  it("has no alarm for checks if it looks for nothing, and still one for what it refuses", () => {
    const { addresses } = guarded((map) => (map.guard!.checkTranscriptsEveryMinutes = null));
    expect(addresses.filter((address) => /GuardAlarms_\w+Alarm/.test(address))).toEqual([
      expect.stringMatching(/RefusedEventsAlarm/),
    ]);
  });

  it("has a table with a policy that lets nobody else write items", () => {
    const stack = guarded();
    const policy = stack.the("aws_dynamodb_resource_policy");
    expect(policy["resource_arn"]).toBe(`arn:aws:dynamodb:eu-central-1:444444444444:table/${NAMES.table}`);
    expect(JSON.parse(String(policy["policy"]))).toEqual(JSON.parse(JSON.stringify(guardTablePolicy(PLACE))));
    expect(stack.the("aws_cloudwatch_event_target", /^Guard_Schedule/)["depends_on"]).toContainEqual(
      expect.stringMatching(/^aws_dynamodb_resource_policy\./),
    );
  });
});

describe("the rule on sessions", () => {
  const matches = (event: object, allowed: string[] = []) =>
    matchesPattern(guardedSessions(allowed, PLACE), event);
  const { documentName } = (
    EVENTS.startedWithReasonAndDocument as { detail: { requestParameters: { documentName: string } } }
  ).detail.requestParameters;

  it("invokes the guard for a session with another document", () => {
    expect(matches(EVENTS.startedWithReasonAndDocument)).toBe(true);
  });

  it("leaves out a session with an allowed document", () => {
    expect(matches(EVENTS.startedWithReasonAndDocument, [documentName])).toBe(false);
  });

  const { detail } = EVENTS.startedWithReasonAndDocument as { detail: object };

  it("leaves out a session with another document that was refused", () => {
    const refused = { ...detail, errorCode: "AccessDenied", responseElements: null };
    expect(matches({ ...EVENTS.startedWithReasonAndDocument, detail: refused })).toBe(false);
  });

  it.each([{ account: "999999999999" }, { region: "eu-west-1" }])(
    "leaves out a session of another account or region: %j",
    (place) => expect(matches({ ...EVENTS.startedWithReasonAndDocument, ...place })).toBe(false),
  );

  it("leaves out a forged event of a session", () => {
    expect(matches({ ...EVENTS.startedWithReasonAndDocument, source: "acme.ssm" })).toBe(false);
  });

  it.each(["started", "denied", "notConnected", "resumed", "terminated", "athenaSession", "forged"] as const)(
    "leaves out: %s",
    (name) => expect(matches(EVENTS[name])).toBe(false),
  );
});

describe("changes to the guard", () => {
  const matches = (event: object, ignored: string[] = []) =>
    matchesPattern(guardTampering(NAMES, ignored), event);
  const arn = (service: string, rest: string) => `arn:aws:${service}:eu-central-1:444444444444:${rest}`;

  it.each<[string, string, object]>([
    ["lambda", "UpdateFunctionCode20150331v2", { functionName: NAMES.function }],
    [
      "lambda",
      "UpdateFunctionConfiguration20150331v2",
      { functionName: arn("lambda", `function:${NAMES.function}`) },
    ],
    ["lambda", "DeleteFunction20150331", { functionName: NAMES.function }],
    ["lambda", "PutFunctionConcurrency20171031", { functionName: NAMES.function }],
    ["lambda", "RemovePermission20150331v2", { functionName: NAMES.function }],
    ["lambda", "AddPermission20150331v2", { functionName: NAMES.function }],
    ["lambda", "UpdateFunctionCode20150331v2", { functionName: `${NAMES.function}:$LATEST` }],
    ["lambda", "PutRuntimeManagementConfig20210614", { functionName: NAMES.function }],
    ["lambda", "CreateEventSourceMapping20150331", { functionName: NAMES.function }],
    [
      "lambda",
      "UpdateEventSourceMapping20150331",
      { functionName: arn("lambda", `function:${NAMES.function}`) },
    ],
    ["dynamodb", "DeleteTable", { tableName: NAMES.table }],
    ["dynamodb", "PutResourcePolicy", { resourceArn: arn("dynamodb", `table/${NAMES.table}`) }],
    ["dynamodb", "DeleteResourcePolicy", { resourceArn: arn("dynamodb", `table/${NAMES.table}`) }],
    ["dynamodb", "UpdateContinuousBackups", { tableName: arn("dynamodb", `table/${NAMES.table}`) }],
    ["logs", "DeleteLogGroup", { logGroupName: NAMES.logGroup }],
    ["logs", "DeleteMetricFilter", { logGroupName: NAMES.logGroup }],
    ["logs", "PutRetentionPolicy", { logGroupName: NAMES.logGroup }],
    [
      "logs",
      "PutMetricFilter",
      { logGroupName: "/app", metricTransformations: [{ metricNamespace: NAMES.namespace }] },
    ],
    ...["AssociateKmsKey", "DisassociateKmsKey"].flatMap((eventName) =>
      [
        { logGroupName: NAMES.logGroup },
        { resourceIdentifier: NAMES.logGroup },
        { resourceIdentifier: arn("logs", `log-group:${NAMES.logGroup}`) },
        { resourceIdentifier: arn("logs", `log-group:${NAMES.logGroup}:*`) },
      ].map((named): [string, string, object] => ["logs", eventName, named]),
    ),
  ])("are reported: %s %s %j", (service, eventName, parameters) => {
    expect(matches(call(service, eventName, parameters))).toBe(true);
  });

  it.each<[string, string, object]>([
    ["lambda", "UpdateFunctionCode20150331v2", { functionName: "theirs" }],
    ["lambda", "PutRuntimeManagementConfig20210614", { functionName: "theirs" }],
    ["lambda", "CreateEventSourceMapping20150331", { functionName: "theirs" }],
    ["lambda", "GetFunction20150331v2", { functionName: NAMES.function }],
    ["dynamodb", "PutResourcePolicy", { resourceArn: arn("dynamodb", "table/theirs") }],
    ["dynamodb", "DeleteTable", { tableName: "theirs" }],
    ["logs", "DeleteLogGroup", { logGroupName: "/their/group" }],
    [
      "logs",
      "PutMetricFilter",
      { logGroupName: "/app", metricTransformations: [{ metricNamespace: "app" }] },
    ],
    ["logs", "AssociateKmsKey", { resourceIdentifier: arn("logs", "log-group:/their/group") }],
    ["logs", "DisassociateKmsKey", { resourceIdentifier: arn("logs", `log-group:${NAMES.logGroup}-2`) }],
  ])("are not reported: %s %s %j", (service, eventName, parameters) => {
    expect(matches(call(service, eventName, parameters))).toBe(false);
  });

  it("are not reported for roles whose changes are expected, and for everybody else", () => {
    const role = "arn:aws:iam::444444444444:role/operator";
    const change = call("lambda", "DeleteFunction20150331", { functionName: NAMES.function });
    expect(matches(change, [role])).toBe(false);
    expect(matches(change, ["arn:aws:iam::444444444444:role/other"])).toBe(true);
  });

  it("have their own rule in the security channel, in addition to the others", () => {
    const rule = guarded().the("aws_cloudwatch_event_rule", /^Security_Guard/);
    expect(rule["name"]).toBe("session-audit-acme-security-guard");
    expect(JSON.parse(String(rule["event_pattern"]))).toEqual(
      JSON.parse(JSON.stringify(guardTampering(NAMES, []))),
    );
  });
});
