import { namesOf, shown, templateOf } from "../../review/placeholders";
import { planOf, stackOf } from "../helpers/plans";

const KEY = "0a1b2c3d-1111-2222-3333-444455556666";
const OTHER = "ffffffff-1111-2222-3333-444455556666";
const key = (id: string, name: string) => ({
  type: "aws_kms_key",
  name,
  before: { key_id: id, arn: `arn:aws:kms:eu-central-1:444444444444:key/${id}` },
  after: {},
});
const stack = stackOf(planOf([key(KEY, "A"), key(OTHER, "B")]));
const template = templateOf(namesOf(stack, stack.plan));
const text = (value: string) => shown(template(value));

it.each([
  ["the account id", "arn:aws:iam::444444444444:root", "arn:aws:iam::{accountId}:root"],
  ["the account id in the name of a bucket", "audit-444444444444-x", "audit-{accountId}-x"],
  ["the region", "s3.eu-central-1.amazonaws.com", "s3.{region}.amazonaws.com"],
  [
    "the region in the name of a bucket",
    "audit-444444444444-eu-central-1-copy",
    "audit-{accountId}-{region}-copy",
  ],
  [
    "the account's name where it stands alone",
    "Sessions of payments in eu-central-1",
    "Sessions of {account} in {region}",
  ],
  ["the id of the stack", "in session-payments-eu-central-1.", "in {stack}."],
  ["a generated id", `key/${KEY}`, "key/{id}"],
  ["several generated ids by their order", `${OTHER} ${KEY} ${OTHER}`, "{id} {id2} {id}"],
  ["the revision of the preferences", "kept (revision 76e15ae2c504)", "kept (revision {revision})"],
])("puts a placeholder in place of %s", (_what, value, expected) => {
  expect(text(value)).toBe(expected);
});

it.each([
  ["another account", "arn:aws:iam::555555555555:root"],
  ["a longer number", "94444444444441"],
  ["another region", "eu-central-2"],
  ["a longer region", "eu-central-10"],
  ["the account's name within a word", "payments-api and prepayments"],
  ["an id that the stack did not have", "99999999-1111-2222-3333-444455556666"],
])("leaves %s", (_what, value) => {
  expect(text(value)).toBe(value);
});

it("changes nothing in what is a template already", () => {
  const once = template("444444444444 in eu-central-1");
  expect(template(once)).toBe(once);
});

it("does not take the word {account} in a value for the account", () => {
  expect(template("{account}")).not.toBe(template("payments"));
  expect(text("{account}")).toBe("{account}");
});

it("keeps JSON valid", () => {
  const value = { a: 'payments "in" eu-central-1\n', b: ["444444444444"] };
  expect(JSON.parse(text(JSON.stringify(value)))).toEqual({
    a: '{account} "in" {region}\n',
    b: ["{accountId}"],
  });
});

it("takes a name with characters of regular expressions as it is", () => {
  const odd = { ...stack, account: "a.b", id: "session-a.b" };
  expect(shown(templateOf(namesOf(odd, null))("a.b axb"))).toBe("{account} axb");
});
