import { chosenBy } from "../../../fleet/report/filters";
import { SELECTORS } from "../../../report/chain/gaps";

it("the header of a report names what chose its targets, and what chose its sessions", () => {
  const selectors = { wave: ["canary"], account: ["a", "b"], region: ["eu-west-1"], kind: ["session"] };
  const chosen = chosenBy(["acme-*"], selectors, { owner: "alice", status: undefined } as { owner: string });
  expect(chosen).toEqual({
    stack: "acme-*",
    wave: "canary",
    account: "a, b",
    region: "eu-west-1",
    kind: "session",
    owner: "alice",
  });
});

it("a chain knows the names of all options that choose targets", () => {
  const one = ["x"];
  const chosen = chosenBy(one, { wave: one, account: one, region: one, kind: one }, {});
  expect(Object.keys(chosen).sort()).toEqual([...SELECTORS].sort());
});

it("the header of a report of everything names nothing", () => {
  expect(chosenBy([], {}, {})).toEqual({});
});
