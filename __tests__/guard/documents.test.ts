import { documentOf, isAllowed, isPreferences } from "../../guard/documents";
import { CONFIGURATION } from "./configuration";

const PORT = "AWS-StartPortForwardingSession";
const arn = (name: string, account = "444444444444", region = "eu-central-1", partition = "aws") =>
  `arn:${partition}:ssm:${region}:${account}:document/${name}`;

it.each`
  document                                                          | allowedDocuments  | allowed
  ${undefined}                                                      | ${[]}             | ${true}
  ${"SSM-SessionManagerRunShell"}                                   | ${[]}             | ${true}
  ${arn("SSM-SessionManagerRunShell")}                              | ${[]}             | ${true}
  ${arn("SSM-SessionManagerRunShell", "999999999999")}              | ${[]}             | ${false}
  ${arn("SSM-SessionManagerRunShell", "")}                          | ${[]}             | ${false}
  ${arn("SSM-SessionManagerRunShell", "444444444444", "eu-west-1")} | ${[]}             | ${false}
  ${`${arn("SSM-SessionManagerRunShell")}:1`}                       | ${[]}             | ${false}
  ${"SSM-SessionManagerRunShell:1"}                                 | ${[]}             | ${false}
  ${"ssm-sessionmanagerrunshell"}                                   | ${[]}             | ${false}
  ${"SSM-SessionManagerRunShell2"}                                  | ${[]}             | ${false}
  ${PORT}                                                           | ${[]}             | ${false}
  ${PORT}                                                           | ${[PORT]}         | ${true}
  ${arn(PORT, "")}                                                  | ${[PORT]}         | ${true}
  ${arn(PORT, "999999999999")}                                      | ${[PORT]}         | ${false}
  ${`${PORT}ToRemoteHost`}                                          | ${[PORT]}         | ${false}
  ${arn("Acme-Shell")}                                              | ${["Acme-Shell"]} | ${true}
  ${arn("Acme-Shell", "")}                                          | ${["Acme-Shell"]} | ${false}
  ${arn("Acme-Shell", "444444444444", "eu-central-1", "aws-cn")}    | ${["Acme-Shell"]} | ${false}
  ${arn("Acme-Shell").replace(":ssm:", ":s3:")}                     | ${["Acme-Shell"]} | ${false}
  ${arn("Acme-Shell").replace(":document/", ":parameter/")}         | ${["Acme-Shell"]} | ${false}
  ${arn("Acme/Shell")}                                              | ${["AcmeShell"]}  | ${false}
  ${arn("AW/S-Shell", "")}                                          | ${["AW/S-Shell"]} | ${false}
  ${"arn:aws:s3:::Acme-Shell"}                                      | ${["Acme-Shell"]} | ${false}
  ${PORT}                                                           | ${null}           | ${true}
`(
  "whether a session with the document $document may run if $allowedDocuments are allowed: $allowed",
  ({ document, allowedDocuments, allowed }) => {
    expect(isAllowed(document, { ...CONFIGURATION, allowedDocuments })).toBe(allowed);
  },
);

it.each`
  document                                             | is
  ${undefined}                                         | ${true}
  ${"SSM-SessionManagerRunShell"}                      | ${true}
  ${arn("SSM-SessionManagerRunShell")}                 | ${true}
  ${arn("SSM-SessionManagerRunShell", "999999999999")} | ${false}
  ${PORT}                                              | ${false}
`("whether the document $document is the preferences: $is", ({ document, is }) => {
  expect(isPreferences(document, CONFIGURATION)).toBe(is);
});

it.each`
  name            | allowed  | is
  ${undefined}    | ${true}  | ${true}
  ${""}           | ${true}  | ${true}
  ${"Acme-Shell"} | ${false} | ${false}
`("a session that names $name may run: $allowed, and has the preferences: $is", ({ name, allowed, is }) => {
  expect(isAllowed(documentOf(name), CONFIGURATION)).toBe(allowed);
  expect(isPreferences(documentOf(name), CONFIGURATION)).toBe(is);
});
