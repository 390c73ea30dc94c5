import { claimsOf } from "../../../report/replay/claims";

const event = (change: object = {}) => ({
  timestamp: 0,
  message: JSON.stringify({
    eventVersion: "1.0",
    eventTime: "2026-11-24T09:00:01Z",
    awsRegion: "eu-west-1",
    target: { id: "i-1" },
    userIdentity: { arn: "arn:aws:sts::1:assumed-role/operator/alice" },
    runAsUser: "ssm-user",
    sessionId: "alice-1",
    sessionData: ["$ ls"],
    ...change,
  }),
});
const OWN = { sessionId: "alice-1", instance: "i-1", owner: "arn:aws:sts::1:assumed-role/operator/alice" };
const NOTHING = { sessionId: null, instance: null, owner: null };

it("has one claim for all events that say the same", () => {
  expect(claimsOf([event(), event({ eventTime: "2026-11-24T09:00:02Z" })])).toEqual([{ ...OWN, events: 2 }]);
});

it("tells apart what other events say", () => {
  expect(claimsOf([event(), event({ target: { id: "i-2" } }), event()])).toEqual([
    { ...OWN, events: 2 },
    { ...OWN, instance: "i-2", events: 1 },
  ]);
});

it.each([
  ["plain text", "$ ls"],
  ["JSON that no agent writes", JSON.stringify({ sessionId: "alice-1" })],
  ["JSON that is not whole", event().message.slice(0, -1)],
  ["values that are no text", event({ target: ["i-1"], userIdentity: null, sessionId: 7 }).message],
])("takes from %s that it names nobody", (_, message) => {
  expect(claimsOf([{ timestamp: 0, message }])).toEqual([{ ...NOTHING, events: 1 }]);
});

it("keeps no more claims than a reader needs, whatever a forger writes", () => {
  const events = Array.from({ length: 1_000 }, (_, index) => event({ sessionId: `s${index}` }));
  expect(claimsOf(events)).toHaveLength(20);
});
