import type { Identities } from "../../../emulator/clients/identities";
import type { AwsRequest } from "../../../emulator/gateway/protocol";
import { instanceInformation } from "../../../emulator/ssm/instance-information";
import { Instances } from "../../../emulator/ssm/instances";

const ACCOUNT = "111111111111";
const REGION = "eu-west-1";

/** Answers of an account with these nodes. */
function answering(...ids: readonly string[]) {
  const instances = new Instances();
  for (const instanceId of ids) {
    instances.register({ accountId: ACCOUNT, region: REGION, instanceId, instanceRoleName: "app-server" });
  }
  instances.register({
    accountId: "222222222222",
    region: REGION,
    instanceId: "i-elsewhere",
    instanceRoleName: "x",
  });
  const identities = { of: async () => ({ accountId: ACCOUNT }) } as unknown as Identities;
  const handle = instanceInformation(identities, instances);
  return async (parameters: object) => {
    const request = {
      service: "ssm",
      protocol: "json",
      operation: "DescribeInstanceInformation",
      region: REGION,
      accessKeyId: "AKIA",
      body: Buffer.from(JSON.stringify(parameters)),
    } as unknown as AwsRequest;
    const answer = (await handle(request)) as { body: string };
    return JSON.parse(answer.body) as {
      InstanceInformationList: { InstanceId: string; PlatformType: string; ResourceType: string }[];
      NextToken?: string;
    };
  };
}

it("lists the nodes of the caller's account alone, with their platform and kind", async () => {
  const { InstanceInformationList } = await answering("i-1", "mi-2")({});
  expect(InstanceInformationList).toMatchObject([
    { InstanceId: "i-1", PlatformType: "Linux", ResourceType: "EC2Instance" },
    { InstanceId: "mi-2", PlatformType: "Linux", ResourceType: "ManagedInstance" },
  ]);
});

it("answers page by page", async () => {
  const call = answering(...Array.from({ length: 12 }, (_, index) => `i-${index}`));
  const first = await call({ MaxResults: 5 });
  const second = await call({ MaxResults: 5, NextToken: first.NextToken });
  const third = await call({ MaxResults: 5, NextToken: second.NextToken });
  const pages = [first, second, third].map(({ InstanceInformationList }) => InstanceInformationList.length);
  expect(pages).toEqual([5, 5, 2]);
  expect(third.NextToken).toBeUndefined();
});

it.each([
  [{ MaxResults: 4 }, "MaxResults must be from 5 to 50"],
  [{ MaxResults: 51 }, "MaxResults must be from 5 to 50"],
  [{ NextToken: "x" }, "The NextToken is not valid"],
  [{ Filters: [{ Key: "PingStatus", Values: ["Online"] }] }, "no filters of nodes"],
])("refuses %j", async (parameters, words) => {
  await expect(answering("i-1")(parameters)).rejects.toThrow(words);
});
