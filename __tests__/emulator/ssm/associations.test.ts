import { associations } from "../../../emulator/ssm/associations";
import type { AwsError, AwsRequest } from "../../../emulator/gateway/protocol";
import type { Identities } from "../../../emulator/clients/identities";

const identities = {
  of: async (accessKeyId: string) => ({ accountId: accessKeyId }),
} as unknown as Identities;
const handle = associations(identities, async (_account, _region, name) => name !== "Missing");

const ONE = "111111111111";
const OTHER = "222222222222";

async function call<T = Record<string, unknown>>(operation: string, parameters: object, accessKeyId = ONE) {
  const request = {
    service: "ssm",
    protocol: "json",
    operation,
    region: "eu-west-1",
    accessKeyId,
    body: Buffer.from(JSON.stringify(parameters)),
  } as unknown as AwsRequest;
  const answer = await handle(request);
  return answer && (JSON.parse(answer.body) as T);
}

interface Description {
  AssociationDescription: Record<string, unknown> & { AssociationId: string };
}

const GOOD = {
  Name: "AWS-UpdateSSMAgent",
  AssociationName: "agent",
  Targets: [{ Key: "InstanceIds", Values: ["*"] }],
  ScheduleExpression: "rate(14 days)",
  MaxErrors: "10%",
  MaxConcurrency: "10%",
  ComplianceSeverity: "HIGH",
};
const create = async (more: object = {}, account = ONE) =>
  (await call<Description>("CreateAssociation", { ...GOOD, ...more }, account))!.AssociationDescription;

it("an association is created, described, listed and deleted", async () => {
  const { AssociationId } = await create({ Tags: [{ Key: "a", Value: "b" }] }, OTHER);
  const described = await call<Description>("DescribeAssociation", { AssociationId }, OTHER);
  expect(described!.AssociationDescription).toMatchObject({
    ...GOOD,
    AssociationId,
    AssociationVersion: "1",
    DocumentVersion: "$DEFAULT",
  });
  expect(described!.AssociationDescription).not.toHaveProperty("Tags");
  expect(await call("ListAssociations", {}, OTHER)).toMatchObject({ Associations: [{ AssociationId }] });
  await call("DeleteAssociation", { AssociationId }, OTHER);
  await expect(call("DescribeAssociation", { AssociationId }, OTHER)).rejects.toMatchObject({
    code: "AssociationDoesNotExist",
  });
});

it("another account does not see it", async () => {
  const { AssociationId } = await create();
  await expect(call("DeleteAssociation", { AssociationId }, OTHER)).rejects.toMatchObject({
    code: "AssociationDoesNotExist",
  });
});

it("an update makes a new version, without the settings that it leaves out", async () => {
  const { AssociationId } = await create();
  await call("UpdateAssociation", { AssociationId, ScheduleExpression: "rate(7 days)" });
  const after = (await call<Description>("DescribeAssociation", { AssociationId }))!.AssociationDescription;
  expect(after).toMatchObject({
    ScheduleExpression: "rate(7 days)",
    AssociationVersion: "2",
    Name: GOOD.Name,
  });
  expect(after).not.toHaveProperty("MaxErrors");
});

it("its tags are kept apart from other tags of Systems Manager", async () => {
  const { AssociationId: ResourceId } = await create({ Tags: [{ Key: "a", Value: "b" }] });
  const about = { ResourceType: "Association", ResourceId };
  await call("AddTagsToResource", { ...about, Tags: [{ Key: "c", Value: "d" }] });
  await call("RemoveTagsFromResource", { ...about, TagKeys: ["a"] });
  expect(await call("ListTagsForResource", about)).toEqual({ TagList: [{ Key: "c", Value: "d" }] });
  expect(await call("ListTagsForResource", { ResourceType: "Document", ResourceId: "x" })).toBeUndefined();
  await expect(call("ListTagsForResource", { ...about, ResourceId: "x" })).rejects.toMatchObject({
    code: "InvalidResourceId",
  });
});

it.each<[string, object, string]>([
  ["a document that does not exist", { Name: "Missing" }, "InvalidDocument"],
  ["an instance in place of targets", { InstanceId: "i-0123456789abcdef0" }, "InvalidDocument"],
  ["no targets", { Targets: [] }, "InvalidTarget"],
  ["a target by name", { Targets: [{ Key: "Name", Values: ["web"] }] }, "InvalidTarget"],
  ["a star for a tag", { Targets: [{ Key: "tag:Stage", Values: ["*"] }] }, "InvalidTarget"],
  ["a target without values", { Targets: [{ Key: "tag:Stage", Values: [] }] }, "InvalidTarget"],
  ["six targets", { Targets: Array(6).fill({ Key: "tag:a", Values: ["b"] }) }, "ValidationException"],
  ["a schedule each minute", { ScheduleExpression: "rate(1 minute)" }, "InvalidSchedule"],
  ["waiting for a rate", { ApplyOnlyAtCronInterval: true }, "ValidationException"],
  ["a name with spaces", { AssociationName: "my agent" }, "ValidationException"],
  ["no concurrency", { MaxConcurrency: "0" }, "ValidationException"],
  ["more than all errors", { MaxErrors: "101%" }, "ValidationException"],
  ["a severity of its own", { ComplianceSeverity: "SEVERE" }, "ValidationException"],
])("refuses %s", async (_, more, code) => {
  const failure = (await create(more).catch((error: AwsError) => error)) as AwsError;
  expect(failure.code).toBe(code);
});

it("leaves other calls to moto", async () => {
  expect(await call("DescribeDocument", { Name: "x" })).toBeUndefined();
  expect(await call("DescribeAssociationExecutions", {})).toBeUndefined();
});
