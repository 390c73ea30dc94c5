import type { CloudTrailClient, LookupEventsCommandInput } from "@aws-sdk/client-cloudtrail";
import { whoChanged } from "../../fleet/who";
import type { PlannedStack } from "../../review/model";
import type { Json, PlanJson } from "../../review/plan-json";
import { checkMap } from "../../stacks/read-organization";
import exampleMap from "../fixtures/example-map";

const ORGANIZATION = checkMap(exampleMap, "map");
const ACCOUNT = "444444444444";
const GROUP = "/session-audit/acme/sessions";

/** A stack in which one object has drifted. */
const drifted = (type: string, before: Readonly<Record<string, Json>>): PlannedStack => ({
  id: "session-payments-eu-central-1",
  kind: "session",
  account: "payments",
  accountId: ACCOUNT,
  region: "eu-central-1",
  wave: "rest",
  plan: {
    format_version: "1.2",
    resource_changes: [
      {
        address: `${type}.It`,
        mode: "managed",
        type,
        name: "It",
        change: { actions: ["update"], before, after: before },
      },
    ],
  } satisfies PlanJson,
});

/** CloudTrail's record of a call. */
const call = (
  eventName: string,
  requestParameters: object,
  more: { eventTime?: string; who?: object; errorCode?: string; source?: string; readOnly?: boolean } = {},
) => {
  const { eventTime = "2026-11-26T10:00:00Z", who, errorCode, source = "logs", readOnly = false } = more;
  return {
    eventID: `${eventName} ${eventTime}`,
    eventName,
    eventTime,
    requestParameters,
    readOnly,
    eventSource: `${source}.amazonaws.com`,
    sourceIPAddress: "203.0.113.7",
    userIdentity: who ?? { type: "AssumedRole", arn: `arn:aws:sts::${ACCOUNT}:assumed-role/operator/alice` },
    ...(errorCode && { errorCode }),
  };
};
type Call = ReturnType<typeof call>;

/** A CloudTrail that has records. It finds them by the name of the call, and by no resource. */
function cloudTrail(records: readonly Call[], { pageSize = 50 } = {}) {
  const asked: string[] = [];
  const send = ({ input }: { input: LookupEventsCommandInput }) => {
    const [{ AttributeKey, AttributeValue }] = input.LookupAttributes as [
      { AttributeKey: string; AttributeValue: string },
    ];
    asked.push(`${AttributeKey} ${AttributeValue}`);
    const all = records.filter(
      ({ eventName }) => AttributeKey === "EventName" && eventName === AttributeValue,
    );
    const from = Number(input.NextToken ?? 0);
    return Promise.resolve({
      Events: all.slice(from, from + pageSize).map((record) => ({
        EventId: record.eventID,
        EventName: record.eventName,
        ReadOnly: String(record.readOnly),
        CloudTrailEvent: JSON.stringify(record),
      })),
      ...(from + pageSize < all.length && { NextToken: String(from + pageSize) }),
    });
  };
  return { asked, clientOf: () => Promise.resolve({ send } as unknown as CloudTrailClient) };
}

const LOG_GROUP = drifted("aws_cloudwatch_log_group", { name: GROUP, retention_in_days: 365 });
const told = async (records: readonly Call[], stack = LOG_GROUP) => {
  const [authors] = await whoChanged([stack], ORGANIZATION, cloudTrail(records));
  return authors!;
};

it("tells who changed an object, when, from where and by which call", async () => {
  const { calls, unknown, ...place } = await told([call("PutRetentionPolicy", { logGroupName: GROUP })]);
  expect(place).toEqual({
    stack: "session-payments-eu-central-1",
    address: "aws_cloudwatch_log_group.It",
    accountId: ACCOUNT,
    region: "eu-central-1",
  });
  expect({ calls, unknown }).toEqual({
    unknown: null,
    calls: [
      {
        event: "PutRetentionPolicy",
        source: "logs.amazonaws.com",
        at: "2026-11-26T10:00:00Z",
        by: "role operator, session alice",
        sourceIp: "203.0.113.7",
        arn: `arn:aws:sts::${ACCOUNT}:assumed-role/operator/alice`,
        eventId: "PutRetentionPolicy 2026-11-26T10:00:00Z",
      },
    ],
  });
});

it("tells the newest calls first, and three at most", async () => {
  const hours = ["08", "11", "09", "10"];
  const records = hours.map((hour) =>
    call("PutRetentionPolicy", { logGroupName: GROUP }, { eventTime: `2026-11-26T${hour}:00:00Z` }),
  );
  const { calls } = await told(records);
  expect(calls.map(({ at }) => at.slice(11, 13))).toEqual(["11", "10", "09"]);
});

it.each`
  who                                                                                            | words
  ${{ type: "IAMUser", arn: "arn:aws:iam::444444444444:user/ops/mallory", userName: "mallory" }} | ${"user mallory"}
  ${{ type: "Root", arn: "arn:aws:iam::444444444444:root" }}                                     | ${"the root user of the account"}
  ${{ type: "AWSService", invokedBy: "config.amazonaws.com" }}                                   | ${"the service config.amazonaws.com"}
  ${{}}                                                                                          | ${"somebody whom CloudTrail does not name"}
`("names $words", async ({ who, words }: { who: object; words: string }) => {
  const { calls } = await told([call("PutRetentionPolicy", { logGroupName: GROUP }, { who })]);
  expect(calls.map(({ by }) => by)).toEqual([words]);
});

it.each`
  what                                    | record
  ${"about another object"}               | ${call("PutRetentionPolicy", { logGroupName: `${GROUP}-2` })}
  ${"about an object with a longer name"} | ${call("PutRetentionPolicy", { logGroupName: `x${GROUP}` })}
  ${"that AWS has refused"}               | ${call("PutRetentionPolicy", { logGroupName: GROUP }, { errorCode: "AccessDenied" })}
  ${"that only reads"}                    | ${call("PutRetentionPolicy", { logGroupName: GROUP }, { readOnly: true })}
  ${"of another service"}                 | ${call("TagResource", { resourceArn: GROUP }, { source: "ssm" })}
`("leaves out a call $what", async ({ record }: { record: Call }) => {
  const { calls, unknown } = await told([record]);
  expect(calls).toEqual([]);
  expect(unknown).toMatch(/no call about the object .* in account 444444444444, eu-central-1/);
});

it.each`
  parameter                                                                         | type
  ${{ resourceArn: `arn:aws:logs:eu-central-1:444444444444:log-group:${GROUP}:*` }} | ${"an ARN"}
  ${{ nested: [{ group: GROUP }] }}                                                 | ${"a nested parameter"}
`("finds the object in $type", async ({ parameter }: { parameter: object }) => {
  expect((await told([call("TagResource", parameter)])).calls).toHaveLength(1);
});

it("does not take a call on the same role with another policy for the one that changed an attachment", async () => {
  const attachment = drifted("aws_iam_role_policy_attachment", {
    role: "app",
    policy_arn: "arn:aws:iam::aws:policy/A",
  });
  const detach = (policyArn: string) =>
    call("DetachRolePolicy", { roleName: "app", policyArn }, { source: "iam" });
  expect((await told([detach("arn:aws:iam::aws:policy/B")], attachment)).calls).toEqual([]);
  const { calls, region } = await told([detach("arn:aws:iam::aws:policy/A")], attachment);
  expect({ count: calls.length, region }).toEqual({ count: 1, region: "us-east-1" });
});

it("says that the newest call is the deployment's own", async () => {
  const who = {
    type: "AssumedRole",
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/session-audit-deploy/session-audit`,
  };
  const { calls, unknown } = await told([call("PutRetentionPolicy", { logGroupName: GROUP }, { who })]);
  expect(calls).toHaveLength(1);
  expect(unknown).toMatch(/^The newest call is one of the role that deploys/);
});

it("says that CloudTrail has refused the question, and why", async () => {
  const refused = Object.assign(new Error("no identity-based policy allows it"), {
    name: "AccessDeniedException",
  });
  const clientOf = () =>
    Promise.resolve({ send: () => Promise.reject(refused) } as unknown as CloudTrailClient);
  const [authors] = await whoChanged([LOG_GROUP], ORGANIZATION, { clientOf });
  expect(authors).toMatchObject({
    calls: [],
    unknown:
      "CloudTrail could not be asked in account 444444444444, eu-central-1: AccessDeniedException: no identity-based policy allows it",
  });
});

it("says of a type that it does not know so, and asks nothing", async () => {
  const { asked, clientOf } = cloudTrail([]);
  const [authors] = await whoChanged([drifted("aws_instance", { id: "i-1" })], ORGANIZATION, { clientOf });
  expect({ asked, unknown: authors!.unknown }).toEqual({
    asked: [],
    unknown: "session-audit does not know the calls that change aws_instance.",
  });
});

it("asks each question once for all objects of an account and region, and stops after four pages", async () => {
  const others = Array.from({ length: 9 }, (_, index) =>
    call("PutRetentionPolicy", { logGroupName: `/${index}` }),
  );
  const { asked, clientOf } = cloudTrail(others, { pageSize: 2 });
  const [authors] = await whoChanged([LOG_GROUP, LOG_GROUP], ORGANIZATION, { clientOf });
  expect(asked.filter((question) => question === "EventName PutRetentionPolicy")).toHaveLength(4);
  expect(asked.filter((question) => question === `ResourceName ${GROUP}`)).toHaveLength(1);
  expect(authors!.unknown).toMatch(/among the newest calls of the last 90 days/);
});

it("ends with a Ctrl-C", async () => {
  const { clientOf } = cloudTrail([]);
  const signal = AbortSignal.abort(new Error("interrupted"));
  await expect(whoChanged([LOG_GROUP], ORGANIZATION, { clientOf, signal })).rejects.toThrow("interrupted");
});
