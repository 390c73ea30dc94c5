import { SettingsCache } from "../../../emulator/clients/settings-cache";
import type { AwsRequest } from "../../../emulator/gateway/protocol";
import { mutatingCalls } from "../../helpers/mutating-calls";

const PLACE = "eu-central-1 AKIAADMINISTRATOR";
const GET_ROLE = { service: "iam", operation: "GetRole", place: PLACE, input: { RoleName: "guard" } };

/** A cache, and what was asked of moto. */
function cacheThatCounts() {
  const cache = new SettingsCache();
  let asked = 0;
  const answer = (call = GET_ROLE) => cache.answer(call, () => Promise.resolve(++asked));
  return { cache, answer };
}

it("answers a read of a setting once for all", async () => {
  const { answer } = cacheThatCounts();
  expect(await Promise.all([answer(), answer()])).toEqual([1, 1]);
  expect(await answer()).toBe(1);
});

it.each([
  ["another operation", { operation: "ListRolePolicies" }],
  ["another place", { place: "eu-west-1 AKIAADMINISTRATOR" }],
  ["another input", { input: { RoleName: "other" } }],
])("asks for %s by itself", async (_, other) => {
  const { answer } = cacheThatCounts();
  await answer();
  expect(await answer({ ...GET_ROLE, ...other })).toBe(2);
});

it.each(["PutRolePolicy", "UpdateAssumeRolePolicy", "DetachRolePolicy", "DeleteRole", "TagRole"])(
  "asks again after a client's %s",
  async (operation) => {
    const { answer } = cacheThatCounts();
    await answer();
    await answer({ ...GET_ROLE, operation });
    expect(await answer()).toBe(3);
  },
);

it("asks again after a change that failed, because part of it may have been done", async () => {
  const { cache, answer } = cacheThatCounts();
  await answer();
  const failing = cache.answer({ ...GET_ROLE, operation: "DeleteRole" }, () =>
    Promise.reject(new Error("in use")),
  );
  await expect(failing).rejects.toThrow("in use");
  expect(await answer()).toBe(2);
});

it.each([
  ["iam", "PutRolePolicy", "again"],
  ["cloudformation", "CreateStack", "again"],
  ["iam", "GetRole", "once"],
  ["kms", "PutKeyPolicy", "once"],
  ["s3", "PUT /bucket/key", "once"],
])("when %s:%s has passed through the gateway, asks %s", async (service, operation, times) => {
  const { cache, answer } = cacheThatCounts();
  await answer();
  for (const observe of cache.room.observers!) observe({ service, operation } as AwsRequest)(200);
  expect(await answer()).toBe(times === "again" ? 2 : 1);
});

it("forgets an answer that was asked for before a change has ended", async () => {
  const { cache, answer } = cacheThatCounts();
  const [observe] = cache.room.observers!;
  const ended = observe!({ service: "iam", operation: "PutRolePolicy" } as AwsRequest);
  await answer();
  ended(200);
  expect(await answer()).toBe(2);
});

it.each([
  ["dynamodb", "GetResourcePolicy", "PutItem", "UpdateTable"],
  ["logs", "DescribeMetricFilters", "PutLogEvents", "PutMetricFilter"],
  ["sns", "GetTopicAttributes", "Publish", "SetTopicAttributes"],
  ["kms", "GetKeyPolicy", "GenerateDataKey", "DisableKey"],
  ["events", "ListTargetsByRule", "PutEvents", "RemoveTargets"],
])("of %s, keeps the answer to %s after %s, and not after %s", async (service, operation, data, change) => {
  const { cache, answer } = cacheThatCounts();
  const read = { ...GET_ROLE, service, operation };
  await answer(read);
  cache.note(service, data);
  expect(await answer(read)).toBe(1);
  cache.note(service, change);
  expect(await answer(read)).toBe(2);
});

it.each([
  ["sqs", "GetQueueAttributes"],
  ["ssm", "DescribeSessions"],
  ["logs", "DescribeLogStreams"],
])("never keeps what changes by itself: %s:%s", async (service, operation) => {
  const { answer } = cacheThatCounts();
  await answer({ ...GET_ROLE, service, operation });
  expect(await answer({ ...GET_ROLE, service, operation })).toBe(2);
});

it("asks again for what was not there", async () => {
  const { cache, answer } = cacheThatCounts();
  const absent = cache.answer(GET_ROLE, () => Promise.reject(new Error("NoSuchEntity")));
  await expect(absent).rejects.toThrow("NoSuchEntity");
  expect(await answer()).toBe(1);
});

it.each([
  [
    "dynamodb",
    ["BatchExecuteStatement", "BatchWriteItem", "DeleteItem", "PutItem", "UpdateItem"],
    { operation: "DescribeTable" },
  ],
  ["events", ["PutEvents"], { operation: "ListRules" }],
  ["iam", [], { operation: "GetRole" }],
  [
    "kms",
    [
      ...[
        "Decrypt",
        "Encrypt",
        "GenerateDataKey",
        "GenerateDataKeyPair",
        "GenerateDataKeyPairWithoutPlaintext",
      ],
      ...["GenerateDataKeyWithoutPlaintext", "ReEncrypt"],
    ],
    { operation: "GetKeyPolicy" },
  ],
  ["logs", ["CreateLogStream", "PutLogEvents"], { operation: "DescribeDestinations" }],
  ["sns", ["Publish", "PublishBatch"], { operation: "GetTopicAttributes" }],
])("asks %s again after every call that changes something but %j", async (service, data, { operation }) => {
  const { cache, answer } = cacheThatCounts();
  const read = { ...GET_ROLE, service, operation };
  const kept: string[] = [];
  for (const call of await mutatingCalls(service)) {
    const before = await answer(read);
    cache.note(service, call);
    if ((await answer(read)) === before) kept.push(call);
  }
  expect(kept.sort()).toEqual(data);
});
