import { findersOf, mask } from "../../../emulator/logs/masking-policy";

const managed = (name: string) => `arn:aws:dataprotection::aws:data-identifier/${name}`;
const policy = (identifiers: readonly string[], more: object = {}) => ({
  Version: "2021-06-01",
  Statement: [
    { DataIdentifier: identifiers, Operation: { Audit: { FindingsDestination: {} } } },
    { DataIdentifier: identifiers, Operation: { Deidentify: { MaskConfig: {} } } },
  ],
  ...more,
});
const custom = (Name: string, Regex: string) => ({
  Configuration: { CustomDataIdentifier: [{ Name, Regex }] },
});
const KEY = "wJalrXUtnFEMIaK7MDENGabPxRfiCYEXAMPLEKEY";

it.each<[string, string[], string, string]>([
  [
    "a secret key behind its name",
    ["AwsSecretKey"],
    `aws_secret_access_key = ${KEY}`,
    `aws_secret_access_key = ${"*".repeat(40)}`,
  ],
  ["not 40 characters without a keyword", ["AwsSecretKey"], `commit ${KEY}`, `commit ${KEY}`],
  [
    "a private key",
    ["OpenSshPrivateKey"],
    "a -----BEGIN OPENSSH PRIVATE KEY-----\nx\n-----END OPENSSH PRIVATE KEY----- b",
    `a ${"*".repeat(71)} b`,
  ],
  ["an e-mail address", ["EmailAddress"], "to a@example.com!", "to *************!"],
  ["nothing of other identifiers", ["EmailAddress"], "10.1.2.3", "10.1.2.3"],
])("masks %s", (_, names, text, masked) => {
  expect(mask(text, findersOf(JSON.stringify(policy(names.map(managed)))))).toBe(masked);
});

it("masks every match of a custom identifier", () => {
  const finders = findersOf(JSON.stringify(policy(["token"], custom("token", "tok_[a-z]{4}"))));
  expect(mask("tok_abcd and tok_efgh", finders)).toBe("******** and ********");
});

it.each<[string, unknown, string]>([
  ["text that is not JSON", "{", "JSON"],
  ["another version", policy([managed("Name")], { Version: "2012-10-17" }), "2021-06-01"],
  [
    "an Audit statement alone",
    { ...policy([managed("Name")]), Statement: policy([managed("Name")]).Statement.slice(0, 1) },
    "Deidentify statement",
  ],
  ["no identifier", policy([]), "same DataIdentifier"],
  ["an identifier that AWS does not have", policy([managed("Password")]), "not a data identifier"],
  ["a custom identifier that is not declared", policy(["token"]), "not a data identifier"],
  ["a custom identifier with a group", policy(["token"], custom("token", "(a|b)")), "regular expression"],
  ["a custom identifier named like a managed one", policy(["Name"], custom("Name", "a")), "can't be"],
  ["too many characters", policy([managed("Name")], { Description: "x".repeat(31_000) }), "more than 30720"],
])("refuses a policy with %s", (_, document, message) => {
  expect(() => findersOf(typeof document === "string" ? document : JSON.stringify(document))).toThrow(
    message,
  );
});

it("refuses statements with different identifiers", () => {
  const { Statement, Version } = policy([managed("Name")]);
  const other = { ...Statement[1], DataIdentifier: [managed("Address")] };
  expect(() => findersOf(JSON.stringify({ Version, Statement: [Statement[0], other] }))).toThrow("same");
});
