import { type Change } from "../helpers/session-stack";
import { exampleWith, synthesizeOne } from "../helpers/synth";
import { policyIn } from "../static-checks/rule";

describe("the account stack", () => {
  const account = (change?: Change) => synthesizeOne("account-payments", change && exampleWith(change));

  it("attaches the instance policy to the roles of the map", () => {
    expect(account().the("aws_iam_role_policy_attachment")).toMatchObject({
      role: "app-server",
      policy_arn: "${aws_iam_policy.InstancePolicy.arn}",
    });
  });

  it("creates an instance profile with what Systems Manager and recording need, inside a boundary", () => {
    const boundary = "arn:aws:iam::444444444444:policy/boundary";
    const stack = account((m) => {
      m.accounts["payments"]!.access = {
        attachToRoles: [],
        instanceProfile: true,
        permissionsBoundaryArn: boundary,
      };
    });
    expect(stack.the("aws_iam_role")["permissions_boundary"]).toBe(boundary);
    const attached = Object.values(stack.all("aws_iam_role_policy_attachment")).map((a) => a["policy_arn"]);
    expect(attached.sort()).toEqual([
      "${aws_iam_policy.InstancePolicy.arn}",
      "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
    ]);
  });

  it("leaves out the policies for people that the map switches off", () => {
    const stack = account((m) => (m.access = { operatorPolicy: false, reviewerPolicy: false }));
    expect(Object.keys(stack.all("aws_iam_policy"))).toEqual(["InstancePolicy"]);
  });

  it("creates the report role for the reporters of the map, inside a boundary", () => {
    const boundary = "arn:aws:iam::444444444444:policy/boundary";
    const reporter = "arn:aws:iam::111111111111:role/auditor";
    const stack = account((m) => {
      m.accounts["payments"]!.access = { reporters: [reporter], permissionsBoundaryArn: boundary };
    });
    const role = stack.the("aws_iam_role");
    expect(role).toMatchObject({ name: "session-audit-acme-report", permissions_boundary: boundary });
    expect(policyIn(String(role["assume_role_policy"])).Statement).toMatchObject([
      {
        Principal: { AWS: ["arn:aws:iam::111111111111:root"] },
        Condition: { ArnLike: { "aws:PrincipalArn": [reporter] } },
      },
    ]);
    expect(stack.all("aws_iam_role_policy_attachment")).toMatchObject({
      [Object.keys(stack.all("aws_iam_role_policy_attachment")).find((id) => id.startsWith("ReportRole"))!]: {
        policy_arn: expect.stringMatching(
          /^\$\{aws_iam_policy\.ReportRole_Policy_[0-9A-F]{8}\.arn\}$/,
        ) as string,
      },
    });
  });

  it("creates no report role without reporters", () => {
    expect(account().all("aws_iam_role")).toEqual({});
  });

  it("creates a trail of all regions, encrypted and with validation, only if the map says so", () => {
    expect(account().all("aws_cloudtrail")).toEqual({});
    expect(synthesizeOne("account-storefront").the("aws_cloudtrail")).toMatchObject({
      is_multi_region_trail: true,
      include_global_service_events: true,
      enable_log_file_validation: true,
      enable_logging: true,
      kms_key_id: expect.stringMatching(/^\$\{aws_kms_key\.Trail_Key_[0-9A-F]{8}\.arn\}$/),
    });
  });
});

describe("a trail", () => {
  it("has a bucket without a bucket key, because with one CloudTrail would need kms:Decrypt", () => {
    const encryption = synthesizeOne("account-storefront").the(
      "aws_s3_bucket_server_side_encryption_configuration",
      /^Trail_Bucket/,
    );
    expect(encryption["rule"]).toEqual([expect.objectContaining({ bucket_key_enabled: false })]);
  });

  it("has the settings of the home region, whose key it uses", () => {
    const keyArn = "arn:aws:kms:us-east-1:333333333333:key/11111111-2222-3333-4444-555555555555";
    const map = exampleWith((m) => {
      m.accounts["storefront"]!.regions = { "us-east-1": { encryption: { mode: "existing", keyArn } } };
    });
    const stack = synthesizeOne("account-storefront", map);
    expect(stack.the("aws_cloudtrail")["kms_key_id"]).toBe(keyArn);
    expect(stack.all("aws_kms_key")).toEqual({});
    expect(JSON.stringify(stack.json.output!["required_trail_key_statements"]!.value)).toContain(
      "CloudTrailEncryptsThisTrail",
    );
  });
});
