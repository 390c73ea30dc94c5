import { sameFailures, withoutCredentials } from "../../review/failures";
import { html } from "../../review/render/html";
import { json } from "../../review/render/json";
import { markdown } from "../../review/render/markdown";
import { text } from "../../review/render/text";
import { reviewOf } from "../../review/review";
import { ORIGIN, planOf, stackOf } from "../helpers/plans";

const failed = (account: string, accountId: string, failure: string) =>
  stackOf(null, { id: `session-${account}-eu-central-1`, account, accountId, failure });
const denied = (accountId: string, request: string) =>
  `Error: cannot assume arn:aws:iam::${accountId}:role/plan\nStatusCode: 403, RequestID: ${request}, AccessDenied`;
const SAME = [
  failed("sandbox", "222222222222", denied("222222222222", "1b2c3d4e-0000-4000-8000-000000000001")),
  failed("payments", "444444444444", denied("444444444444", "1b2c3d4e-0000-4000-8000-000000000002")),
];

it("puts failures together that differ in names of the stacks and ids of requests", () => {
  const other = failed("orders", "555555555555", "Error: another");
  expect(
    sameFailures([other, ...SAME]).map(({ message, stacks }) => [
      message.split("\n")[0],
      stacks.map(({ account }) => account),
    ]),
  ).toEqual([
    ["Error: cannot assume arn:aws:iam::222222222222:role/plan", ["sandbox", "payments"]],
    ["Error: another", ["orders"]],
  ]);
});

it("puts failures together that Terraform found at other lines, or whose lines it breaks elsewhere", () => {
  const at = (line: number, text: string) =>
    `Error: no role\n\n  on cdk.tf.json line ${line}, in provider.aws[0]:\n  ${line}:       }\n\n${text}`;
  const same = [
    failed("sandbox", "222222222222", at(55, "It cannot be\nassumed.")),
    failed("payments", "444444444444", at(58, "It cannot be assumed.")),
  ];
  expect(sameFailures(same)).toHaveLength(1);
});

it("takes an error that a stack has with both of its providers for one", () => {
  const error = (provider: string) =>
    `Error: no role\n\n  with provider["aws"]${provider},\n\nIt cannot be assumed.`;
  const same = [
    failed("sandbox", "222222222222", `${error("")}\n\n${error(".global")}`),
    failed("payments", "444444444444", error("")),
  ];
  expect(sameFailures(same)).toHaveLength(1);
});

it("keeps failures apart that differ in something else", () => {
  const more = failed("orders", "555555555555", `${denied("555555555555", "x")} and more`);
  expect(sameFailures([...SAME, more])).toHaveLength(2);
  const at = (address: string) => failed("x", "666666666666", `Error: no\n\n  with ${address},\n`);
  expect(sameFailures([at("aws_kms_key.A"), at("aws_kms_key.B")])).toHaveLength(2);
});

it.each([
  ["a terminal", (review: Parameters<typeof text>[0]) => text(review)],
  ["Markdown", (review: Parameters<typeof text>[0]) => markdown(review, { limit: 65_536 })],
])("says an identical message once in %s", (_, render) => {
  const shown = render(reviewOf(SAME, ORIGIN));
  expect(shown.split("StatusCode: 403")).toHaveLength(2);
});

it("has one entry for an identical message in HTML", () => {
  expect(html(reviewOf(SAME, ORIGIN)).match(/<details id="failure-\d+"/g)).toHaveLength(1);
});

const TOKEN = `eyJhbGciOiJSUzI1NiJ9.${"abc".repeat(9)}.c2lnbmF0dXJl`;
it.each`
  what                         | message                                                        | expected
  ${"a web identity token"}    | ${`InvalidIdentityToken: ${TOKEN} is expired`}                 | ${"InvalidIdentityToken: (sensitive) is expired"}
  ${"a signature in a URL"}    | ${"GET https://s3/x?X-Amz-Signature=abcdef0123&a=b"}           | ${"GET https://s3/x?X-Amz-Signature=(sensitive)&a=b"}
  ${"a signature in a header"} | ${"Authorization: SignedHeaders=host, Signature=abcdef012345"} | ${"Authorization: SignedHeaders=host, Signature=(sensitive)"}
  ${"a secret key"}            | ${'aws_secret_access_key = "wJalrXUtnFEMI/K7MDENG"'}           | ${'aws_secret_access_key = "(sensitive)"'}
  ${"a session token"}         | ${"session_token: FwoGZXIvYXdzEJr, region"}                    | ${"session_token: (sensitive), region"}
  ${"a password in a URL"}     | ${"proxy http://user:hunter22@proxy:3128 refused"}             | ${"proxy http://user:(sensitive)@proxy:3128 refused"}
  ${"nothing"}                 | ${"Error: reading KMS Key (arn:aws:kms:eu-central-1:1:key/2)"} | ${"Error: reading KMS Key (arn:aws:kms:eu-central-1:1:key/2)"}
`("hides $what", ({ message, expected }: Record<string, string>) => {
  expect(withoutCredentials(message!)).toBe(expected);
});

it("hides in a failure what the plan of any stack marks as sensitive, whichever comes first", () => {
  const secret = {
    type: "aws_sns_topic",
    before: null,
    after: { name: "correct-horse" },
    sensitive: { name: true },
  };
  const plan = stackOf(planOf([secret]));
  const failure = failed("sandbox", "222222222222", "Error: creating correct-horse: refused");
  for (const stacks of [
    [failure, plan],
    [plan, failure],
  ]) {
    const shown = json(reviewOf(stacks, ORIGIN));
    expect(shown).not.toContain("correct-horse");
    expect(shown).toContain("Error: creating (sensitive): refused");
  }
});
