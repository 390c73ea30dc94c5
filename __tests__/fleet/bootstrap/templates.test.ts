import type { AccountsMap } from "../../../accounts/schema";
import exampleMap from "../../fixtures/example-map";
import { rolesOf } from "../../helpers/cloudformation";
import { ACCOUNT, GITHUB, made } from "./made";

it("makes roles with paths", () => {
  const deployment = { mode: "assume-role", role: "ops/deploy", planRole: "ops/plan" } as const;
  const roles = rolesOf(made({ deployment }).accounts, ACCOUNT);
  expect(roles.map(({ name, path }) => `${path}${name}`)).toEqual(["/ops/plan", "/ops/deploy"]);
});

it.each<[string, Record<string, string>]>([
  ["cn-north-1", { ec2: "ec2.amazonaws.com.cn", via: "dynamodb.*.amazonaws.com.cn", arn: "arn:aws-cn:" }],
  ["us-gov-west-1", { ec2: "ec2.amazonaws.com", via: "dynamodb.*.amazonaws.com", arn: "arn:aws-us-gov:" }],
])("is of the partition of %s", (region, { ec2, via, arn }) => {
  const map: AccountsMap = {
    ...exampleMap,
    archive: undefined,
    waves: undefined,
    transcripts: { readers: [] },
    guard: { enabled: true },
    accounts: { web: { id: ACCOUNT, homeRegion: region, regions: [region] } },
  };
  const text = JSON.stringify(made({}, GITHUB, map).accounts);
  expect(text).toContain(`"${ec2}"`);
  expect(text).toContain(`"${via}"`);
  expect(text).toContain(arn);
  expect(text).not.toContain("arn:aws:");
});

it.each<[string, Partial<AccountsMap>, string]>([
  ["ambient", { deployment: { mode: "ambient" } }, "does not name the two roles"],
  ["one role", { deployment: { mode: "assume-role", role: "deploy" } }, "does not name the two roles"],
])("refuses a map with %s", (_, changes, text) => {
  expect(() => made(changes)).toThrow(text);
});
