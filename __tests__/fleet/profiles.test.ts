import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { profileEnvironment } from "../../fleet/profiles";
import { checkMap } from "../../stacks/read-organization";
import { profilesOf } from "../../stacks/profiles";
import exampleMap from "../fixtures/example-map";
import { GUARDRAILS } from "../stacks/policies/guardrails/helpers";

let home: string;
beforeEach(() => (home = mkdtempSync(join(tmpdir(), "session-audit-home-"))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

const organization = checkMap(
  {
    ...exampleMap,
    deployment: { mode: "assume-role", role: "ops/deploy", planRole: "plan", externalId: "secret-id" },
  },
  "map",
);
const PROFILES = profilesOf(organization)!;

/** Writes the configuration for an environment. @returns its text, behind the user's own */
async function written(env: NodeJS.ProcessEnv, purpose: "plan" | "deploy" = "plan"): Promise<string> {
  const made = await profileEnvironment(PROFILES.slice(0, 1), purpose, { HOME: home, ...env });
  try {
    return readFileSync(made.env["AWS_CONFIG_FILE"]!, "utf8").trim();
  } finally {
    await made.remove();
  }
}

it("has a profile for each account, and one for a management account with a role of its own", () => {
  expect(PROFILES.map(({ name }) => name)).toEqual(
    ["111111111111", "222222222222", "333333333333", "444444444444"].map((id) => `session-audit-${id}`),
  );
  const managementAccount = { ...GUARDRAILS.managementAccount, role: "organizations" };
  const guarded = checkMap(
    {
      ...exampleMap,
      deployment: { mode: "assume-role", role: "deploy", planRole: "plan" },
      guardrails: { ...GUARDRAILS, managementAccount },
    },
    "map",
  );
  expect(profilesOf(guarded)!.at(-1)).toMatchObject({
    roleArn: expect.stringMatching(/:role\/organizations$/) as string,
    planRoleArn: expect.stringMatching(/:role\/plan$/) as string,
  });
});

it("has a profile for the states if the map names a role that reads them", async () => {
  const states = { backend: "s3", bucket: "acme-state", region: "eu-central-1", keyPrefix: "audit" } as const;
  const of = (roles: { roleArn?: string; planRoleArn?: string }) =>
    profilesOf(
      checkMap(
        {
          ...exampleMap,
          deployment: { mode: "assume-role", role: "deploy", planRole: "plan", externalId: "secret-id" },
          state: { ...states, ...roles },
        },
        "map",
      ),
    )!;
  const roleArn = "arn:aws:iam::999999999999:role/write";
  const planRoleArn = "arn:aws:iam::999999999999:role/read";
  // The external id belongs to the roles in the accounts.
  const ofStates = { name: "session-audit-states", planRoleArn, roleArn, externalId: null };
  expect(of({ roleArn, planRoleArn }).at(-1)).toEqual(ofStates);
  expect(of({ roleArn }).map(({ name }) => name)).not.toContain(ofStates.name);
  for (const [purpose, role] of [
    ["plan", planRoleArn],
    ["deploy", roleArn],
  ] as const) {
    const made = await profileEnvironment([ofStates], purpose, { HOME: home, AWS_ACCESS_KEY_ID: "x" });
    expect(readFileSync(made.env["AWS_CONFIG_FILE"]!, "utf8")).toContain(
      `[profile session-audit-states]\nrole_arn = ${role}\n`,
    );
    await made.remove();
  }
});

it("has none for a map without a role that plans", async () => {
  const plain = checkMap(exampleMap, "map");
  expect(profilesOf(plain)).toBeNull();
  const env = { HOME: home };
  expect((await profileEnvironment(null, "plan", env)).env).toBe(env);
});

it.each([
  ["plan", "arn:aws:iam::111111111111:role/plan"],
  ["deploy", "arn:aws:iam::111111111111:role/ops/deploy"],
] as const)("assumes for %s the role %s", async (purpose, role) => {
  expect(await written({ AWS_ACCESS_KEY_ID: "x" }, purpose)).toBe(
    [
      "[profile session-audit-111111111111]",
      `role_arn = ${role}`,
      "role_session_name = session-audit",
      "external_id = secret-id",
      "credential_source = Environment",
    ].join("\n"),
  );
});

it.each<[string, NodeJS.ProcessEnv, string]>([
  [
    "keys in the environment",
    { AWS_ACCESS_KEY_ID: "x", AWS_PROFILE: "y" },
    "credential_source = Environment",
  ],
  ["a named profile", { AWS_PROFILE: "sso" }, "source_profile = sso"],
  ["a container", { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/c" }, "credential_source = EcsContainer"],
  ["an instance", {}, "credential_source = Ec2InstanceMetadata"],
])("assumes the role with the credentials of %s", async (_, env, line) => {
  expect((await written(env)).split("\n").at(-1)).toBe(line);
});

it("assumes the role with the web identity of a pipeline", async () => {
  const text = await written({
    AWS_WEB_IDENTITY_TOKEN_FILE: "/token",
    AWS_ROLE_ARN: "arn:aws:iam::1:role/ci",
  });
  expect(text).toContain(
    "[profile session-audit-web-identity]\nrole_arn = arn:aws:iam::1:role/ci\nweb_identity_token_file = /token",
  );
  expect(text.endsWith("source_profile = session-audit-web-identity")).toBe(true);
});

it("keeps the user's own profiles, and uses the default one", async () => {
  const config = join(home, "config");
  writeFileSync(config, "[default]\nregion = eu-west-1\n\n[profile sso]\nsso_session = acme\n");
  const text = await written({ AWS_CONFIG_FILE: config });
  expect(text).toContain("[profile sso]\nsso_session = acme");
  expect(text.endsWith("source_profile = default")).toBe(true);
});

it("refuses to run beside a profile of the same name", async () => {
  const config = join(home, "config");
  writeFileSync(config, "[profile session-audit-111111111111]\nregion = eu-west-1\n");
  await expect(written({ AWS_CONFIG_FILE: config })).rejects.toThrow(
    /has a profile session-audit-111111111111/,
  );
});

it("writes a file that only its owner can read, and removes it", async () => {
  const { env, remove } = await profileEnvironment(PROFILES, "plan", { HOME: home, AWS_ACCESS_KEY_ID: "x" });
  const file = env["AWS_CONFIG_FILE"]!;
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
  await remove();
  expect(existsSync(dirname(file))).toBe(false);
});
