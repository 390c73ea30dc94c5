import type { EventSelector, Trail } from "@aws-sdk/client-cloudtrail";
import type { AccountClients } from "../../../emulator/clients/account-clients";
import { isRecorded } from "../../../emulator/events/trails";

const ACCOUNT = "222222222222";
const [HOME, REGION] = ["eu-central-1", "us-east-1"];

interface Known extends Trail {
  readonly logs: boolean;
  readonly selectors?: readonly EventSelector[];
}

/** Clients of an account whose trails are at home in one region, which alone knows their state and their selectors. */
function accountsWith(trails: readonly Known[]): AccountClients {
  const of = (region: string, name: string | undefined) => {
    if (region !== HOME) throw new Error("TrailNotFoundException");
    return trails.find(({ Name }) => Name === name)!;
  };
  const answer = (region: string, operation: string, input: { Name?: string; TrailName?: string }) => {
    switch (operation) {
      case "DescribeTrailsCommand":
        return { trailList: trails };
      case "GetTrailStatusCommand":
        return { IsLogging: of(region, input.Name).logs };
      case "GetEventSelectorsCommand":
        return { EventSelectors: of(region, input.TrailName).selectors };
      default:
        throw new Error(`${operation} is not expected`);
    }
  };
  const client = (region: string) => ({
    send: (command: { input: { Name?: string; TrailName?: string } }) =>
      Promise.resolve(answer(region, command.constructor.name, command.input)),
  });
  return {
    in: (_account: string, region: string) => Promise.resolve({ cloudtrail: client(region) }),
  } as unknown as AccountClients;
}

const trail = (more: Partial<Known> = {}): Known => ({
  Name: "audit",
  HomeRegion: HOME,
  logs: true,
  ...more,
});
const WRITE = { eventSource: "ssm.amazonaws.com", eventName: "UpdateDocument" };
const READ = { eventSource: "ssm.amazonaws.com", eventName: "GetDocument", readOnly: true };
const objects = [{ Type: "AWS::S3::Object", Values: ["arn:aws:s3"] }];

it.each`
  trails                                                                                        | write    | read
  ${[]}                                                                                         | ${false} | ${false}
  ${[trail({ logs: false })]}                                                                   | ${false} | ${false}
  ${[trail()]}                                                                                  | ${true}  | ${true}
  ${[trail({ selectors: [{}] })]}                                                               | ${true}  | ${true}
  ${[trail({ selectors: [{ ReadWriteType: "WriteOnly" }] })]}                                   | ${true}  | ${false}
  ${[trail({ selectors: [{ ReadWriteType: "ReadOnly" }] })]}                                    | ${false} | ${true}
  ${[trail({ selectors: [{ IncludeManagementEvents: false, DataResources: objects }] })]}       | ${false} | ${false}
  ${[trail({ selectors: [{ ExcludeManagementEventSources: ["kms.amazonaws.com"] }] })]}         | ${true}  | ${true}
  ${[trail({ selectors: [{ ReadWriteType: "ReadOnly" }] }), trail({ Name: "second" })]}         | ${true}  | ${true}
  ${[trail({ selectors: [{ ReadWriteType: "ReadOnly" }] }), trail({ Name: "x", logs: false })]} | ${false} | ${true}
`("EventBridge receives calls that change ($write) and read ($read) by $trails", async (row) => {
  const accounts = accountsWith(row.trails as readonly Known[]);
  expect(await isRecorded(accounts, ACCOUNT, REGION, WRITE)).toBe(row.write);
  expect(await isRecorded(accounts, ACCOUNT, REGION, READ)).toBe(row.read);
});
