import { demoProblems, readerOf } from "../../demo/needs";
import { checkMap } from "../../stacks/read-organization";
import { rehearsalOverride } from "../../emulator/child-environment";

const READER = "arn:aws:iam::555555555555:role/audit/reviewer";
const archives = (role: string) => `arn:aws:iam::666666666666:role/${role}`;
const other = (role: string) => `arn:aws:iam::777777777777:role/${role}`;
const organizationOf = (settings: object, account: object = {}, others: object = {}) =>
  checkMap(
    {
      organization: { name: "solo" },
      state: { backend: "local", directory: "state" },
      deployment: { mode: "ambient" },
      trail: "create",
      access: { attachToRoles: ["app-server"] },
      transcripts: { readers: [READER] },
      ...settings,
      accounts: {
        ...others,
        web: { id: "555555555555", homeRegion: "eu-west-1", regions: ["eu-west-1"], ...account },
      },
    },
    "the map",
  );
const pathsOf = (settings: object, account?: object) =>
  demoProblems(organizationOf(settings, account)).map(({ path }) => path);

const KEY = "arn:aws:kms:eu-west-1:555555555555:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const REGION = 'accounts.web.regions["eu-west-1"]';

it("accepts a map whose targets have their own buckets", () => {
  expect(pathsOf({})).toEqual([]);
  expect(pathsOf({ access: { instanceProfile: true } })).toEqual([]);
  expect(pathsOf({ notifications: { activity: { enabled: false } } })).toEqual([]);
  const off = { activity: { enabled: false, topic: { existing: "siem" } } };
  expect(pathsOf({ notifications: off })).toEqual([]);
});

it("finds the reader with the path of the role", () => {
  const organization = organizationOf({});
  expect(readerOf(organization, organization.targets[0]!)).toMatchObject({ role: "audit/reviewer" });
});

it.each([
  ["a reader of another member", { readers: [other("reviewer")] }, undefined],
  ["a reader of the organization", { organizationReaders: [other("responder")] }, "responder"],
  ["a reader of the archive account", { readers: [other("reviewer"), archives("auditor")] }, "auditor"],
  ["a reader of the target's own account", { readers: [other("reviewer"), READER] }, "audit/reviewer"],
])("reads a member's transcripts in an archive as %s", (_who, transcripts, role) => {
  const accountOf = (id: string) => ({ id, homeRegion: "eu-west-1", regions: ["eu-west-1"] });
  const others = { logs: accountOf("666666666666"), shop: accountOf("777777777777") };
  const organization = organizationOf({ archive: { account: "logs" }, transcripts }, {}, others);
  const target = organization.targets.find(({ account }) => account.name === "web")!;
  expect(readerOf(organization, target)?.role).toBe(role);
});

it("reports a region of the European Sovereign Cloud, which the AWS provider does not support", () => {
  const place = { homeRegion: "eusc-de-east-1", regions: ["eusc-de-east-1"] };
  const readers = ["arn:aws-eusc:iam::555555555555:role/reviewer"];
  expect(pathsOf({ transcripts: { readers } }, place)).toEqual(["accounts.web.homeRegion"]);
});

it.each([
  [{ access: { attachToRoles: [] } }, "accounts.web.access.attachToRoles"],
  [{ access: { attachToRoles: ["x"], operatorPolicy: false } }, "accounts.web.access.operatorPolicy"],
  [{ transcripts: { readers: [] } }, "accounts.web.transcripts.readers"],
  [
    { transcripts: { readers: ["arn:aws:iam::999999999999:role/elsewhere"] } },
    "accounts.web.transcripts.readers",
  ],
  [
    {
      transcripts: { bucket: { existing: "theirs", keyArn: KEY }, readers: [] },
      encryption: { mode: "existing", keyArn: KEY },
    },
    `${REGION}.transcripts.bucket.keyArn`,
    `${REGION}.encryption.keyArn`,
  ],
  [
    { access: { instanceProfile: true, permissionsBoundaryArn: "arn:aws:iam::aws:policy/PowerUserAccess" } },
    "accounts.web.access.permissionsBoundaryArn",
  ],
])("reports the path in the map for %j", (settings, ...paths) => {
  expect(pathsOf(settings as object)).toEqual(paths);
});

it.each<[string, object]>([
  [
    "S3 alone",
    { logs: { group: "none", streaming: false }, preferences: { enforce: { cloudWatch: false } } },
  ],
  ["CloudWatch Logs alone", { transcripts: { bucket: "none" }, preferences: { enforce: { s3: false } } }],
  ["an existing bucket", { transcripts: { bucket: { existing: "theirs" } } }],
  ["an existing log group", { logs: { group: { existing: "/theirs" } } }],
  [
    "an existing bucket for access logs",
    { transcripts: { readers: [READER], accessLogs: { existing: "logs" } } },
  ],
  [
    "existing topics",
    {
      notifications: {
        activity: { topic: { existing: "siem" } },
        security: { topic: { existing: "arn:aws:sns:eu-west-1:555555555555:siem" } },
      },
    },
  ],
  [
    "a permissions boundary of the account",
    {
      access: {
        instanceProfile: true,
        permissionsBoundaryArn: "arn:aws:iam::555555555555:policy/team/limit",
      },
    },
  ],
])("accepts a map with %s", (_, settings) => {
  expect(pathsOf(settings)).toEqual([]);
});

it("reports the VPCs of a region, because the embedded AWS does not have them", () => {
  const vpc = {
    vpcId: "vpc-0123456789abcdef0",
    subnetIds: ["subnet-0123456789abcdef0"],
    routeTableIds: ["rtb-0123456789abcdef0"],
    clientCidrs: ["10.0.0.0/16"],
  };
  expect(pathsOf({}, { regions: { "eu-west-1": { network: [vpc] } } })).toEqual([`${REGION}.network`]);
});

it("keeps the state in a file instead of the backend that the map names", () => {
  expect(rehearsalOverride("x.tfstate", null)).toEqual({
    provider: { aws: { s3_use_path_style: true } },
    terraform: { backend: { local: { path: "x.tfstate" } } },
  });
});

it("assumes a role in the account if the map's deployment is ambient", () => {
  expect(rehearsalOverride("x.tfstate", { roleArn: "arn:aws:iam::555555555555:role/any" })).toMatchObject({
    provider: { aws: { assume_role: [{ role_arn: "arn:aws:iam::555555555555:role/any" }] } },
  });
});
