import type { AdvancedFieldSelector } from "@aws-sdk/client-cloudtrail";
import { selects, type Selectors } from "../../../emulator/events/event-selectors";

const KEY = "arn:aws:s3:::sessions/a.log";
const data = (eventName: string, ARN = KEY) => ({
  eventSource: "s3.amazonaws.com",
  eventName,
  readOnly: eventName.startsWith("Get"),
  managementEvent: false,
  resources: [
    { type: "AWS::S3::Object", ARN },
    { type: "AWS::S3::Bucket", ARN: "arn:aws:s3:::sessions" },
  ],
});
const management = {
  eventSource: "ssm.amazonaws.com",
  eventName: "StartSession",
  readOnly: false,
  managementEvent: true,
};
const basic = (change: object = {}): Selectors => ({
  EventSelectors: [
    { DataResources: [{ Type: "AWS::S3::Object", Values: ["arn:aws:s3:::sessions/"] }], ...change },
  ],
});
const advanced = (...FieldSelectors: AdvancedFieldSelector[]): Selectors => ({
  AdvancedEventSelectors: [{ FieldSelectors }],
});
const DATA = { Field: "eventCategory", Equals: ["Data"] };
const OBJECTS = { Field: "resources.type", Equals: ["AWS::S3::Object"] };

it.each`
  trail                                   | selectors                                                                               | event                                        | expected
  ${"without selectors"}                  | ${{}}                                                                                   | ${management}                                | ${true}
  ${"without selectors"}                  | ${{}}                                                                                   | ${data("GetObject")}                         | ${false}
  ${"with a bucket"}                      | ${basic()}                                                                              | ${data("GetObject")}                         | ${true}
  ${"with a bucket"}                      | ${basic()}                                                                              | ${data("GetObject", "arn:aws:s3:::other/a")} | ${false}
  ${"with a bucket"}                      | ${basic()}                                                                              | ${management}                                | ${true}
  ${"with a bucket alone"}                | ${basic({ IncludeManagementEvents: false })}                                            | ${management}                                | ${false}
  ${"with all buckets"}                   | ${basic({ DataResources: [{ Type: "AWS::S3::Object", Values: ["arn:aws:s3"] }] })}      | ${data("GetObject")}                         | ${true}
  ${"with reads"}                         | ${basic({ ReadWriteType: "ReadOnly" })}                                                 | ${data("GetObject")}                         | ${true}
  ${"with reads"}                         | ${basic({ ReadWriteType: "ReadOnly" })}                                                 | ${data("PutObject")}                         | ${false}
  ${"with writes"}                        | ${basic({ ReadWriteType: "WriteOnly" })}                                                | ${data("GetObject")}                         | ${false}
  ${"without a service"}                  | ${basic({ ExcludeManagementEventSources: ["ssm.amazonaws.com"] })}                      | ${management}                                | ${false}
  ${"with advanced selectors"}            | ${advanced(DATA, OBJECTS)}                                                              | ${data("GetObject")}                         | ${true}
  ${"with advanced selectors"}            | ${advanced(DATA, OBJECTS)}                                                              | ${management}                                | ${false}
  ${"with an advanced prefix"}            | ${advanced(DATA, OBJECTS, { Field: "resources.ARN", StartsWith: ["arn:aws:s3:::x/"] })} | ${data("GetObject")}                         | ${false}
  ${"with an advanced exception"}         | ${advanced(DATA, OBJECTS, { Field: "resources.ARN", NotStartsWith: [KEY] })}            | ${data("GetObject")}                         | ${false}
  ${"with advanced reads"}                | ${advanced(DATA, { Field: "readOnly", Equals: ["true"] })}                              | ${data("PutObject")}                         | ${false}
  ${"with basic and older advanced ones"} | ${{ ...basic(), ...advanced({ Field: "eventCategory", Equals: ["Management"] }) }}      | ${data("GetObject")}                         | ${true}
`("a trail $trail records $event.eventName: $expected", ({ selectors, event, expected }) => {
  expect(selects(selectors as Selectors, event as Parameters<typeof selects>[1])).toBe(expected);
});

it("refuses a field that it does not know, in place of a guess", () => {
  expect(() => selects(advanced({ Field: "userIdentity.arn", Equals: ["x"] }), management)).toThrow(
    "The field userIdentity.arn of an advanced event selector is not emulated.",
  );
});
