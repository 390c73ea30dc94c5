import { fieldChanges } from "../../../fleet/adopt/fields";

const PLACE = {
  stack: "session-a-eu-central-1",
  account: "a",
  accountId: "111111111111",
  region: "eu-central-1",
};

/** What the stacks would write. */
const AFTER = {
  s3BucketName: "bucket",
  s3KeyPrefix: "sessions/111111111111/eu-central-1",
  s3EncryptionEnabled: true,
  cloudWatchLogGroupName: "group",
  cloudWatchEncryptionEnabled: true,
  cloudWatchStreamingEnabled: true,
  kmsKeyId: "alias/key",
  runAsEnabled: false,
  runAsDefaultUser: "",
  idleSessionTimeout: "20",
  maxSessionDuration: "720",
  shellProfile: { windows: "", linux: "" },
};
const content = (inputs: object, description = "d") =>
  JSON.stringify({ schemaVersion: "1.0", description, sessionType: "Standard_Stream", inputs });
/** The changes of a document that differs from what the stacks would write in some fields. */
const changesFrom = (inputs: object, after: object = {}) =>
  fieldChanges(content({ ...AFTER, ...inputs }), content({ ...AFTER, ...after }), PLACE)!;

it.each`
  field                            | before           | after                         | effect
  ${"s3BucketName"}                | ${"bucket"}      | ${""}                         | ${"weaker"}
  ${"s3BucketName"}                | ${""}            | ${"bucket"}                   | ${"stronger"}
  ${"s3BucketName"}                | ${"other"}       | ${"bucket"}                   | ${"other"}
  ${"s3KeyPrefix"}                 | ${"other"}       | ${"prefix"}                   | ${"other"}
  ${"s3EncryptionEnabled"}         | ${true}          | ${false}                      | ${"weaker"}
  ${"s3EncryptionEnabled"}         | ${false}         | ${true}                       | ${"stronger"}
  ${"cloudWatchLogGroupName"}      | ${"group"}       | ${""}                         | ${"weaker"}
  ${"cloudWatchLogGroupName"}      | ${undefined}     | ${"group"}                    | ${"stronger"}
  ${"cloudWatchEncryptionEnabled"} | ${true}          | ${false}                      | ${"weaker"}
  ${"cloudWatchStreamingEnabled"}  | ${undefined}     | ${true}                       | ${"stronger"}
  ${"cloudWatchStreamingEnabled"}  | ${"true"}        | ${true}                       | ${"neutral"}
  ${"kmsKeyId"}                    | ${"alias/key"}   | ${""}                         | ${"weaker"}
  ${"kmsKeyId"}                    | ${"alias/other"} | ${"alias/key"}                | ${"other"}
  ${"runAsEnabled"}                | ${true}          | ${false}                      | ${"weaker"}
  ${"runAsEnabled"}                | ${false}         | ${true}                       | ${"stronger"}
  ${"runAsEnabled"}                | ${undefined}     | ${false}                      | ${"neutral"}
  ${"runAsDefaultUser"}            | ${"audit"}       | ${"root"}                     | ${"weaker"}
  ${"runAsDefaultUser"}            | ${"audit"}       | ${"ops"}                      | ${"other"}
  ${"idleSessionTimeout"}          | ${"5"}           | ${"20"}                       | ${"weaker"}
  ${"idleSessionTimeout"}          | ${"60"}          | ${"20"}                       | ${"stronger"}
  ${"idleSessionTimeout"}          | ${undefined}     | ${"20"}                       | ${"neutral"}
  ${"idleSessionTimeout"}          | ${undefined}     | ${"60"}                       | ${"weaker"}
  ${"maxSessionDuration"}          | ${""}            | ${"720"}                      | ${"stronger"}
  ${"maxSessionDuration"}          | ${"60"}          | ${"720"}                      | ${"weaker"}
  ${"shellProfile"}                | ${undefined}     | ${{ windows: "", linux: "" }} | ${"neutral"}
  ${"unknownToUs"}                 | ${true}          | ${undefined}                  | ${"other"}
`("$field from $before to $after is $effect", ({ field, before, after, effect }) => {
  const name = field as string;
  const changes = changesFrom({ [name]: before as unknown }, { [name]: after as unknown });
  expect(changes.map(({ path, effect: found }) => [path, found])).toEqual([[`inputs.${name}`, effect]]);
});

it("judges each field alone, and says in the words of a review what gets weaker", () => {
  const changes = changesFrom({
    idleSessionTimeout: "5",
    s3BucketName: "",
    shellProfile: { windows: "", linux: "date" },
  });
  expect(changes.map(({ path, effect, why }) => [path, effect, why])).toEqual([
    [
      "inputs.idleSessionTimeout",
      "weaker",
      "Idle sessions in a, eu-central-1 end after 20 minutes instead of 5",
    ],
    ["inputs.s3BucketName", "stronger", null],
    [
      "inputs.shellProfile.linux",
      "other",
      "Each session on Linux in a, eu-central-1 begins with other commands: nothing (until now: date)",
    ],
  ]);
});

it("finds no change in a document that says the same in another order", () => {
  const { description, ...rest } = JSON.parse(content(AFTER)) as Record<string, unknown>;
  expect(fieldChanges(JSON.stringify({ ...rest, description }, null, 2), content(AFTER), PLACE)).toEqual([]);
});

it("calls another description neutral", () => {
  expect(fieldChanges(content(AFTER, "old"), content(AFTER), PLACE)).toMatchObject([
    { path: "description", effect: "neutral" },
  ]);
});

it.each(["schemaVersion: '1.0'", "[]", '"text"', ""])("compares nothing with %j", (before) => {
  expect(fieldChanges(before, content(AFTER), PLACE)).toBeNull();
});
