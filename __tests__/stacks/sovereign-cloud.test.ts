import { exampleWith, synthesize } from "../helpers/synth";

const REGION = "eusc-de-east-1";

/** The example map in the European Sovereign Cloud, in a region of today and one that is newer than this program. */
const map = exampleWith((m) => {
  const text = JSON.stringify(m)
    .replaceAll("arn:aws:", "arn:aws-eusc:")
    .replaceAll("eu-central-1", REGION)
    .replaceAll("us-east-1", "eusc-de-west-9");
  Object.assign(m, JSON.parse(text), { newRegions: ["eusc-de-west-9"] });
  for (const channel of [m.notifications?.activity, m.notifications?.security]) delete channel?.chat;
  m.guard = { enabled: true };
});
const stacks = synthesize(map);
const texts = [...stacks.values()].map((stack) => [stack.id, JSON.stringify(stack.json)] as const);

it("a map of the European Sovereign Cloud becomes stacks in both regions", () => {
  expect([...stacks.keys()]).toEqual(
    expect.arrayContaining([`session-payments-${REGION}`, "session-payments-eusc-de-west-9"]),
  );
});

it.each([...stacks.values()])("$id requires an AWS provider that accepts ARNs of the partition", (stack) => {
  expect(stack.json.terraform.required_providers.aws).toMatchObject({ version: "~> 6.29" });
});

it.each(texts)("%s names only ARNs of the partition aws-eusc", (_, text) => {
  const named = [...text.matchAll(/arn:(aws[a-z-]*):/g)].map(([, partition]) => partition);
  expect(new Set(named)).toEqual(new Set(["aws-eusc"]));
});

it.each(texts)("%s names service principals under amazonaws.com", (_, text) => {
  const principals = [...text.matchAll(/\\"Service\\":\\"([^"\\]+)/g)].map(([, principal]) => principal!);
  expect(principals.filter((principal) => !principal.endsWith(".amazonaws.com"))).toEqual([]);
});

it.each(texts)("%s names no console of another partition", (_, text) => {
  const consoles = [...text.matchAll(/https:\/\/[a-z0-9-]+\.console\.([a-z.-]+)/g)].map(([, host]) => host);
  expect(consoles.filter((host) => host !== "amazonaws-eusc.eu")).toEqual([]);
});

it.each([
  [`session-payments-${REGION}`, `logs.${REGION}.amazonaws.com`],
  [`session-payments-${REGION}`, `https://${REGION}.console.amazonaws-eusc.eu/systems-manager/`],
  [`archive-${REGION}`, `s3.${REGION}.amazonaws.eu`],
])("%s names %s", (id, name) => {
  expect(texts.find((text) => text[0] === id)![1].includes(name)).toBe(true);
});
