import { join } from "node:path";
import { GetObjectCommand, ListObjectVersionsCommand, S3Client } from "@aws-sdk/client-s3";
import { organizationOf, type Deployment } from "../../demo/deployment";
import { clientConfig, createInstanceRoles, createPerson } from "../../demo/people";
import { readOrganization } from "../../stacks/read-organization";
import { ROOT, startEmbedded, type Embedded } from "../helpers/embedded";

// Two archives, each of which is copied to the region of the other one, deployed by the real Terraform.
const MAP = join(ROOT, "__tests__", "fixtures", "crossed.yaml");
const [ARCHIVE, SHOP] = ["111111111111", "222222222222"] as const;
const REGIONS = [
  { here: "eu-central-1", there: "eu-west-1" },
  { here: "eu-west-1", there: "eu-central-1" },
] as const;
const bucketIn = (region: string) => `session-audit-crossed-${ARCHIVE}-${region}`;
const copyOf = (region: string) => `${bucketIn(region)}-copy`;

let embedded: Embedded;
let deployment: Deployment;

beforeAll(async () => {
  const organization = readOrganization(MAP);
  embedded = await startEmbedded({ organizationTrail: true, organization: organizationOf(organization) });
  deployment = embedded.rehearse(MAP);
  const shop = organization.accounts.find(({ name }) => name === "shop")!;
  await createInstanceRoles(embedded.emulator, shop);
  await deployment.synthesize();
  await deployment.apply(deployment.stacks);
  await createPerson(embedded.emulator, organization, shop, "operator");
});
afterAll(() => embedded?.stop());

const session = (region: string, operatorSessionName: string) =>
  embedded.emulator.runSession({
    accountId: SHOP,
    region,
    instanceId: "i-0123456789abcdef0",
    instanceRoleName: "app-server",
    operatorRoleName: "operator",
    operatorSessionName,
    commands: ["id"],
  });
const s3 = async (region: string) =>
  new S3Client({ ...(await clientConfig(embedded.emulator, ARCHIVE, region)), forcePathStyle: true });
const keysOf = async (bucket: string, region: string) =>
  ((await (await s3(region)).send(new ListObjectVersionsCommand({ Bucket: bucket }))).Versions ?? []).map(
    ({ Key }) => Key,
  );

it("both archives are deployed before both replicas, and no session stack lies beside the archives", () => {
  expect(deployment.stacks.map(({ id }) => id)).toEqual([
    "archive-eu-central-1",
    "archive-eu-west-1",
    "replica-archive-eu-central-1",
    "replica-archive-eu-west-1",
    "account-archive",
    "account-shop",
    "session-shop-eu-central-1",
    "session-shop-eu-west-1",
  ]);
});

it("a second plan has no changes", async () => {
  expect((await deployment.changed(deployment.stacks)).map(({ output }) => output)).toEqual([]);
});

describe.each(REGIONS)("a session in $here", ({ here, there }) => {
  it("leaves a transcript in the archive of its region, and one copy in the other region", async () => {
    const { transcriptKey: Key, warnings } = await session(here, "alice");
    expect(warnings).toEqual([]);
    expect(embedded.emulator.replications.filter(({ key }) => key === Key)).toEqual([
      { bucket: bucketIn(here), key: Key, destination: copyOf(here), status: "COMPLETED" },
    ]);
    const copy = await (await s3(there)).send(new GetObjectCommand({ Bucket: copyOf(here), Key }));
    expect(await copy.Body!.transformToString()).toContain("sh-5.2$ id");
    expect(copy.SSEKMSKeyId).toMatch(new RegExp(`^arn:aws:kms:${there}:${ARCHIVE}:`));
    expect(copy.ObjectLockMode).toBe("GOVERNANCE");
    // Neither the archive of the other region nor that archive's copy has it: nothing goes on from the copy.
    expect(await keysOf(bucketIn(there), there)).not.toContain(Key);
    expect(await keysOf(copyOf(there), here)).not.toContain(Key);
  });
});
