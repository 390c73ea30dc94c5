import type { Organization } from "../../../accounts/model/organization";
import { arns, names } from "../../../stacks/names";
import { reportPolicy, reportTrust } from "../../../stacks/policies/report-policy";
import { checkMap } from "../../../stacks/read-organization";
import { replicated } from "../../helpers/replicated";
import {
  accountIn,
  actor,
  ARCHIVE,
  at,
  decisionOn,
  EU,
  exampleOrganization,
  exampleWithoutArchive,
  MEMBER,
  OTHER_MEMBER,
  roleIn,
  STRANGER,
  US,
} from "./helpers";

const ROLE = "session-audit-acme-report";
const may = (
  organization: Organization,
  name: string,
  request: { action: string; resource: string; owner: string; context?: Record<string, string> },
) => {
  const account = accountIn(organization, name);
  const who = actor(roleIn(account.id, ROLE), reportPolicy(organization, account));
  return decisionOn({ who, ...request });
};

const bucketOf = (account: string, region = EU) =>
  arns.bucket(at(account), names.transcriptBucket(at(account, region)));
const GROUP = arns.logGroup(at(MEMBER), names.logGroup(at(MEMBER)));
const STREAM = `${GROUP}:log-stream:alice-0123456789abcdef0`;
const document = (name: string, owner = MEMBER) => `arn:aws:ssm:${EU}:${owner}:document/${name}`;
const PREFERENCES = document("SSM-SessionManagerRunShell");

describe("in the report role of an account, a report", () => {
  const organization = exampleWithoutArchive();
  const BUCKET = bucketOf(MEMBER);
  const TRANSCRIPT = `${BUCKET}/sessions/${MEMBER}/${EU}/alice.log`;
  const OWN = { "aws:ResourceAccount": MEMBER };

  it.each`
    action                               | resource                                                 | expected
    ${"ssm:DescribeSessions"}            | ${"*"}                                                   | ${"Allowed"}
    ${"ssm:DescribeInstanceInformation"} | ${"*"}                                                   | ${"Allowed"}
    ${"cloudtrail:LookupEvents"}         | ${"*"}                                                   | ${"Allowed"}
    ${"cloudtrail:DescribeTrails"}       | ${"*"}                                                   | ${"ImplicitlyDenied"}
    ${"ssm:DescribeParameters"}          | ${"*"}                                                   | ${"ImplicitlyDenied"}
    ${"ssm:ListDocumentVersions"}        | ${PREFERENCES}                                           | ${"Allowed"}
    ${"ssm:GetDocument"}                 | ${PREFERENCES}                                           | ${"Allowed"}
    ${"logs:DescribeLogStreams"}         | ${GROUP}                                                 | ${"Allowed"}
    ${"s3:ListBucketVersions"}           | ${BUCKET}                                                | ${"Allowed"}
    ${"s3:GetObjectRetention"}           | ${TRANSCRIPT}                                            | ${"Allowed"}
    ${"s3:GetObject"}                    | ${TRANSCRIPT}                                            | ${"ImplicitlyDenied"}
    ${"s3:GetObjectVersion"}             | ${TRANSCRIPT}                                            | ${"ImplicitlyDenied"}
    ${"s3:GetObjectAttributes"}          | ${TRANSCRIPT}                                            | ${"ImplicitlyDenied"}
    ${"s3:PutObject"}                    | ${TRANSCRIPT}                                            | ${"ImplicitlyDenied"}
    ${"s3:PutObjectRetention"}           | ${TRANSCRIPT}                                            | ${"ImplicitlyDenied"}
    ${"s3:BypassGovernanceRetention"}    | ${TRANSCRIPT}                                            | ${"ImplicitlyDenied"}
    ${"s3:DeleteObjectVersion"}          | ${TRANSCRIPT}                                            | ${"ImplicitlyDenied"}
    ${"s3:GetBucketPolicy"}              | ${BUCKET}                                                | ${"ImplicitlyDenied"}
    ${"s3:PutBucketPolicy"}              | ${BUCKET}                                                | ${"ImplicitlyDenied"}
    ${"logs:GetLogEvents"}               | ${STREAM}                                                | ${"ImplicitlyDenied"}
    ${"logs:FilterLogEvents"}            | ${GROUP}                                                 | ${"ImplicitlyDenied"}
    ${"logs:StartQuery"}                 | ${GROUP}                                                 | ${"ImplicitlyDenied"}
    ${"logs:Unmask"}                     | ${GROUP}                                                 | ${"ImplicitlyDenied"}
    ${"logs:PutLogEvents"}               | ${STREAM}                                                | ${"ImplicitlyDenied"}
    ${"logs:DeleteLogStream"}            | ${STREAM}                                                | ${"ImplicitlyDenied"}
    ${"logs:DescribeLogStreams"}         | ${arns.logGroup(at(MEMBER), "/aws/lambda/other")}        | ${"ImplicitlyDenied"}
    ${"ssm:GetDocument"}                 | ${document("Secrets")}                                   | ${"ImplicitlyDenied"}
    ${"ssm:UpdateDocument"}              | ${PREFERENCES}                                           | ${"ImplicitlyDenied"}
    ${"ssm:StartSession"}                | ${`arn:aws:ec2:${EU}:${MEMBER}:instance/i-0123456789ab`} | ${"ImplicitlyDenied"}
    ${"ssm:TerminateSession"}            | ${`arn:aws:ssm:${EU}:${MEMBER}:session/alice-0`}         | ${"ImplicitlyDenied"}
    ${"ssm:GetParameter"}                | ${`arn:aws:ssm:${EU}:${MEMBER}:parameter/secret`}        | ${"ImplicitlyDenied"}
    ${"kms:Decrypt"}                     | ${`arn:aws:kms:${EU}:${MEMBER}:key/1`}                   | ${"ImplicitlyDenied"}
    ${"cloudtrail:StopLogging"}          | ${`arn:aws:cloudtrail:${EU}:${MEMBER}:trail/t`}          | ${"ImplicitlyDenied"}
    ${"iam:PassRole"}                    | ${roleIn(MEMBER, "admin")}                               | ${"ImplicitlyDenied"}
    ${"sts:AssumeRole"}                  | ${roleIn(MEMBER, "admin")}                               | ${"ImplicitlyDenied"}
    ${"sns:Publish"}                     | ${`arn:aws:sns:${EU}:${MEMBER}:any`}                     | ${"ImplicitlyDenied"}
  `("may do $action on $resource: $expected", async ({ action, resource, expected }) => {
    expect(await may(organization, "sandbox", { action, resource, owner: MEMBER, context: OWN })).toBe(
      expected,
    );
  });

  it("names what the one statement about every resource permits, and no more", () => {
    const { Statement } = reportPolicy(organization, accountIn(organization, "sandbox"));
    const onEverything = Statement.filter(({ Resource }) => Resource === "*");
    expect(onEverything.map(({ Sid, Action }) => [Sid, Action])).toEqual([
      [
        "ListSessionsNodesAndEvents",
        ["cloudtrail:LookupEvents", "ssm:DescribeInstanceInformation", "ssm:DescribeSessions"],
      ],
    ]);
  });

  it("lists no bucket of that name that another account has taken", async () => {
    const context = { "aws:ResourceAccount": STRANGER };
    const asked = { action: "s3:ListBucketVersions", resource: BUCKET, owner: STRANGER, context };
    expect(await may(organization, "sandbox", asked)).toBe("ImplicitlyDenied");
  });
});

describe("the transcripts of an archive are listed", () => {
  const organization = exampleOrganization();
  const list = (name: string, owner: string, resource: string) =>
    may(organization, name, {
      action: "s3:ListBucketVersions",
      resource,
      owner,
      context: { "aws:ResourceAccount": owner },
    });

  it("in the report role of the archive account", async () => {
    expect(await list("log-archive", ARCHIVE, bucketOf(ARCHIVE))).toBe("Allowed");
    expect(await list("log-archive", ARCHIVE, bucketOf(ARCHIVE, US))).toBe("Allowed");
  });

  it("in the report role of no other account", async () => {
    expect(await list("sandbox", ARCHIVE, bucketOf(ARCHIVE))).toBe("ImplicitlyDenied");
  });

  it("and neither session history nor CloudTrail of an account without sessions is", async () => {
    for (const action of ["ssm:DescribeSessions", "cloudtrail:LookupEvents"])
      expect(await may(organization, "log-archive", { action, resource: "*", owner: ARCHIVE })).toBe(
        "ImplicitlyDenied",
      );
  });
});

it("a replica is listed in the report role of its owner", async () => {
  const organization = checkMap(replicated(), "map");
  const [replica] = organization.replicas;
  const bucket = names.replicaBucket({ ...at(replica!.source.account.id, replica!.source.region) });
  const owner = replica!.account;
  const asked = {
    action: "s3:ListBucketVersions",
    resource: arns.bucket(at(owner.id), bucket),
    owner: owner.id,
    context: { "aws:ResourceAccount": owner.id },
  };
  expect(await may(organization, owner.name, asked)).toBe("Allowed");
});

describe("the report role", () => {
  const TRUST = reportTrust([
    roleIn(ARCHIVE, "auditor"),
    roleIn(MEMBER, "aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Audit_*"),
  ]);
  const SSO = "aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Audit_0123456789abcdef";
  const allowed = {
    Version: "2012-10-17",
    Statement: [{ Sid: "Take", Effect: "Allow", Action: "sts:*", Resource: "*" }],
  } as const;

  it.each`
    by                                          | principal                                       | expected
    ${"a role of the map"}                      | ${roleIn(ARCHIVE, "auditor")}                   | ${"Allowed"}
    ${"a role that a pattern matches"}          | ${roleIn(MEMBER, SSO)}                          | ${"Allowed"}
    ${"another role of that account"}           | ${roleIn(ARCHIVE, "other")}                     | ${"ImplicitlyDenied"}
    ${"a role whose name begins so"}            | ${roleIn(ARCHIVE, "auditor-2")}                 | ${"ImplicitlyDenied"}
    ${"a role of that name of another account"} | ${roleIn(MEMBER, "auditor")}                    | ${"ImplicitlyDenied"}
    ${"a user of that account"}                 | ${`arn:aws:iam::${ARCHIVE}:user/auditor`}       | ${"ImplicitlyDenied"}
    ${"another role of the account itself"}     | ${roleIn(OTHER_MEMBER, "session-audit-deploy")} | ${"ImplicitlyDenied"}
    ${"a stranger"}                             | ${roleIn(STRANGER, "auditor")}                  | ${"ImplicitlyDenied"}
  `("is taken by $by: $expected", async ({ principal, expected }) => {
    const resource = roleIn(OTHER_MEMBER, ROLE);
    const policy = { ...TRUST, Statement: TRUST.Statement.map((one) => ({ ...one, Resource: resource })) };
    const asked = { action: "sts:AssumeRole", resource, owner: OTHER_MEMBER, policy };
    expect(await decisionOn({ who: actor(principal as string, allowed), ...asked })).toBe(expected);
  });

  it("is taken by no AWS service", () => {
    expect(JSON.stringify(TRUST)).not.toContain("Service");
  });
});
