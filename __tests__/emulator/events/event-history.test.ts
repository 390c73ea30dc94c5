import { EventHistory } from "../../../emulator/events/event-history";

const [ACCOUNT, REGION] = ["444444444444", "eu-central-1"];
const second = (count: number) => `2026-11-26T10:00:${String(count).padStart(2, "0")}Z`;
const at = (count: number) => Date.parse(second(count)) / 1000;

/** A history with one event in each of some seconds. */
function historyOf(count: number): EventHistory {
  const history = new EventHistory();
  for (let index = 0; index < count; index++) {
    const isOdd = index % 2 === 1;
    history.add(ACCOUNT, REGION, {
      eventID: `event-${index}`,
      eventName: isOdd ? "PutBucketPolicy" : "PutRetentionPolicy",
      eventSource: isOdd ? "s3.amazonaws.com" : "logs.amazonaws.com",
      eventTime: second(index),
      readOnly: false,
      userIdentity: {
        arn: `arn:aws:sts::${ACCOUNT}:assumed-role/operator/${isOdd ? "alice" : "bob"}`,
        accessKeyId: isOdd ? "ASIAALICE" : "ASIABOB",
      },
      requestParameters: isOdd ? { bucketName: "transcripts" } : { logGroupName: "/sessions" },
    });
  }
  return history;
}
const lookup = (
  history: EventHistory,
  parameters: Parameters<EventHistory["lookup"]>[2] = {},
  region = REGION,
) => history.lookup(ACCOUNT, region, parameters);
const by = (AttributeKey: string, AttributeValue: string) => ({
  LookupAttributes: [{ AttributeKey, AttributeValue }],
});
const ids = ({ Events }: ReturnType<EventHistory["lookup"]>) => Events.map(({ EventId }) => EventId);

it.each`
  attribute         | value                   | expected
  ${"EventId"}      | ${"event-1"}            | ${["event-1"]}
  ${"EventName"}    | ${"PutBucketPolicy"}    | ${["event-3", "event-1"]}
  ${"EventSource"}  | ${"logs.amazonaws.com"} | ${["event-2", "event-0"]}
  ${"ReadOnly"}     | ${"true"}               | ${[]}
  ${"ReadOnly"}     | ${"false"}              | ${["event-3", "event-2", "event-1", "event-0"]}
  ${"Username"}     | ${"bob"}                | ${["event-2", "event-0"]}
  ${"AccessKeyId"}  | ${"ASIAALICE"}          | ${["event-3", "event-1"]}
  ${"ResourceName"} | ${"transcripts"}        | ${["event-3", "event-1"]}
  ${"ResourceName"} | ${"/sessions"}          | ${[]}
  ${"ResourceType"} | ${"AWS::S3::Bucket"}    | ${["event-3", "event-1"]}
`("finds events, newest first, by $attribute $value", ({ attribute, value, expected }) => {
  expect(ids(lookup(historyOf(4), by(attribute as string, value as string)))).toEqual(expected);
});

it("finds the events of a time range, both ends included", () => {
  expect(ids(lookup(historyOf(4), { StartTime: at(1), EndTime: at(2) }))).toEqual(["event-2", "event-1"]);
});

it("keeps accounts and regions apart", () => {
  expect(ids(lookup(historyOf(4), {}, "us-east-1"))).toEqual([]);
});

it("returns pages, which new events do not shift", () => {
  const history = historyOf(5);
  const first = lookup(history, { MaxResults: 2 });
  history.add(ACCOUNT, REGION, {
    eventID: "new",
    eventName: "PutRule",
    eventSource: "events.amazonaws.com",
    eventTime: second(9),
  });
  const next = lookup(history, { MaxResults: 2, NextToken: first.NextToken! });
  const third = lookup(history, { MaxResults: 2, NextToken: next.NextToken! });
  expect([first, next, third].map(ids)).toEqual([
    ["event-4", "event-3"],
    ["event-2", "event-1"],
    ["event-0"],
  ]);
  expect(third.NextToken).toBeUndefined();
});

it("has no Insights events", () => {
  expect(ids(lookup(historyOf(2), { EventCategory: "insight" }))).toEqual([]);
});

it.each`
  what                              | parameters                                                                                               | code
  ${"two attributes"}               | ${{ LookupAttributes: [by("EventId", "x"), by("EventId", "y")].flatMap((one) => one.LookupAttributes) }} | ${"InvalidLookupAttributesException"}
  ${"an attribute that is none"}    | ${by("Region", "eu-central-1")}                                                                          | ${"InvalidLookupAttributesException"}
  ${"an attribute without a value"} | ${by("EventName", "")}                                                                                   | ${"InvalidLookupAttributesException"}
  ${"no results"}                   | ${{ MaxResults: 0 }}                                                                                     | ${"InvalidMaxResultsException"}
  ${"too many results"}             | ${{ MaxResults: 51 }}                                                                                    | ${"InvalidMaxResultsException"}
  ${"an end before the start"}      | ${{ StartTime: at(2), EndTime: at(1) }}                                                                  | ${"InvalidTimeRangeException"}
  ${"an unknown category"}          | ${{ EventCategory: "management" }}                                                                       | ${"InvalidEventCategoryException"}
  ${"a token of another lookup"}    | ${{ ...by("Username", "bob"), MaxResults: 1, NextToken: "x" }}                                           | ${"InvalidNextTokenException"}
`("refuses $what", ({ parameters, code }) => {
  expect(() => lookup(historyOf(4), parameters as object)).toThrow(
    expect.objectContaining({ code }) as Error,
  );
});
