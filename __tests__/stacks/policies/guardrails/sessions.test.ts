import map from "../../../fixtures/example-map";
import { wildcardMatches } from "../../../../emulator/iam/policy-document";
import { operatorPolicy } from "../../../../stacks/policies/people-policy";
import { guarded, guardrailsOf, judged, type Call } from "./helpers";
import {
  accountIn,
  actor,
  ADMINISTRATOR,
  administratorOf,
  destinationsIn,
  EU,
  keyIn,
  MEMBER,
  roleIn,
  statementOf,
  STRANGER,
  US,
} from "../helpers";

const GUARDRAILS = guardrailsOf();
const document = (name: string, owner = MEMBER) => `arn:aws:ssm:${EU}:${owner}:document/${name}`;
const INSTANCE = `arn:aws:ec2:${EU}:${MEMBER}:instance/i-0123456789abcdef0`;
const MANAGED = `arn:aws:ssm:${EU}:${MEMBER}:managed-instance/mi-0123456789abcdef0`;
const PREFERENCES = document("SSM-SessionManagerRunShell");
const TASK = `arn:aws:ecs:${EU}:${MEMBER}:task/cluster/0123456789abcdef0`;
const start = (resource: string, region = EU): Call => ({
  action: "ssm:StartSession",
  resource: resource.replaceAll(EU, region),
  owner: resource.split(":")[4]!,
  context: { "aws:RequestedRegion": region, "ssm:SessionDocumentAccessCheck": "true" },
});

const organization = guarded();
const OPERATOR = actor(
  `arn:aws:sts::${MEMBER}:assumed-role/Operators/alice`,
  operatorPolicy(accountIn(organization, "sandbox"), destinationsIn(organization, "sandbox")),
);
const BREAK_GLASS = actor(roleIn(MEMBER, "break-glass"), ADMINISTRATOR);
const DEPLOYMENT = actor(roleIn(MEMBER, "session-audit-deploy"), ADMINISTRATOR);

/** AWS authorizes the node, and the document if one is named or the access check is on. Each must be allowed. */
describe.each([
  ["an operator with the operator policy", OPERATOR],
  ["an administrator", administratorOf(MEMBER)],
])("%s", (_who, who) => {
  it.each([
    ["an instance", INSTANCE],
    ["a managed instance", MANAGED],
    ["the preferences, named or not", PREFERENCES],
  ])("may start a session with %s", async (_what, resource) => {
    expect((await judged(who, start(resource), GUARDRAILS)).result).toBe("Allowed");
  });

  it("may resume and end a session, and open its data channel", async () => {
    const resource = `arn:aws:ssm:${EU}:${MEMBER}:session/AROAEXAMPLEROLEID:alice-0123456789abcdef0`;
    for (const action of ["ssm:ResumeSession", "ssm:TerminateSession", "ssmmessages:OpenDataChannel"])
      expect((await judged(OPERATOR, { action, resource }, GUARDRAILS)).result).toBe("Allowed");
  });
});

describe("an administrator", () => {
  it.each([
    ["a document of their own", document("Unrecorded")],
    ["a document with a longer name", document("SSM-SessionManagerRunShell-2")],
    // The simulator knows no ARN without an account id, as documents of AWS have. This document stands for one.
    ["port forwarding", document("AWS-StartPortForwardingSession")],
    ["a container, past ECS Exec", TASK],
  ])("is refused a session with %s", async (_what, resource) => {
    const verdict = await judged(administratorOf(MEMBER), start(resource), GUARDRAILS);
    expect(verdict).toEqual({ result: "ExplicitlyDenied", decisive: ["RefuseUnrecordedSessions"] });
  });

  it("is refused a document with the name of the preferences that another account shares", async () => {
    const shared = start(document("SSM-SessionManagerRunShell", STRANGER));
    // The owner would have to allow this too. Here only the guardrail that refuses is of interest.
    const { decisive } = await judged(administratorOf(MEMBER), shared, GUARDRAILS);
    expect(decisive).toEqual(["RefuseForeignDocuments"]);
  });

  it("is not refused if the request does not say whose the document is", async () => {
    const { context, ...call } = start(PREFERENCES);
    const unsaid = { ...call, context: { ...context, "aws:ResourceAccount": undefined } };
    expect((await judged(administratorOf(MEMBER), unsaid, GUARDRAILS)).result).toBe("Allowed");
  });

  it.each([INSTANCE, MANAGED, PREFERENCES])(
    "is refused a session in a region that the map does not have: %s",
    async (on) => {
      const verdict = await judged(administratorOf(MEMBER), start(on, "eu-west-1"), GUARDRAILS);
      expect(verdict).toEqual({ result: "ExplicitlyDenied", decisive: ["RefuseSessionsElsewhere"] });
    },
  );

  it("may start a session in each region of the map", async () => {
    for (const region of [EU, US])
      expect((await judged(administratorOf(MEMBER), start(INSTANCE, region), GUARDRAILS)).result).toBe(
        "Allowed",
      );
  });

  it.each(["ecs:ExecuteCommand", "ssm:SendCommand"])(
    "may call %s, which starts no session of Session Manager",
    async (action) => {
      const resource = action.startsWith("ecs") ? TASK : INSTANCE;
      expect((await judged(administratorOf(MEMBER), { action, resource }, GUARDRAILS)).result).toBe(
        "Allowed",
      );
    },
  );
});

describe("break-glass", () => {
  it.each([document("Unrecorded"), document("AWS-StartPortForwardingSession"), TASK])(
    "starts any session: %s",
    async (resource) => {
      expect((await judged(BREAK_GLASS, start(resource), GUARDRAILS)).result).toBe("Allowed");
      expect((await judged(BREAK_GLASS, start(INSTANCE, "eu-west-1"), GUARDRAILS)).result).toBe("Allowed");
    },
  );

  it("is no exemption of the deployment role, which needs no session", async () => {
    expect((await judged(DEPLOYMENT, start(document("Unrecorded")), GUARDRAILS)).result).toBe(
      "ExplicitlyDenied",
    );
    expect((await judged(DEPLOYMENT, start(INSTANCE, "eu-west-1"), GUARDRAILS)).result).toBe(
      "ExplicitlyDenied",
    );
  });

  it("is nobody if the map names no role", async () => {
    const none = guardrailsOf(guarded({ breakGlassRoles: [] }));
    expect((await judged(BREAK_GLASS, start(document("Unrecorded")), none)).result).toBe("ExplicitlyDenied");
    expect(
      (await judged(DEPLOYMENT, { action: "ssm:UpdateDocument", resource: PREFERENCES }, none)).result,
    ).toBe("Allowed");
  });
});

describe("a document that is allowed", () => {
  const guardrails = guardrailsOf(
    guarded({ allowedDocuments: ["AWS-StartPortForwardingSession", "Acme-Shell"] }),
  );
  const { NotResource = [] } = statementOf(guardrails[0]!.policy, "RefuseUnrecordedSessions");
  const spared = (arn: string) => NotResource.some((pattern) => wildcardMatches(pattern, arn));

  it("may be used, if it is the caller's own", async () => {
    const verdict = (name: string, owner?: string) =>
      judged(administratorOf(MEMBER), start(document(name, owner)), guardrails);
    expect((await verdict("Acme-Shell")).result).toBe("Allowed");
    expect((await verdict("Acme-Shell", STRANGER)).result).toBe("ExplicitlyDenied");
    expect((await verdict("Another")).result).toBe("ExplicitlyDenied");
  });

  it("may be used, if it is AWS's, whose ARN names no account", () => {
    expect(spared(document("AWS-StartPortForwardingSession", ""))).toBe(true);
    expect(spared(document("AWS-StartSSHSession", ""))).toBe(false);
    // Only AWS can create a document of such a name. One of another account would be refused.
    expect(spared(document("AWS-StartPortForwardingSession"))).toBe(false);
  });
});

describe("without the refusal of unrecorded sessions", () => {
  const guardrails = guardrailsOf(guarded({ refuseUnrecordedSessions: false }));

  it("any session may be started, and what records is still protected", async () => {
    const admin = administratorOf(MEMBER);
    expect((await judged(admin, start(document("Unrecorded")), guardrails)).result).toBe("Allowed");
    expect((await judged(admin, start(INSTANCE, "eu-west-1"), guardrails)).result).toBe("Allowed");
    const change = { action: "ssm:UpdateDocument", resource: PREFERENCES };
    expect((await judged(admin, change, guardrails)).result).toBe("ExplicitlyDenied");
  });
});

describe("existing resources", () => {
  const sandbox = {
    ...map.accounts["sandbox"]!,
    transcripts: { bucket: { existing: "theirs", keyArn: keyIn(MEMBER, EU, "bucket") } },
    logs: { group: { existing: "/their/group" } },
    encryption: { mode: "existing" as const, keyArn: keyIn(MEMBER, EU, "data") },
    notifications: { security: { topic: { existing: "soc" } } },
  };
  const changes = { accounts: { ...map.accounts, sandbox } };
  const guardrails = guardrailsOf(guarded({}, changes));
  const group = `arn:aws:logs:${EU}:${MEMBER}:log-group:/their/group`;
  const verdict = (action: string, resource: string, all = guardrails, who = administratorOf(MEMBER)) =>
    judged(who, { action, resource }, all, {
      resourcePolicy: action.startsWith("kms:")
        ? {
            Version: "2012-10-17",
            Statement: [
              {
                Effect: "Allow",
                Principal: { AWS: `arn:aws:iam::${MEMBER}:root` },
                Action: "kms:*",
                Resource: "*",
              },
            ],
          }
        : undefined,
    });

  it.each([
    ["KeepExistingBuckets", "s3:PutBucketPolicy", "arn:aws:s3:::theirs"],
    ["KeepExistingBuckets", "s3:DeleteObjectVersion", `arn:aws:s3:::theirs/sessions/${MEMBER}/x.log`],
    ["KeepExistingLogGroups", "logs:DeleteLogGroup", group],
    ["KeepExistingLogGroups", "logs:DeleteLogStream", `${group}:log-stream:x`],
    ["KeepExistingKeys", "kms:ScheduleKeyDeletion", keyIn(MEMBER, EU, "data")],
    ["KeepExistingKeys", "kms:PutKeyPolicy", keyIn(MEMBER, EU, "bucket")],
    ["KeepExistingTopics", "sns:DeleteTopic", `arn:aws:sns:${EU}:${MEMBER}:soc`],
  ])("are kept by %s: %s on %s", async (sid, action, resource) => {
    expect(await verdict(action, resource)).toEqual({ result: "ExplicitlyDenied", decisive: [sid] });
    expect((await verdict(action, resource, guardrails, DEPLOYMENT)).result).toBe("Allowed");
    const unprotected = guardrailsOf(guarded({ protectExisting: false }, changes));
    expect((await verdict(action, resource, unprotected)).result).toBe("Allowed");
  });

  it.each([
    ["s3:DeleteObject", "arn:aws:s3:::theirs/other/x"],
    ["s3:PutBucketPolicy", "arn:aws:s3:::theirs-2"],
    ["logs:DeleteLogGroup", `${group}-2`],
    ["kms:ScheduleKeyDeletion", keyIn(MEMBER, EU, "another")],
    ["sns:DeleteTopic", `arn:aws:sns:${EU}:${MEMBER}:soc-2`],
  ])("do not include others: %s on %s", async (action, resource) => {
    expect((await verdict(action, resource)).result).toBe("Allowed");
  });

  it("include the key of a replica", async () => {
    const vault = {
      id: "555555555555",
      homeRegion: "eu-west-1",
      regions: [],
      encryption: { mode: "existing" as const, keyArn: keyIn("555555555555", "eu-west-1") },
    };
    const replicated = guardrailsOf(
      guarded(
        {},
        {
          accounts: { ...map.accounts, vault },
          transcripts: { ...map.transcripts, replication: { account: "vault", region: "eu-west-1" } },
        },
      ),
    );
    const { Resource } = statementOf(replicated.at(-1)!.policy, "KeepExistingKeys");
    expect(Resource).toEqual([keyIn("555555555555", "eu-west-1")]);
  });

  it("have no policy if the map names none", () => {
    expect(GUARDRAILS.map(({ id }) => id)).toEqual(["Sessions", "Records", "Channels"]);
    expect(guardrails.map(({ id }) => id)).toEqual(["Sessions", "Records", "Channels", "Existing"]);
  });
});
