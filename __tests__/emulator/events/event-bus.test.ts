import type { AccountClients } from "../../../emulator/clients/account-clients";
import type { DeadLetters } from "../../../emulator/events/dead-letters";
import { EventHistory } from "../../../emulator/events/event-history";
import { EventBus } from "../../../emulator/events/event-bus";
import type { Invocation } from "../../../emulator/events/target-input";
import type { TargetInvoker } from "../../../emulator/events/target-invoker";

const busOf = (account: string, name = "default", region = "eu-central-1") =>
  `arn:aws:events:${region}:${account}:event-bus/${name}`;

/** Buses by their ARN. Each has one rule, which sends every event to one target. */
function busesThat(hand: Readonly<Record<string, string>>) {
  const invoked: string[] = [];
  const accounts = {
    in: (account: string, region: string) => {
      const send = ({ input }: { input: { EventBusName: string; Rule?: string } }) => {
        const target = hand[busOf(account, input.EventBusName, region)];
        const rule = {
          Name: "all",
          Arn: `rule of ${account}`,
          State: "ENABLED",
          EventPattern: '{"source":["aws.ssm"]}',
        };
        return Promise.resolve({
          Rules: target === undefined ? [] : [rule],
          Targets: [{ Id: "x", Arn: target }],
        });
      };
      return Promise.resolve({ events: { send } });
    },
  };
  const targets = {
    invoke: ({ target }: Invocation) => {
      invoked.push(target.Arn!);
      return Promise.resolve(target.Arn!.includes(":event-bus/") ? { bus: target.Arn } : {});
    },
  };
  const bus = new EventBus(
    accounts as unknown as AccountClients,
    targets as unknown as TargetInvoker,
    {} as DeadLetters,
    () => true,
    new EventHistory(),
    { add: () => Promise.resolve() },
  );
  const put = () =>
    bus.put("222222222222", "eu-central-1", { eventSource: "ssm.amazonaws.com", eventName: "StartSession" });
  return { put, invoked };
}

const QUEUE = "arn:aws:sqs:us-east-1:999999999999:findings";

it("delivers an event to the rules of a bus in another account and region", async () => {
  const central = busOf("999999999999", "security", "us-east-1");
  const { put, invoked } = busesThat({ [busOf("222222222222")]: central, [central]: QUEUE });
  const made = await put();
  expect(invoked).toEqual([central, QUEUE]);
  expect(made).toMatchObject([
    { accountId: "222222222222", region: "eu-central-1", targetArn: central, outcome: "delivered" },
    { accountId: "999999999999", region: "us-east-1", targetArn: QUEUE, outcome: "delivered" },
  ]);
  expect(JSON.parse(made[1]!.message!)).toMatchObject({ account: "222222222222", region: "eu-central-1" });
});

it("does not forward the event to a third account", async () => {
  const [second, third] = [busOf("999999999999"), busOf("111111111111")];
  const { put, invoked } = busesThat({ [busOf("222222222222")]: second, [second]: third, [third]: QUEUE });
  expect((await put()).at(-1)).toMatchObject({ outcome: "lost", targetArn: third });
  expect(invoked).toEqual([second]);
});

it.each([
  ["another bus of the second account", busOf("999999999999"), busOf("999999999999", "security")],
  [
    "a third region of one account",
    busOf("222222222222", "default", "us-east-1"),
    busOf("222222222222", "x"),
  ],
  [
    "another account, out of another region",
    busOf("222222222222", "default", "us-east-1"),
    busOf("111111111111"),
  ],
])("does not forward the event a second time: to %s", async (_where, second, third) => {
  const { put, invoked } = busesThat({ [busOf("222222222222")]: second, [second]: third, [third]: QUEUE });
  expect((await put()).at(-1)).toMatchObject({
    outcome: "lost",
    targetArn: third,
    reason: expect.stringContaining("forwarded already") as string,
  });
  expect(invoked).toEqual([second]);
});
