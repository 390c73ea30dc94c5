import type { Change } from "../../review/model";
import { reviewOf } from "../../review/review";
import { recorded } from "../fixtures/plans/trim";
import { ORIGIN, planOf, stackOf, type Planned } from "../helpers/plans";

const review = reviewOf(recorded("kinds"), ORIGIN);
const changes = new Map(review.groups.map(({ change }) => [`${change.kind} ${change.address}`, change]));
const the = (key: string): Change => {
  const change = changes.get(key);
  if (change === undefined) throw new Error(`no ${key} among ${[...changes.keys()].join(", ")}`);
  return change;
};
const known = (value: string) => ({ is: "known", value });

describe("a recorded plan with every kind of action has", () => {
  it("what is read during the apply, and why", () => {
    expect(the("read data.aws_sns_topic.later")).toMatchObject({
      reason: "it reads what this plan changes",
      attributes: [],
    });
  });

  it("a replacement that destroys first, and what forces it", () => {
    expect(the("replace aws_sns_topic.replaced")).toMatchObject({
      replacement: "destroy-before-create",
      reason: "AWS cannot change it in place: name",
      attributes: [
        {
          path: "name",
          before: known("kinds-replaced"),
          after: known("kinds-replaced-again"),
          forcesReplacement: true,
        },
      ],
    });
  });

  it("a replacement that creates first", () => {
    expect(the("replace aws_sns_topic.replaced_first")).toMatchObject({
      replacement: "create-before-destroy",
    });
  });

  it("replacements that nothing of the object itself forces", () => {
    expect(the("replace aws_sns_topic.requested")).toMatchObject({
      reason: "the plan was made with -replace",
      attributes: [],
    });
    expect(the("replace aws_sns_topic.triggered")).toMatchObject({
      reason: "an object changes on which it depends (replace_triggered_by)",
    });
  });

  it.each([
    ["aws_sns_topic.deleted", "the configuration no longer has it"],
    ["aws_sns_topic.counted[1]", "the count of the configuration is smaller now"],
    ['aws_sns_topic.each["b"]', "the configuration no longer has its key in for_each"],
    ["aws_s3_bucket.full", "an interrupted replacement has left it behind"],
  ])("the destruction of %s, because %s", (address, reason) => {
    expect(the(`delete ${address}`)).toMatchObject({ reason });
  });

  it("an object that is only moved, with its former address", () => {
    expect(the("move aws_sns_topic.new_name")).toMatchObject({
      previousAddress: "aws_sns_topic.old_name",
      attributes: [],
    });
  });

  it("an object that is moved and changes", () => {
    expect(the("update aws_sns_topic.new_and_changed")).toMatchObject({
      previousAddress: "aws_sns_topic.old_and_changed",
      attributes: [{ path: "display_name", before: known("before"), after: known("after") }],
    });
  });

  it("an object that is only imported, with its id", () => {
    expect(the("import aws_sns_topic.imported")).toMatchObject({
      importId: "arn:aws:sns:{region}:{accountId}:kinds-imported",
      attributes: [],
    });
  });

  it("an object that is imported and changes", () => {
    expect(the("import aws_sns_topic.imported_and_changed").attributes.map(({ path }) => path)).toEqual([
      "display_name",
    ]);
  });

  it("an object that Terraform forgets", () => {
    expect(the("forget aws_sns_topic.forgotten").attributes).toMatchObject([
      { path: "name", before: known("kinds-forgotten"), after: { is: "absent" } },
    ]);
  });

  it("values that are known only after the apply", () => {
    expect(the("create aws_sns_topic_policy.created").attributes).toContainEqual({
      path: "arn",
      before: { is: "absent" },
      after: { is: "unknown" },
      forcesReplacement: false,
    });
    expect(the("create output.unknown").attributes).toMatchObject([
      { path: "value", after: { is: "unknown" } },
    ]);
  });

  it("outputs that change, and no others", () => {
    expect([...changes.keys()].filter((key) => key.includes("output.")).sort()).toEqual([
      "create output.unknown",
      "delete output.removed",
      "update output.nested",
      "update output.secret",
    ]);
  });

  it("no object that stays as it is", () => {
    expect([...changes.keys()].filter((key) => /unchanged|counted\[0\]|"a"/.test(key))).toEqual([]);
  });

  it("numbers as Terraform counts them: an object that is imported or moved and changes counts twice", () => {
    expect(review.totals).toEqual({
      create: 3,
      update: 6,
      replace: 6,
      delete: 4,
      import: 2,
      move: 2,
      forget: 1,
    });
  });
});

const changeOf = (planned: Planned) =>
  reviewOf([stackOf(planOf([planned]))], ORIGIN).groups.map(({ change }) => change);
const topic: Planned = { type: "aws_sns_topic", before: { name: "a" }, after: { name: "b" } };

it("takes an object that is created anew while the old one is forgotten for two changes", () => {
  const changes = changeOf({ ...topic, actions: ["create", "forget"] });
  expect(changes.map(({ kind }) => kind)).toEqual(["create", "forget"]);
});

it("keeps the id of an import that replaces the object", () => {
  const more = { change: { importing: { id: "x" } } };
  expect(changeOf({ ...topic, actions: ["delete", "create"], more })).toMatchObject([
    { kind: "replace", importId: "x" },
  ]);
});

it("shows a reason that it does not know as Terraform has written it", () => {
  const more = { action_reason: "replace_because_of_the_moon" };
  expect(changeOf({ ...topic, actions: ["delete", "create"], more })).toMatchObject([
    { reason: "replace_because_of_the_moon" },
  ]);
});

it("shows an attribute within a path that forces the replacement as forcing it", () => {
  const planned: Planned = {
    type: "aws_dynamodb_table",
    before: { attribute: [{ name: "id", type: "S" }] },
    after: { attribute: [{ name: "id", type: "N" }] },
    actions: ["delete", "create"],
    more: { change: { replace_paths: [["attribute"]] } },
  };
  expect(changeOf(planned)[0]!.attributes).toMatchObject([
    { path: "attribute[0].type", forcesReplacement: true },
  ]);
});

describe("a document in an attribute", () => {
  const attributes = (type: string, before: object | null, after: object) =>
    changeOf({
      type,
      before: before === null ? null : { policy: JSON.stringify(before) },
      after: { policy: JSON.stringify(after) },
    })[0]!.attributes;
  const statement = (Action: string) => ({
    Statement: [{ Effect: "Allow", Principal: "*", Action, Resource: "*" }],
  });

  it("is compared as a policy if it is one", () => {
    expect(attributes("aws_s3_bucket_policy", statement("s3:GetObject"), statement("s3:*"))).toMatchObject([
      { path: "policy", meaning: { kind: "policy", direction: "wider" } },
    ]);
  });

  it("is compared field by field if it is none", () => {
    expect(attributes("aws_x", { a: 1, b: 2 }, { a: 1, b: 3 })).toMatchObject([
      { meaning: { kind: "document", fields: [{ path: "b" }] } },
    ]);
  });

  it("is compared as the policy of an endpoint, where no policy means full access", () => {
    expect(attributes("aws_vpc_endpoint", statement("s3:GetObject"), statement("s3:*"))).toMatchObject([
      { meaning: { direction: "wider" } },
    ]);
  });

  it("is not repeated field by field if it is new", () => {
    expect(attributes("aws_x", null, { a: 1 })[0]).not.toHaveProperty("meaning");
  });
});

it.each([
  ["new-account", "import aws_ssm_document.Preferences", "SSM-SessionManagerRunShell"],
  ["account-renamed", "import aws_ssm_document.Preferences", "SSM-SessionManagerRunShell"],
])("the recorded plans of %s import the preferences that exist", (scenario, key, importId) => {
  const { groups } = reviewOf(recorded(scenario), ORIGIN);
  const change = groups
    .map((group) => group.change)
    .find(({ kind, address }) => `${kind} ${address}` === key);
  expect(change).toMatchObject({ importId });
});

it("the recorded plans of an account that joins an archive forget its bucket", () => {
  const { groups } = reviewOf(recorded("archive-joined"), ORIGIN);
  const forgotten = groups.filter(({ change }) => change.kind === "forget");
  expect(forgotten).toHaveLength(16);
  expect(forgotten.map(({ change }) => change.address)).toContain("aws_s3_bucket.Transcripts");
});
