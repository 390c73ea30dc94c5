import type { AccountsMap } from "../../../accounts/schema";
import { instancePolicy } from "../../../stacks/policies/instance-policy";
import { letUnmask, maskingPolicy, refuseUnmasking } from "../../../stacks/policies/masking-policy";
import { operatorPolicy, reviewerPolicy } from "../../../stacks/policies/people-policy";
import { reviewedIn } from "../../../stacks/policies/reviewed-buckets";
import type { Policy } from "../../../stacks/policies/policy";
import {
  accountIn,
  actor,
  ADMINISTRATOR,
  at,
  destinationsIn,
  EU,
  MEMBER,
  OTHER_MEMBER,
  exampleOrganization,
  roleIn,
  sidsOf,
  US,
  decisionOn,
} from "./helpers";

const ROLES = ["session-reviewer", "people/audit-*"];
const masked: Partial<AccountsMap> = { logs: { masking: { enabled: true } } };
const policiesOf = (changes: Partial<AccountsMap>, name = "payments", roles: readonly string[] = ROLES) => {
  const organization = exampleOrganization(changes);
  const destinations = destinationsIn(organization, name);
  const account = accountIn(organization, name);
  return {
    reviewer: reviewerPolicy(reviewedIn(organization, account, destinations), destinations, roles),
    operator: operatorPolicy(account, destinations),
    instance: instancePolicy(destinations),
  };
};
const own = policiesOf(masked);
const group = (region = EU, account = OTHER_MEMBER) =>
  `arn:aws:logs:${region}:${account}:log-group:/session-audit/acme/sessions`;
const unmask = (role: string, policies: readonly Policy[], resource = group(), administrator = false) => {
  const who = actor(roleIn(OTHER_MEMBER, role), ...policies);
  return decisionOn({
    who: { ...who, policies: administrator ? [...who.policies, ADMINISTRATOR] : who.policies },
    action: "logs:Unmask",
    resource,
    owner: resource.split(":")[4]!,
  });
};

describe("masked data in session logs", () => {
  it.each`
    who                                          | role                  | policies                        | administrator | expected
    ${"a reviewer with a named role"}            | ${"session-reviewer"} | ${[own.reviewer]}               | ${false}      | ${"Allowed"}
    ${"a reviewer whose role a pattern matches"} | ${"people/audit-eu"}  | ${[own.reviewer]}               | ${false}      | ${"Allowed"}
    ${"another reviewer"}                        | ${"reviewer"}         | ${[own.reviewer]}               | ${false}      | ${"ExplicitlyDenied"}
    ${"an administrator who reviews"}            | ${"administrator"}    | ${[own.reviewer]}               | ${true}       | ${"ExplicitlyDenied"}
    ${"an operator"}                             | ${"operator"}         | ${[own.operator]}               | ${false}      | ${"ExplicitlyDenied"}
    ${"an administrator who operates"}           | ${"administrator"}    | ${[own.operator]}               | ${true}       | ${"ExplicitlyDenied"}
    ${"a reviewer who also operates"}            | ${"session-reviewer"} | ${[own.reviewer, own.operator]} | ${false}      | ${"ExplicitlyDenied"}
    ${"an instance"}                             | ${"app-server"}       | ${[own.instance]}               | ${true}       | ${"ExplicitlyDenied"}
    ${"somebody without any policy"}             | ${"someone"}          | ${[]}                           | ${false}      | ${"ImplicitlyDenied"}
  `("is revealed to $who: $expected", async ({ role, policies, administrator, expected }) => {
    expect(await unmask(role, policies, group(), administrator)).toBe(expected);
    expect(await unmask(role, policies, `${group(US)}:log-stream:alice-1`, administrator)).toBe(expected);
  });

  it("is revealed in the account's session logs alone", async () => {
    for (const resource of [
      group(EU, MEMBER),
      `${group()}-2`,
      `arn:aws:logs:${EU}:${OTHER_MEMBER}:log-group:/x`,
    ])
      expect(await unmask("session-reviewer", [own.reviewer], resource)).toBe("ImplicitlyDenied");
  });

  it("is revealed to nobody if the map names no role", async () => {
    const { reviewer } = policiesOf(masked, "payments", []);
    expect(await unmask("session-reviewer", [reviewer])).toBe("ExplicitlyDenied");
    expect(sidsOf(reviewer)).not.toContain("UnmaskSessionLogs");
  });

  it("is in no policy if no log group is masked", () => {
    for (const policy of Object.values(policiesOf({})))
      expect(sidsOf(policy).filter((sid) => /Unmask/.test(sid))).toEqual([]);
  });
});

describe("the statements about masked session logs", () => {
  const regions = destinationsIn(exampleOrganization(masked), "payments");
  const GROUPS = [
    `arn:aws:logs:*:${OTHER_MEMBER}:log-group:/session-audit/acme/sessions`,
    `arn:aws:logs:*:${OTHER_MEMBER}:log-group:/session-audit/acme/sessions:*`,
  ];
  const refusal = { Sid: "RefuseUnmasking", Effect: "Deny", Action: ["logs:Unmask"], Resource: GROUPS };

  it("name the groups of all regions once, and refuse to unmask them", () => {
    expect(regions).toHaveLength(2);
    expect(refuseUnmasking(regions)).toEqual([refusal]);
    expect(letUnmask(regions, [])).toEqual([refusal]);
  });

  it("admit the named roles, and refuse everybody else", () => {
    const who = {
      "aws:PrincipalArn": [roleIn(OTHER_MEMBER, "auditor"), roleIn(OTHER_MEMBER, "people/audit-*")],
    };
    const allowed = {
      Effect: "Allow",
      Action: ["logs:Unmask"],
      Resource: GROUPS,
      Condition: { ArnLike: who },
    };
    expect(letUnmask(regions, ["auditor", "people/audit-*"])).toEqual([
      { Sid: "UnmaskSessionLogs", ...allowed },
      { ...refusal, Condition: { ArnNotLike: who } },
    ]);
  });

  it("leave out groups that are not masked, and are none if no group is masked", () => {
    const [first, second] = regions;
    const open = { ...second!, masked: false, logGroup: "/open" };
    expect(refuseUnmasking([first!, open])).toEqual([refusal]);
    expect(refuseUnmasking([open])).toEqual([]);
    expect(refuseUnmasking([{ ...first!, logGroup: null }])).toEqual([]);
    expect(letUnmask([open], ROLES)).toEqual([]);
  });
});

describe("the data protection policy of a log group", () => {
  const masking = { enabled: true, identifiers: [], custom: [], findingsLogGroup: null };
  const CREDENTIALS = [
    "AwsSecretKey",
    "OpenSshPrivateKey",
    "PgpPrivateKey",
    "PkcsPrivateKey",
    "PuttyPrivateKey",
  ];
  const arn = (name: string) => `arn:aws:dataprotection::aws:data-identifier/${name}`;
  const deidentify = { Deidentify: { MaskConfig: {} } };

  it("finds and masks credentials, and keeps no findings", () => {
    const DataIdentifier = CREDENTIALS.map(arn);
    expect(maskingPolicy(at(OTHER_MEMBER), masking)).toEqual({
      Name: "session-audit-acme",
      Description: "Secrets in what sessions show",
      Version: "2021-06-01",
      Statement: [
        { Sid: "FindSecrets", DataIdentifier, Operation: { Audit: { FindingsDestination: {} } } },
        { Sid: "MaskSecrets", DataIdentifier, Operation: deidentify },
      ],
    });
  });

  it("masks what the map adds too, and sends findings to the log group that the map names", () => {
    const { Configuration, Statement } = maskingPolicy(at(OTHER_MEMBER), {
      ...masking,
      identifiers: ["EmailAddress"],
      custom: [{ name: "token", regex: "t-[0-9]+" }],
      findingsLogGroup: "/findings",
    });
    const DataIdentifier = [...[...CREDENTIALS, "EmailAddress"].map(arn), "token"];
    const destination = { FindingsDestination: { CloudWatchLogs: { LogGroup: "/findings" } } };
    expect(Configuration).toEqual({ CustomDataIdentifier: [{ Name: "token", Regex: "t-[0-9]+" }] });
    expect(Statement).toEqual([
      { Sid: "FindSecrets", DataIdentifier, Operation: { Audit: destination } },
      { Sid: "MaskSecrets", DataIdentifier, Operation: deidentify },
    ]);
  });
});
