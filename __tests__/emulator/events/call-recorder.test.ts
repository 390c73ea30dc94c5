import { CallRecorder } from "../../../emulator/events/call-recorder";
import { EventHistory } from "../../../emulator/events/event-history";
import type { EventBus } from "../../../emulator/events/event-bus";
import type { Identities } from "../../../emulator/clients/identities";

const ACCOUNT = "444444444444";

/** The region of the bus at which the event of a call arrives, and the region in its record. */
async function arrival(service: string, region: string): Promise<string[]> {
  const arrived: string[] = [];
  const identities = {
    of: () =>
      Promise.resolve({
        arn: `arn:aws:sts::${ACCOUNT}:assumed-role/operator/alice`,
        userId: "AROA:alice",
        accountId: ACCOUNT,
      }),
  } as unknown as Identities;
  const bus = {
    put: (_account: string, to: string, { awsRegion }: { awsRegion: string }) => {
      arrived.push(to, awsRegion);
      return Promise.resolve([]);
    },
  } as unknown as EventBus;
  const recorder = new CallRecorder(identities, bus, new EventHistory(), () => true);
  recorder.note({ eventName: "PutRolePolicy", requestParameters: {} }, { accessKeyId: "x", region, service });
  await recorder.settled();
  return arrived;
}

it.each`
  service  | region              | expected
  ${"iam"} | ${"eu-central-1"}   | ${"us-east-1"}
  ${"iam"} | ${"us-gov-east-1"}  | ${"us-gov-west-1"}
  ${"iam"} | ${"cn-northwest-1"} | ${"cn-north-1"}
  ${"ssm"} | ${"eu-central-1"}   | ${"eu-central-1"}
`(
  "a call of $service from $region is recorded in $expected",
  async ({ service, region, expected }: Record<string, string>) => {
    expect(await arrival(service!, region!)).toEqual([expected, expected]);
  },
);
