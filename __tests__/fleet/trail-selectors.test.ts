import type { CloudTrailClient, GetEventSelectorsCommandOutput, Trail } from "@aws-sdk/client-cloudtrail";
import { recordsWrites } from "../../fleet/trail-selectors";

type Selectors = Pick<GetEventSelectorsCommandOutput, "EventSelectors" | "AdvancedEventSelectors">;
const of = (selectors: Selectors, trail: Partial<Trail> = {}) => {
  const send = (): Promise<Selectors> => Promise.resolve(selectors);
  return recordsWrites({ send } as unknown as CloudTrailClient, {
    Name: "t",
    HasCustomEventSelectors: true,
    ...trail,
  });
};
const basic = (selector: object): Selectors => ({ EventSelectors: [selector] });
const advanced = (...fields: [string, string][]): Selectors => ({
  AdvancedEventSelectors: [{ FieldSelectors: fields.map(([Field, value]) => ({ Field, Equals: [value] })) }],
});

it.each<[what: string, selectors: Selectors, records: boolean]>([
  ["all management events", basic({ IncludeManagementEvents: true, ReadWriteType: "All" }), true],
  [
    "management events that write",
    basic({ IncludeManagementEvents: true, ReadWriteType: "WriteOnly" }),
    true,
  ],
  ["management events that read", basic({ IncludeManagementEvents: true, ReadWriteType: "ReadOnly" }), false],
  ["data events", basic({ IncludeManagementEvents: false, ReadWriteType: "All" }), false],
  ["management events in advanced selectors", advanced(["eventCategory", "Management"]), true],
  [
    "management events that write in advanced selectors",
    advanced(["eventCategory", "Management"], ["readOnly", "false"]),
    true,
  ],
  [
    "management events that read in advanced selectors",
    advanced(["eventCategory", "Management"], ["readOnly", "true"]),
    false,
  ],
  ["data events in advanced selectors", advanced(["eventCategory", "Data"]), false],
  ["nothing", {}, false],
])("of a trail with %s, says whether it records writes", async (_what, selectors, records) => {
  expect(await of(selectors)).toBe(records);
});

it("asks nothing of a trail without selectors of its own, which records all management events", async () => {
  expect(await of({}, { HasCustomEventSelectors: false })).toBe(true);
});
