import { sessionStack } from "../../helpers/session-stack";
import { exampleWith, synthesize, synthesizeOne } from "../../helpers/synth";

describe("every stack", () => {
  const stacks = [...synthesize().values()];

  it.each(stacks.map((stack) => [stack.id, stack] as const))("%s reaches one account only", (_id, stack) => {
    // The stack of an account has a second provider for the global region of its partition, if it needs one.
    const accounts = stack.json.provider.aws.map((provider) => {
      const allowed = provider["allowed_account_ids"] as string[];
      const [role] = provider["assume_role"] as { role_arn: string }[];
      expect(allowed).toHaveLength(1);
      expect(role!.role_arn).toBe(`arn:aws:iam::${allowed[0]}:role/session-audit-deploy`);
      return allowed[0];
    });
    expect(new Set(accounts).size).toBe(1);
  });

  it("leaves the check of the region to the map, because the AWS provider knows fewer regions", () => {
    for (const stack of stacks) {
      for (const provider of stack.json.provider.aws)
        expect(provider).toHaveProperty("skip_region_validation", true);
    }
  });

  it("has the provider source hashicorp/aws, which Terraform and OpenTofu understand alike", () => {
    for (const stack of stacks) {
      expect(stack.json.terraform.required_providers.aws).toEqual({
        source: "hashicorp/aws",
        version: "5.100.0",
      });
    }
  });

  it.each([
    ["ap-southeast-6", "5.100.0"],
    ["eusc-de-east-1", "~> 6.29"],
  ])("requires an AWS provider in %s that accepts its ARNs: %s", (region, version) => {
    const map = exampleWith((m) => {
      delete m.archive;
      delete m.transcripts;
      delete m.notifications;
      m.accounts = { payments: { id: "444444444444", homeRegion: region, regions: [region] } };
      delete m.waves;
    });
    const { terraform } = synthesizeOne("account-payments", map).json;
    expect(terraform.required_providers.aws).toMatchObject({ source: "hashicorp/aws", version });
  });

  it("requires a Terraform version, so that an older one does not fail half way", () => {
    for (const stack of stacks) {
      expect((stack.json.terraform as { required_version?: string }).required_version).toBe(">= 1.10");
    }
  });

  it("tags everything that it creates with the organization and the map's tags", () => {
    for (const stack of stacks) {
      expect(stack.json.provider.aws[0]!["default_tags"]).toEqual([
        { tags: { "session-audit": "acme", "managed-by": "session-audit" } },
      ]);
    }
  });

  it("reaches its account with the credentials it finds when deployment is ambient", () => {
    const map = exampleWith((m) => (m.deployment = { mode: "ambient" }));
    const [provider] = synthesizeOne("account-payments", map).json.provider.aws;
    expect(provider).not.toHaveProperty("assume_role");
    expect(provider).toHaveProperty("allowed_account_ids", ["444444444444"]);
  });

  it("passes on the external id", () => {
    const map = exampleWith(
      (m) => (m.deployment = { mode: "assume-role", role: "deploy", externalId: "secret-1" }),
    );
    const [provider] = synthesizeOne("account-payments", map).json.provider.aws;
    expect(provider!["assume_role"]).toEqual([
      {
        role_arn: "arn:aws:iam::444444444444:role/deploy",
        session_name: "session-audit",
        external_id: "secret-1",
      },
    ]);
  });
});

describe("the state of a stack", () => {
  it("lies in a local file named after it, at a relative path", () => {
    expect(sessionStack().json.terraform.backend).toEqual({
      local: { path: "../../../state/session-payments-us-east-1.tfstate" },
    });
  });

  it("lies in S3 under the prefix, encrypted and locked by S3 itself", () => {
    const stack = sessionStack((m) => {
      m.state = { backend: "s3", bucket: "acme-state", region: "eu-west-1", keyPrefix: "audit" };
    });
    expect(stack.json.terraform.backend).toEqual({
      s3: {
        bucket: "acme-state",
        key: "audit/session-payments-us-east-1.tfstate",
        region: "eu-west-1",
        encrypt: true,
        use_lockfile: true,
      },
    });
  });

  // Terraform 1.11 refuses these regions: its S3 backend has a list of its own.
  it.each(["eusc-de-east-1", "ap-southeast-6", "eu-west-9"])(
    "may lie in %s, which the S3 backend must not check",
    (region) => {
      const stack = sessionStack((m) => {
        m.newRegions = ["eu-west-9"];
        m.state = { backend: "s3", bucket: "acme-state", region, keyPrefix: "audit" };
      });
      expect(stack.json.terraform.backend).toMatchObject({ s3: { region, skip_region_validation: true } });
    },
  );

  it("has its own role and key if the map names them", () => {
    const kmsKeyArn = "arn:aws:kms:eu-west-1:999999999999:key/11111111-2222-3333-4444-555555555555";
    const roleArn = "arn:aws:iam::999999999999:role/state";
    const stack = sessionStack((m) => {
      m.state = {
        backend: "s3",
        bucket: "acme-state",
        region: "eu-west-1",
        keyPrefix: "audit",
        kmsKeyArn,
        roleArn,
      };
    });
    expect(stack.json.terraform.backend).toMatchObject({
      s3: { kms_key_id: kmsKeyArn, assume_role: { role_arn: roleArn } },
    });
  });

  it("lies in an HCP Terraform workspace named after it", () => {
    const stack = sessionStack((m) => {
      m.state = { backend: "cloud", organization: "acme", workspacePrefix: "audit-" };
    });
    expect(stack.json.terraform).toMatchObject({
      cloud: {
        hostname: "app.terraform.io",
        organization: "acme",
        workspaces: { name: "audit-session-payments-us-east-1" },
      },
    });
  });
});
