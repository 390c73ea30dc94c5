import { matchesPattern } from "../../../emulator/patterns/event-pattern";

const event = {
  source: "aws.ssm",
  detail: {
    eventName: "StartSession",
    errorCode: null,
    count: 5,
    ip: "10.1.2.3",
    dryRun: false,
    empty: [],
    tags: ["prod", "web"],
    requestParameters: { target: "i-0abc", documentName: "AWS-StartSSHSession" },
    resources: [
      { type: "key", id: "1" },
      { type: "topic", id: "2" },
    ],
  },
};
const detail = (pattern: object) => matchesPattern({ detail: pattern }, event);

describe("an event pattern", () => {
  it.each`
    what                             | pattern                                                                          | matches
    ${"a value"}                     | ${{ eventName: ["StartSession"] }}                                               | ${true}
    ${"one of several values"}       | ${{ eventName: ["ResumeSession", "StartSession"] }}                              | ${true}
    ${"another value"}               | ${{ eventName: ["ResumeSession"] }}                                              | ${false}
    ${"a value in other case"}       | ${{ eventName: ["startsession"] }}                                               | ${false}
    ${"every field"}                 | ${{ eventName: ["StartSession"], count: [6] }}                                   | ${false}
    ${"null"}                        | ${{ errorCode: [null] }}                                                         | ${true}
    ${"null for another value"}      | ${{ eventName: [null] }}                                                         | ${false}
    ${"null for an absent field"}    | ${{ absent: [null] }}                                                            | ${false}
    ${"false"}                       | ${{ dryRun: [false] }}                                                           | ${true}
    ${"a number, not its text"}      | ${{ count: ["5"] }}                                                              | ${false}
    ${"a nested field"}              | ${{ requestParameters: { target: ["i-0abc"] } }}                                 | ${true}
    ${"a field of an absent object"} | ${{ nothing: { target: ["i-0abc"] } }}                                           | ${false}
    ${"an element of a list"}        | ${{ tags: ["web"] }}                                                             | ${true}
    ${"no element of a list"}        | ${{ tags: ["db"] }}                                                              | ${false}
    ${"one object of a list"}        | ${{ resources: { type: ["topic"], id: ["2"] } }}                                 | ${true}
    ${"fields of different objects"} | ${{ resources: { type: ["topic"], id: ["1"] } }}                                 | ${false}
    ${"exists"}                      | ${{ eventName: [{ exists: true }] }}                                             | ${true}
    ${"exists of an absent field"}   | ${{ absent: [{ exists: true }] }}                                                | ${false}
    ${"exists of null"}              | ${{ errorCode: [{ exists: true }] }}                                             | ${true}
    ${"exists of an object"}         | ${{ requestParameters: [{ exists: true }] }}                                     | ${false}
    ${"not exists"}                  | ${{ absent: [{ exists: false }] }}                                               | ${true}
    ${"not exists of a field"}       | ${{ eventName: [{ exists: false }] }}                                            | ${false}
    ${"not exists under an absent"}  | ${{ nothing: { target: [{ exists: false }] } }}                                  | ${true}
    ${"not exists of an empty list"} | ${{ empty: [{ exists: false }] }}                                                | ${true}
    ${"prefix"}                      | ${{ eventName: [{ prefix: "Start" }] }}                                          | ${true}
    ${"another prefix"}              | ${{ eventName: [{ prefix: "start" }] }}                                          | ${false}
    ${"prefix without case"}         | ${{ eventName: [{ prefix: { "equals-ignore-case": "start" } }] }}                | ${true}
    ${"prefix of null"}              | ${{ errorCode: [{ prefix: "" }] }}                                               | ${false}
    ${"suffix"}                      | ${{ eventName: [{ suffix: "Session" }] }}                                        | ${true}
    ${"another suffix"}              | ${{ eventName: [{ suffix: "Start" }] }}                                          | ${false}
    ${"suffix without case"}         | ${{ eventName: [{ suffix: { "equals-ignore-case": "SESSION" } }] }}              | ${true}
    ${"equals without case"}         | ${{ eventName: [{ "equals-ignore-case": "STARTSESSION" }] }}                     | ${true}
    ${"equals without case, longer"} | ${{ eventName: [{ "equals-ignore-case": "STARTSESSIONS" }] }}                    | ${false}
    ${"anything but a value"}        | ${{ eventName: [{ "anything-but": "ResumeSession" }] }}                          | ${true}
    ${"anything but its value"}      | ${{ eventName: [{ "anything-but": "StartSession" }] }}                           | ${false}
    ${"anything but a list"}         | ${{ eventName: [{ "anything-but": ["A", "StartSession"] }] }}                    | ${false}
    ${"anything but, absent"}        | ${{ absent: [{ "anything-but": "x" }] }}                                         | ${false}
    ${"anything but a number"}       | ${{ count: [{ "anything-but": [1, 2] }] }}                                       | ${true}
    ${"anything but a prefix"}       | ${{ eventName: [{ "anything-but": { prefix: "Start" } }] }}                      | ${false}
    ${"anything but another prefix"} | ${{ eventName: [{ "anything-but": { prefix: "Stop" } }] }}                       | ${true}
    ${"anything but prefixes"}       | ${{ eventName: [{ "anything-but": { prefix: ["X", "Start"] } }] }}               | ${false}
    ${"anything but a wildcard"}     | ${{ eventName: [{ "anything-but": { wildcard: "St*n" } }] }}                     | ${false}
    ${"anything but, without case"}  | ${{ eventName: [{ "anything-but": { "equals-ignore-case": "startsession" } }] }} | ${false}
    ${"wildcard"}                    | ${{ requestParameters: { documentName: [{ wildcard: "AWS-*Session" }] } }}       | ${true}
    ${"another wildcard"}            | ${{ requestParameters: { documentName: [{ wildcard: "AWS-*Port*" }] } }}         | ${false}
    ${"an escaped wildcard"}         | ${{ eventName: [{ wildcard: "Start\\*" }] }}                                     | ${false}
    ${"a dot in a wildcard"}         | ${{ ip: [{ wildcard: "10.1.2.?" }] }}                                            | ${false}
    ${"a number in a range"}         | ${{ count: [{ numeric: [">", 0, "<=", 5] }] }}                                   | ${true}
    ${"a number out of a range"}     | ${{ count: [{ numeric: [">", 0, "<", 5] }] }}                                    | ${false}
    ${"a number for a text"}         | ${{ eventName: [{ numeric: ["=", 5] }] }}                                        | ${false}
    ${"an address in a block"}       | ${{ ip: [{ cidr: "10.1.0.0/16" }] }}                                             | ${true}
    ${"an address out of a block"}   | ${{ ip: [{ cidr: "10.2.0.0/16" }] }}                                             | ${false}
    ${"a text that is no address"}   | ${{ eventName: [{ cidr: "10.2.0.0/16" }] }}                                      | ${false}
    ${"one alternative"}             | ${{ $or: [{ count: [6] }, { eventName: ["StartSession"] }] }}                    | ${true}
    ${"no alternative"}              | ${{ $or: [{ count: [6] }, { eventName: ["x"] }] }}                               | ${false}
    ${"an alternative and a field"}  | ${{ $or: [{ count: [5] }, { count: [6] }], eventName: ["x"] }}                   | ${false}
  `("with $what: $matches", ({ pattern, matches }) => {
    expect(detail(pattern)).toBe(matches);
  });

  it.each`
    mistake                      | pattern                                          | text
    ${"a value without a list"}  | ${{ eventName: "StartSession" }}                 | ${"$.detail.eventName"}
    ${"an empty list"}           | ${{ eventName: [] }}                             | ${"matches nothing"}
    ${"an empty object"}         | ${{ requestParameters: {} }}                     | ${"$.detail.requestParameters"}
    ${"an unknown operator"}     | ${{ eventName: [{ begins: "x" }] }}              | ${"begins"}
    ${"two operators in one"}    | ${{ eventName: [{ prefix: "x", suffix: "y" }] }} | ${"one operator"}
    ${"a number for a prefix"}   | ${{ eventName: [{ prefix: 5 }] }}                | ${"not a text"}
    ${"exists with a text"}      | ${{ eventName: [{ exists: "true" }] }}           | ${"true or false"}
    ${"an odd numeric"}          | ${{ count: [{ numeric: [">"] }] }}               | ${"numeric"}
    ${"a mistake inside of $or"} | ${{ $or: [{ count: 5 }, { count: [6] }] }}       | ${"$or[0].count"}
    ${"a single alternative"}    | ${{ $or: [{ count: [5] }] }}                     | ${"fewer than two"}
    ${"no alternative"}          | ${{ $or: [] }}                                   | ${"fewer than two"}
  `("is refused with $mistake", ({ pattern, text }) => {
    expect(() => detail(pattern)).toThrow(text);
  });
});
