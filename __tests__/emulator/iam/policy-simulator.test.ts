import { simulate, type PolicyDocument, type SimulationInput } from "../../../emulator/iam/policy-simulator";

const OURS = "111111111111";
const OTHERS = "222222222222";
const ROLE = `arn:aws:iam::${OURS}:role/Web`;
const KEY = `arn:aws:kms:eu-west-1:${OURS}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const BUCKET = "arn:aws:s3:::transcripts";

const policy = (...Statement: object[]): PolicyDocument => ({ Version: "2012-10-17", Statement });
const allow = (Action: string, Resource: string, Condition?: object) => ({
  Sid: "Grant",
  Effect: "Allow",
  Action,
  Resource,
  ...(Condition === undefined ? {} : { Condition }),
});
const delegate = {
  Sid: "Delegate",
  Effect: "Allow",
  Principal: { AWS: `arn:aws:iam::${OURS}:root` },
  Action: "kms:*",
  Resource: "*",
};
const verdict = async (input: Partial<SimulationInput>) =>
  (
    await simulate({
      principal: ROLE,
      action: "kms:Decrypt",
      resource: KEY,
      resourceAccountId: OURS,
      ...input,
    })
  ).result;

describe("identity and resource policies", () => {
  it("allows what the identity's policy allows in its own account", async () => {
    const identityPolicies = [policy(allow("s3:GetObject", `${BUCKET}/*`))];
    expect(await verdict({ action: "s3:GetObject", resource: `${BUCKET}/a`, identityPolicies })).toBe(
      "Allowed",
    );
  });

  it("needs both sides across accounts", async () => {
    const there = { action: "s3:GetObject", resource: `${BUCKET}/a`, resourceAccountId: OTHERS };
    const identityPolicies = [policy(allow("s3:GetObject", `${BUCKET}/*`))];
    const resourcePolicy = policy({ ...allow("s3:GetObject", `${BUCKET}/*`), Principal: { AWS: "*" } });
    expect(await verdict({ ...there, identityPolicies })).toBe("ImplicitlyDenied");
    expect(await verdict({ ...there, resourcePolicy })).toBe("ImplicitlyDenied");
    expect(await verdict({ ...there, identityPolicies, resourcePolicy })).toBe("Allowed");
  });

  it("needs the key's policy even in the key's own account", async () => {
    const identityPolicies = [policy(allow("kms:Decrypt", KEY))];
    expect(await verdict({ identityPolicies })).toBe("ImplicitlyDenied");
    expect(await verdict({ identityPolicies, resourcePolicy: policy(delegate) })).toBe("Allowed");
    expect(await verdict({ resourcePolicy: policy(delegate) })).toBe("ImplicitlyDenied");
  });

  it("resolves ${aws:PrincipalAccount} in a Resource to the caller's account", async () => {
    const resourcePolicy = policy({
      ...allow("s3:PutObject", `${BUCKET}/\${aws:PrincipalAccount}/*`),
      Principal: { AWS: "*" },
    });
    const identityPolicies = [policy(allow("s3:PutObject", "*"))];
    const put = (account: string) =>
      verdict({
        action: "s3:PutObject",
        resource: `${BUCKET}/${account}/x.log`,
        resourceAccountId: OTHERS,
        identityPolicies,
        resourcePolicy,
      });
    expect(await put(OURS)).toBe("Allowed");
    expect(await put(OTHERS)).toBe("ImplicitlyDenied");
  });

  it("limits by a permissions boundary", async () => {
    const boundary = policy(allow("s3:*", "*"));
    const identityPolicies = [policy(allow("*", "*"))];
    const asked = { identityPolicies, resourcePolicy: policy(delegate) };
    expect(await verdict({ ...asked, boundary })).toBe("ImplicitlyDenied");
    expect(await verdict({ ...asked, boundary: policy(allow("kms:*", "*")) })).toBe("Allowed");
  });

  it("denies what a service control policy denies, and no more", async () => {
    const asked = { identityPolicies: [policy(allow("*", "*"))], resourcePolicy: policy(delegate) };
    const scps = [policy({ ...allow("kms:Decrypt", "*"), Sid: "KeysStayShut", Effect: "Deny" })];
    expect(await verdict(asked)).toBe("Allowed");
    expect(await verdict({ ...asked, scps })).toBe("ExplicitlyDenied");
    expect(await verdict({ ...asked, scps, action: "kms:GenerateDataKey" })).toBe("Allowed");
  });
});

describe("the encryption context", () => {
  const asked = (Condition: object): Partial<SimulationInput> => ({
    identityPolicies: [policy(allow("kms:Decrypt", KEY, Condition))],
    resourcePolicy: policy(delegate),
  });
  const session = { "kms:EncryptionContext:aws:ssm:SessionId": "alice-1" };

  it.each`
    condition                                                                               | context                                                          | expected
    ${{ StringLike: { "kms:EncryptionContext:aws:ssm:SessionId": "alice-*" } }}             | ${session}                                                       | ${"Allowed"}
    ${{ StringLike: { "kms:encryptioncontext:AWS:SSM:sessionid": "alice-*" } }}             | ${session}                                                       | ${"Allowed"}
    ${{ StringLike: { "kms:EncryptionContext:aws:ssm:SessionId": "bob-*" } }}               | ${session}                                                       | ${"ImplicitlyDenied"}
    ${{ StringLike: { "kms:EncryptionContext:aws:ssm:SessionId": "alice-*" } }}             | ${{}}                                                            | ${"ImplicitlyDenied"}
    ${{ StringLike: { "kms:EncryptionContext:aws:ssm:TargetId": "alice-*" } }}              | ${session}                                                       | ${"ImplicitlyDenied"}
    ${{ Null: { "kms:EncryptionContext:aws:ssm:SessionId": "false" } }}                     | ${session}                                                       | ${"Allowed"}
    ${{ Null: { "kms:EncryptionContext:aws:ssm:SessionId": "false" } }}                     | ${{}}                                                            | ${"ImplicitlyDenied"}
    ${{ "ForAnyValue:StringEquals": { "kms:EncryptionContextKeys": "aws:ssm:SessionId" } }} | ${session}                                                       | ${"Allowed"}
    ${{ "ForAnyValue:StringEquals": { "kms:EncryptionContextKeys": "aws:ssm:TargetId" } }}  | ${session}                                                       | ${"ImplicitlyDenied"}
    ${{ "ForAnyValue:StringLike": { "kms:ResourceAliases": "alias/session-*" } }}           | ${{ "kms:ResourceAliases": ["alias/x", "alias/session-audit"] }} | ${"Allowed"}
    ${{ "ForAnyValue:StringLike": { "kms:ResourceAliases": "alias/session-*" } }}           | ${{ "kms:ResourceAliases": ["alias/x"] }}                        | ${"ImplicitlyDenied"}
    ${{ StringEquals: { "kms:RequestAlias": "alias/session-audit" } }}                      | ${{ "kms:RequestAlias": "alias/session-audit" }}                 | ${"Allowed"}
    ${{ StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } }}                 | ${{ "kms:ViaService": "s3.eu-west-1.amazonaws.com" }}            | ${"Allowed"}
    ${{ StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } }}                 | ${{}}                                                            | ${"ImplicitlyDenied"}
    ${{ StringEquals: { "kms:CallerAccount": OURS } }}                                      | ${{}}                                                            | ${"Allowed"}
    ${{ ArnLike: { "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::b*" } }}               | ${{ "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::bucket" }} | ${"Allowed"}
    ${{ ArnEquals: { "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::b" } }}              | ${{ "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::bucket" }} | ${"ImplicitlyDenied"}
  `("$condition with $context is $expected", async ({ condition, context, expected }) => {
    expect(await verdict({ ...asked(condition), context })).toBe(expected);
  });

  it("leaves the policy as it was", async () => {
    const given = asked({ StringLike: { "kms:EncryptionContext:aws:ssm:SessionId": "alice-*" } });
    const before = JSON.stringify(given);
    await verdict({ ...given, context: session });
    expect(JSON.stringify(given)).toBe(before);
  });

  it("refuses a policy that tests a substitute key", async () => {
    const given = asked({ "ForAnyValue:StringEquals": { "aws:TagKeys": "x" } });
    await expect(verdict(given)).rejects.toThrow("aws:TagKeys");
  });
});

describe("the default context", () => {
  const bucketPolicy = (Condition: object) =>
    policy({ ...allow("s3:PutObject", `${BUCKET}/*`, Condition), Principal: { AWS: "*" } });
  const put = (Condition: object, context?: SimulationInput["context"], principal = ROLE) =>
    verdict({
      principal,
      action: "s3:PutObject",
      resource: `${BUCKET}/x`,
      resourcePolicy: bucketPolicy(Condition),
      context,
    });

  it.each`
    condition                                                                                 | context                                                                              | expected
    ${{ Bool: { "aws:SecureTransport": "true" } }}                                            | ${{}}                                                                                | ${"Allowed"}
    ${{ Bool: { "aws:SecureTransport": "true" } }}                                            | ${{ "aws:SecureTransport": "false" }}                                                | ${"ImplicitlyDenied"}
    ${{ NumericGreaterThanEquals: { "s3:TlsVersion": "1.2" } }}                               | ${{}}                                                                                | ${"Allowed"}
    ${{ NumericGreaterThanEquals: { "s3:TlsVersion": "1.2" } }}                               | ${{ "s3:TlsVersion": undefined }}                                                    | ${"ImplicitlyDenied"}
    ${{ Null: { "s3:DataAccessPointArn": "false" } }}                                         | ${{ "S3:DataAccessPointARN": "arn:aws:s3:eu-central-1:111111111111:accesspoint/a" }} | ${"Allowed"}
    ${{ Null: { "s3:DataAccessPointArn": "false" } }}                                         | ${{}}                                                                                | ${"ImplicitlyDenied"}
    ${{ ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${OURS}:role/*` } }}                     | ${{}}                                                                                | ${"Allowed"}
    ${{ StringEquals: { "aws:PrincipalAccount": OURS } }}                                     | ${{}}                                                                                | ${"Allowed"}
    ${{ StringEquals: { "aws:PrincipalOrgID": "o-1" } }}                                      | ${{}}                                                                                | ${"ImplicitlyDenied"}
    ${{ StringEquals: { "aws:PrincipalOrgID": "o-1" } }}                                      | ${{ "aws:PrincipalOrgID": "o-1" }}                                                   | ${"Allowed"}
    ${{ StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control" } }}                      | ${{ "s3:x-amz-acl": "private" }}                                                     | ${"ImplicitlyDenied"}
    ${{ StringNotEqualsIfExists: { "s3:x-amz-server-side-encryption-aws-kms-key-id": "k" } }} | ${{}}                                                                                | ${"Allowed"}
  `("$condition with $context is $expected", async ({ condition, context, expected }) => {
    expect(await put(condition, context)).toBe(expected);
  });

  it("has the role's ARN for a session of the role", async () => {
    const session = `arn:aws:sts::${OURS}:assumed-role/Web/i-1`;
    expect(await put({ ArnEquals: { "aws:PrincipalArn": ROLE } }, {}, session)).toBe("Allowed");
    expect(await put({ StringLike: { "aws:userid": "*:i-1" } }, {}, session)).toBe("Allowed");
  });

  it.each`
    action              | resource                                     | owner     | said      | expected
    ${"s3:PutObject"}   | ${`${BUCKET}/x`}                             | ${OTHERS} | ${OTHERS} | ${"Allowed"}
    ${"s3:PutObject"}   | ${`${BUCKET}/x`}                             | ${OTHERS} | ${OURS}   | ${"ImplicitlyDenied"}
    ${"events:PutRule"} | ${`arn:aws:events:eu-west-1:${OURS}:rule/x`} | ${OURS}   | ${OURS}   | ${"ImplicitlyDenied"}
  `(
    "has the owner of the resource, and no owner for EventBridge: $action of $owner's, where $said's is allowed, is $expected",
    async ({ action, resource, owner, said, expected }) => {
      const everybody = { ...allow("*", "*"), Principal: { AWS: `arn:aws:iam::${OURS}:root` } };
      const outcome = verdict({
        principal: ROLE,
        action,
        resource,
        resourceAccountId: owner,
        identityPolicies: [policy(allow(action, "*", { StringEquals: { "aws:ResourceAccount": said } }))],
        ...(action.startsWith("s3:") && {
          resourcePolicy: policy({ ...everybody, Action: "s3:*", Resource: `${BUCKET}/*` }),
        }),
      });
      expect(await outcome).toBe(expected);
    },
  );

  it("has the name of a user", async () => {
    const user = `arn:aws:iam::${OURS}:user/team/alice`;
    expect(await put({ StringEquals: { "aws:username": "alice" } }, {}, user)).toBe("Allowed");
  });
});

describe("service principals", () => {
  const TOPIC = `arn:aws:sns:eu-west-1:${OURS}:activity`;
  const topicPolicy = policy({
    ...allow("sns:Publish", TOPIC, { StringEquals: { "aws:SourceAccount": OURS } }),
    Principal: { Service: "events.amazonaws.com" },
  });
  const publish = (principal: string, context: SimulationInput["context"]) =>
    verdict({ principal, action: "sns:Publish", resource: TOPIC, resourcePolicy: topicPolicy, context });

  it("get what the resource's policy grants", async () => {
    expect(await publish("events.amazonaws.com", { "aws:SourceAccount": OURS })).toBe("Allowed");
  });

  it.each`
    principal                 | context
    ${"events.amazonaws.com"} | ${{ "aws:SourceAccount": OTHERS }}
    ${"events.amazonaws.com"} | ${{}}
    ${"s3.amazonaws.com"}     | ${{ "aws:SourceAccount": OURS }}
  `("get nothing else ($principal, $context)", async ({ principal, context }) => {
    expect(await publish(principal, context)).toBe("ImplicitlyDenied");
  });
});

describe("ssmmessages:OpenDataChannel", () => {
  const SESSIONS = `arn:aws:ssm:eu-west-1:${OURS}:session`;
  const open = (statement: object, resource = `${SESSIONS}/AROA1:alice-1`) =>
    verdict({
      principal: `arn:aws:sts::${OURS}:assumed-role/Operator/alice`,
      action: "ssmmessages:OpenDataChannel",
      resource,
      context: { "aws:userid": "AROA1:alice" },
      identityPolicies: [policy(statement)],
    });

  it.each`
    grants                          | statement                                                                          | expected
    ${"own sessions"}               | ${allow("ssmmessages:OpenDataChannel", "arn:aws:ssm:*:*:session/${aws:userid}-*")} | ${"Allowed"}
    ${"every action on a session"}  | ${allow("ssmmessages:*", "arn:aws:ssm:*:*:session/*")}                             | ${"Allowed"}
    ${"other people's sessions"}    | ${allow("ssmmessages:OpenDataChannel", "arn:aws:ssm:*:*:session/AROA2:bob-*")}     | ${"ImplicitlyDenied"}
    ${"another action"}             | ${allow("ssmmessages:CreateDataChannel", "*")}                                     | ${"ImplicitlyDenied"}
    ${"the action it stands in as"} | ${allow("ssm:ResumeSession", "*")}                                                 | ${"ImplicitlyDenied"}
    ${"everything but that"}        | ${{ Effect: "Allow", NotAction: "ssmmessages:Open*", Resource: "*" }}              | ${"ImplicitlyDenied"}
    ${"everything but others"}      | ${{ Effect: "Allow", NotAction: "ssm:*", Resource: "*" }}                          | ${"Allowed"}
  `("on a session with a grant of $grants is $expected", async ({ statement, expected }) => {
    expect(await open(statement)).toBe(expected);
  });

  it("without a session needs a grant on every resource", async () => {
    expect(await open(allow("ssmmessages:OpenDataChannel", "*"), "*")).toBe("Allowed");
    expect(await open(allow("ssmmessages:OpenDataChannel", "arn:aws:ssm:*:*:session/*"), "*")).toBe(
      "ImplicitlyDenied",
    );
  });
});

describe("an explanation", () => {
  it("names the statements that deny", async () => {
    const outcome = await simulate({
      principal: ROLE,
      action: "kms:Decrypt",
      resource: KEY,
      resourceAccountId: OURS,
      identityPolicies: [policy(allow("*", "*"))],
      resourcePolicy: policy(delegate, { ...delegate, Sid: "KeysStayShut", Effect: "Deny" }),
    });
    expect(outcome).toMatchObject({ result: "ExplicitlyDenied", decisive: ["KeysStayShut"] });
  });

  it("names the policy that lacks a grant", async () => {
    const asked = { principal: ROLE, action: "kms:Decrypt", resource: KEY, resourceAccountId: OURS };
    const bare = await simulate({ ...asked, resourcePolicy: policy(delegate) });
    expect(bare.reason).toContain("no identity policy");
  });
});

describe("what cannot be simulated", () => {
  it.each`
    problem                                | input                                                   | text
    ${"an invalid policy"}                 | ${{ identityPolicies: [policy({ Effect: "Permit" })] }} | ${"Effect"}
    ${"a context key that does not apply"} | ${{ context: { "s3:x-amz-acl": "private" } }}           | ${"s3:x-amz-acl"}
    ${"an action that does not exist"}     | ${{ action: "kms:Decypt" }}                             | ${"invalid.action"}
    ${"a resource of another kind"}        | ${{ resource: BUCKET }}                                 | ${"no.resource.types"}
  `("throws on $problem", async ({ input, text }) => {
    await expect(verdict(input)).rejects.toThrow(text);
  });
});
