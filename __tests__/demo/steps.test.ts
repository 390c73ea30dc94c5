import { rolloutOf, stepsOf } from "../../demo/steps";
import { stacksOf } from "../../stacks/stack-graph";
import { checkMap } from "../../stacks/read-organization";
import exampleMap from "../fixtures/example-map";
import { GUARDRAILS } from "../stacks/policies/guardrails/helpers";

const example = checkMap(exampleMap, "map");
const guarded = checkMap({ ...exampleMap, guardrails: GUARDRAILS }, "map");
const ids = (stacks: readonly { id: string }[]) => stacks.map(({ id }) => id);

it("deploys archives and accounts first, then the sessions of each wave", () => {
  const { shared, waves, last } = rolloutOf(example, stacksOf(example));
  expect(ids(shared)).toEqual([
    ...["archive-eu-central-1", "archive-us-east-1", "account-log-archive"],
    ...["account-sandbox", "account-storefront", "account-payments"],
  ]);
  expect([...waves].map(([wave, stacks]) => [wave, ids(stacks)])).toEqual([
    ["canary", ["session-sandbox-eu-central-1"]],
    ["early", ["session-storefront-us-east-1"]],
    ["rest", ["session-payments-eu-central-1", "session-payments-us-east-1"]],
  ]);
  expect(last).toEqual([]);
});

it.each([
  ["the example", example],
  ["a map with guardrails", guarded],
])("deploys each stack of %s once, after all its dependencies", (_, organization) => {
  const stacks = stacksOf(organization);
  const { shared, waves, last } = rolloutOf(organization, stacks);
  const order = ids([...shared, ...[...waves.values()].flat(), ...last]);
  expect([...order].sort()).toEqual(ids(stacks).sort());
  for (const { id, dependsOn } of stacks) {
    for (const before of dependsOn) expect(order.indexOf(before)).toBeLessThan(order.indexOf(id));
  }
});

it("has a step for each group of stacks, and for each part of the final report", () => {
  expect(stepsOf(guarded, stacksOf(guarded)).map(({ id }) => id)).toEqual([
    ...["tools", "start", "shared", "wave canary", "wave early", "wave rest"],
    ...["last", "check", "security", "guard", "report"],
  ]);
});

it("has no steps for features that the map does not use", () => {
  const plain = checkMap(
    {
      organization: { name: "solo" },
      state: { backend: "local", directory: "state" },
      deployment: { mode: "ambient" },
      trail: "none",
      notifications: { activity: { enabled: false }, security: { enabled: false } },
      accounts: { web: { id: "555555555555", homeRegion: "eu-west-1", regions: ["eu-west-1"], wave: "all" } },
      waves: ["all"],
    },
    "map",
  );
  expect(stepsOf(plain, stacksOf(plain)).map(({ id }) => id)).toEqual([
    ...["tools", "start", "shared", "wave all", "check", "report"],
  ]);
});
