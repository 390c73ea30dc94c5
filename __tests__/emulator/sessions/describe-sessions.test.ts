import { newSessionId, Sessions, type Session } from "../../../emulator/sessions/sessions";
import { describeSessions } from "../../../emulator/sessions/session-api";

const DAY = 24 * 3600 * 1000;
const ago = (days: number) => new Date(Date.now() - days * DAY);
const session = (more: Partial<Session>): Session => ({
  accountId: "111111111111",
  region: "eu-west-1",
  sessionId: "alice-1",
  target: "i-1",
  owner: "arn:alice",
  ownerUserId: "AROA:alice",
  documentName: "SSM-SessionManagerRunShell",
  reason: undefined,
  startDate: ago(0),
  status: "Terminated",
  ...more,
});
const ids = (sessions: readonly Session[], request: object) =>
  (
    describeSessions(sessions, { State: "History", ...request }) as { Sessions: { SessionId: string }[] }
  ).Sessions.map(({ SessionId }) => SessionId);

describe("DescribeSessions", () => {
  const all = [
    session({ sessionId: "a", startDate: ago(1) }),
    session({ sessionId: "b", startDate: ago(3), target: "i-2", owner: "arn:bob" }),
    session({ sessionId: "c", status: "Connected" }),
    session({ sessionId: "d", startDate: ago(4), status: "Failed" }),
  ];

  it.each`
    state        | filters                                                    | expected
    ${"Active"}  | ${[]}                                                      | ${["c"]}
    ${"History"} | ${[]}                                                      | ${["a", "b", "d"]}
    ${"History"} | ${[{ key: "Target", value: "i-2" }]}                       | ${["b"]}
    ${"History"} | ${[{ key: "Owner", value: "arn:bob" }]}                    | ${["b"]}
    ${"History"} | ${[{ key: "Status", value: "Failed" }]}                    | ${["d"]}
    ${"History"} | ${[{ key: "SessionId", value: "a" }]}                      | ${["a"]}
    ${"History"} | ${[{ key: "AccessType", value: "JustInTime" }]}            | ${[]}
    ${"History"} | ${[{ key: "InvokedAfter", value: ago(2).toISOString() }]}  | ${["a"]}
    ${"History"} | ${[{ key: "InvokedBefore", value: ago(2).toISOString() }]} | ${["b", "d"]}
  `("returns $expected of $state with $filters", ({ state, filters, expected }) => {
    expect(ids(all, { State: state, Filters: filters })).toEqual(expected);
  });

  it("returns pages until no session is left", () => {
    const first = describeSessions(all, { State: "History", MaxResults: 2 }) as { NextToken?: string };
    expect(first.NextToken).toBeDefined();
    const second = describeSessions(all, { State: "History", MaxResults: 2, NextToken: first.NextToken });
    expect(second).toMatchObject({ Sessions: [{ SessionId: "d" }] });
    expect(second).not.toHaveProperty("NextToken");
  });

  it("returns no token with the last page", () => {
    expect(describeSessions(all, { State: "History", MaxResults: 3 })).not.toHaveProperty("NextToken");
  });

  it.each`
    request                                           | code
    ${{ State: undefined }}                           | ${"ValidationException"}
    ${{ MaxResults: 0 }}                              | ${"ValidationException"}
    ${{ MaxResults: 201 }}                            | ${"ValidationException"}
    ${{ NextToken: "x" }}                             | ${"InvalidNextToken"}
    ${{ Filters: [{ key: "Colour", value: "red" }] }} | ${"InvalidFilterKey"}
  `("refuses $request with $code", ({ request, code }) => {
    expect(() => ids(all, request)).toThrow(expect.objectContaining({ code }));
  });
});

describe("the sessions of an account and region", () => {
  it("forget what ended more than 30 days ago", () => {
    const sessions = new Sessions();
    sessions.add(session({ sessionId: "old", endDate: ago(31), startDate: ago(31) }));
    sessions.add(session({ sessionId: "recent", endDate: ago(29), startDate: ago(29) }));
    expect(sessions.in("111111111111", "eu-west-1").map(({ sessionId }) => sessionId)).toEqual(["recent"]);
  });

  it("are those of that account and region only", () => {
    const sessions = new Sessions();
    sessions.add(session({}));
    expect(sessions.in("111111111111", "eu-west-2")).toEqual([]);
    expect(sessions.in("222222222222", "eu-west-1")).toEqual([]);
  });

  it("keep the first end that they get", () => {
    const sessions = new Sessions();
    const ended = sessions.add(session({ status: "Connected" }));
    sessions.end(ended, ago(2), "Failed");
    sessions.end(ended);
    expect(ended).toMatchObject({ status: "Failed", endDate: expect.any(Date) });
  });

  it("have ids in the form of AWS", () => expect(newSessionId("bob")).toMatch(/^bob-[a-z2-7]{26}$/));
});
