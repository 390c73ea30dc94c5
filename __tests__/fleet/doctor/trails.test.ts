import {
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  type CloudTrailClient,
} from "@aws-sdk/client-cloudtrail";
import { readTrails } from "../../../fleet/doctor/read/trails";

/** What CloudTrail refuses, as the AWS SDK throws it. */
const refusal = Object.assign(new Error("no"), { name: "AccessDenied", $metadata: { httpStatusCode: 403 } });

/** Trails that log, read from a CloudTrail whose only trail has selectors of its own. */
const trailsWith = (selectors: () => Promise<object>) =>
  readTrails(
    {
      send: (command: unknown) => {
        if (command instanceof GetEventSelectorsCommand) return selectors();
        if (command instanceof DescribeTrailsCommand) {
          const trail = { Name: "t", IsMultiRegionTrail: true, HasCustomEventSelectors: true };
          return Promise.resolve({ trailList: [trail] });
        }
        return Promise.resolve({ IsLogging: true });
      },
    } as unknown as CloudTrailClient,
    "eu-west-1",
  );

it.each([
  [false, false],
  [true, true],
])("reads of a trail whose management events are %s that it records writes: %s", async (managed, records) => {
  const selectors = { EventSelectors: [{ IncludeManagementEvents: managed, ReadWriteType: "All" }] };
  expect(await trailsWith(() => Promise.resolve(selectors))).toMatchObject([
    { name: "t", status: { seen: { logging: true } }, recordsWrites: { seen: records } },
  ]);
});

it("says that it has not looked at selectors which CloudTrail refuses to show", async () => {
  expect(await trailsWith(() => Promise.reject(refusal))).toMatchObject([
    {
      status: { seen: { logging: true } },
      recordsWrites: { unseen: expect.stringContaining("no") as string },
    },
  ]);
});
