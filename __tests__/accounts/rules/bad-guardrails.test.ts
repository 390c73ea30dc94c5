import { BREAK_GLASS, GUARDRAILS, mapWith, type Changes } from "./good-map";
import { problemsOf } from "./problems-of";

const problemsWith = (changes: Changes) => problemsOf(mapWith({ ...GUARDRAILS, ...changes }));
const exempt = (role: string): Changes => ({ "guardrails.breakGlassRoles": [role] });
const EXEMPT = "guardrails.breakGlassRoles[0]";
const AMBIENT: Changes = { deployment: { mode: "ambient" } };

/** A change to a good map with guardrails, and the one problem that it must lead to. */
it.each<[title: string, changes: Changes, path: string, allowed: string, remedy: string]>([
  [
    "no management account",
    { "guardrails.managementAccount": undefined },
    "guardrails.managementAccount",
    "id, homeRegion",
    "managementAccount: {",
  ],
  [
    "a management account by name",
    { "guardrails.managementAccount": "root" },
    "guardrails.managementAccount",
    "id, homeRegion",
    "managementAccount: {",
  ],
  [
    "an account id as a number",
    { "guardrails.managementAccount.id": 999999999999 },
    "guardrails.managementAccount.id",
    "12 digits",
    "in quotes",
  ],
  [
    "a way in that does not exist",
    { "guardrails.refuseOtherAccess": ["telnet"] },
    "guardrails.refuseOtherAccess[0]",
    '"run-command" or "automation"',
    "allowed words",
  ],
  [
    "a way in that is refused twice",
    { "guardrails.refuseOtherAccess": ["ecs-exec", "ecs-exec"] },
    "guardrails.refuseOtherAccess[1]",
    "once",
    "remove the repetition",
  ],
  [
    "roles that may use other ways in, while none is refused",
    { "guardrails.otherAccessRoles": ["arn:aws:iam::*:role/patching"] },
    "guardrails.otherAccessRoles",
    "nothing: refuseOtherAccess refuses no way in",
    "remove the roles",
  ],
  [
    "a role of another partition that may use a way in",
    {
      "guardrails.refuseOtherAccess": ["run-command"],
      "guardrails.otherAccessRoles": ["arn:aws-cn:iam::*:role/patching"],
    },
    "guardrails.otherAccessRoles[0]",
    "partition aws",
    "correct the ARN",
  ],
  [
    "a pattern for roles that anybody may create",
    {
      "guardrails.refuseOtherAccess": ["run-command"],
      "guardrails.otherAccessRoles": ["arn:aws:iam::*:role/*"],
    },
    "guardrails.otherAccessRoles[0]",
    "the ARN of an IAM role",
    "anybody can create",
  ],
  [
    "nothing to attach to",
    { "guardrails.organizationalUnits": undefined },
    "guardrails.organizationalUnits",
    "1 to 100 ids",
    "ou-ab12",
  ],
  [
    "an empty list to attach to",
    { "guardrails.organizationalUnits": [] },
    "guardrails.organizationalUnits",
    "1 to 100 ids",
    "ou-ab12",
  ],
  [
    "a unit by name",
    { "guardrails.organizationalUnits": ["Workloads"] },
    "guardrails.organizationalUnits[0]",
    "ou-…",
    "not the name",
  ],
  [
    "a unit twice",
    { "guardrails.organizationalUnits": ["r-ab12", "r-ab12"] },
    "guardrails.organizationalUnits[1]",
    "once",
    "remove the repetition",
  ],
  [
    "the management account to attach to",
    { "guardrails.organizationalUnits": ["r-ab12", "999999999999"] },
    "guardrails.organizationalUnits[1]",
    "no service control policy binds",
    "remove it",
  ],
  [
    "any role as exempt",
    exempt("arn:aws:iam::*:role/*"),
    EXEMPT,
    "* may replace the account",
    "exempt roles that anybody can create",
  ],
  [
    "roles whose names begin so as exempt",
    exempt("arn:aws:iam::*:role/break-glass*"),
    EXEMPT,
    "* may replace",
    "exempt roles that anybody can create",
  ],
  [
    "roles of any path as exempt",
    exempt("arn:aws:iam::*:role/*/break-glass"),
    EXEMPT,
    "* may replace",
    "exempt roles that anybody can create",
  ],
  [
    "part of an account id as exempt",
    exempt("arn:aws:iam::1111*:role/break-glass"),
    EXEMPT,
    "* may replace",
    "exempt roles that anybody can create",
  ],
  [
    "a session as exempt",
    exempt("arn:aws:sts::111111111111:assumed-role/a/b"),
    EXEMPT,
    "IAM role",
    "name a role",
  ],
  ["a user as exempt", exempt("arn:aws:iam::111111111111:user/alice"), EXEMPT, "IAM role", "as IAM shows it"],
  [
    "every permission set as exempt",
    exempt("arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_*"),
    EXEMPT,
    "permission set",
    "exempt roles that anybody can create",
  ],
  [
    "a role of another partition as exempt",
    exempt("arn:aws-cn:iam::*:role/break-glass"),
    EXEMPT,
    "partition aws",
    "another partition",
  ],
  [
    "an exempt role twice",
    { "guardrails.breakGlassRoles": [BREAK_GLASS, BREAK_GLASS] },
    "guardrails.breakGlassRoles[1]",
    "once",
    "remove",
  ],
  [
    "a deploying role of another partition",
    { "guardrails.deploymentRoles": ["arn:aws-us-gov:iam::*:role/x"] },
    "guardrails.deploymentRoles[0]",
    "partition aws",
    "another partition",
  ],
  [
    "no deploying role",
    { "guardrails.deploymentRoles": [] },
    "guardrails.deploymentRoles",
    "at least one role",
    "list the roles",
  ],
  [
    "no deploying role with deployment mode ambient",
    AMBIENT,
    "guardrails.deploymentRoles",
    "at least one role",
    "list the roles",
  ],
  [
    "a role to assume where none is assumed",
    {
      ...AMBIENT,
      "guardrails.deploymentRoles": ["arn:aws:iam::*:role/ci"],
      "guardrails.managementAccount.role": "ci",
    },
    "guardrails.managementAccount.role",
    "assumes no role",
    "remove it",
  ],
  [
    "the ARN of a role to assume",
    { "guardrails.managementAccount.role": "arn:aws:iam::999999999999:role/x" },
    "guardrails.managementAccount.role",
    "a role name",
    'write "x", the name alone',
  ],
  [
    "a region of another partition",
    { "guardrails.managementAccount.homeRegion": "us-gov-west-1" },
    "guardrails.managementAccount.homeRegion",
    "partition aws",
    "is in one partition",
  ],
  [
    "an allowed document by ARN",
    { "guardrails.allowedDocuments": ["arn:aws:ssm:::document/AWS-StartSSHSession"] },
    "guardrails.allowedDocuments[0]",
    "name of a Session document",
    'write "AWS-StartSSHSession"',
  ],
  [
    "the preferences as an allowed document",
    { "guardrails.allowedDocuments": ["SSM-SessionManagerRunShell"] },
    "guardrails.allowedDocuments[0]",
    "always allowed",
    "remove it",
  ],
  [
    "allowed documents where all are",
    { "guardrails.refuseUnrecordedSessions": false, "guardrails.allowedDocuments": ["AWS-StartSSHSession"] },
    "guardrails.allowedDocuments",
    "every document is allowed",
    "remove the documents",
  ],
  [
    "the roles of instances kept where none are named",
    { "guardrails.keepInstanceRoles": true, "access.attachToRoles": [] },
    "guardrails.keepInstanceRoles",
    "no account of the map names a role of instances",
    "access.attachToRoles",
  ],
  [
    "the roles of instances kept in other words than yes or no",
    { "guardrails.keepInstanceRoles": ["app-server"] },
    "guardrails.keepInstanceRoles",
    "true or false",
    "",
  ],
  [
    "a misspelt key",
    { "guardrails.breakGlassRoles": undefined, "guardrails.breakglassRoles": [BREAK_GLASS] },
    "guardrails.breakglassRoles",
    "no key",
    'did you mean "breakGlassRoles"?',
  ],
])("a map with %s is refused", (_title, changes, path, allowed, remedy) => {
  const problems = problemsWith(changes);
  expect(problems.map((problem) => problem.path)).toEqual([path]);
  expect(problems[0]!.allowed).toContain(allowed);
  expect(problems[0]!.remedy).toContain(remedy);
});

it("a deployment by ARN needs the name of a role in the management account", () => {
  const one: Changes = {
    archive: undefined,
    waves: undefined,
    accounts: { sandbox: { id: "222222222222", homeRegion: "eu-central-1", regions: ["eu-central-1"] } },
    deployment: { mode: "assume-role", role: "arn:aws:iam::222222222222:role/ci" },
  };
  expect(problemsWith(one).map(({ path }) => path)).toEqual(["guardrails.managementAccount.role"]);
  expect(problemsWith({ ...one, "guardrails.managementAccount.role": "ci" })).toEqual([]);
});

it.each<[string, Changes]>([
  ["to the root", { "guardrails.organizationalUnits": ["r-ab12"] }],
  ["to accounts", { "guardrails.organizationalUnits": ["444444444444", "222222222222"] }],
  ["with one account's role exempt", exempt("arn:aws:iam::111111111111:role/path/break-glass")],
  [
    "with a permission set exempt",
    exempt("arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_BreakGlass_*"),
  ],
  [
    "that keep the roles of instances",
    { "guardrails.keepInstanceRoles": true, "access.attachToRoles": ["app-server"] },
  ],
  [
    "that keep the role of instances without a profile",
    {
      "guardrails.keepInstanceRoles": true,
      "access.attachToRoles": [],
      "access.defaultHostManagementRole": "AWSSystemsManagerDefaultEC2InstanceManagementRole",
    },
  ],
  ["without anybody for emergencies", { "guardrails.breakGlassRoles": undefined }],
  [
    "with documents of AWS's and others",
    { "guardrails.allowedDocuments": ["AWS-StartSSHSession", "Acme-Shell"] },
  ],
  [
    "by surroundings that name their roles",
    { ...AMBIENT, "guardrails.deploymentRoles": ["arn:aws:iam::*:role/ci"] },
  ],
  ["of a management account that the map describes", { "guardrails.managementAccount.id": "444444444444" }],
])("a map attaches guardrails %s", (_title, changes) => {
  expect(problemsWith(changes)).toEqual([]);
});
