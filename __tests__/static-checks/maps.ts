import exampleMap from "../../accounts";
import type { AccountsMap } from "../../accounts/schema";
import { SLACK, TEAMS } from "../fixtures/chat";
import { exampleWith } from "../helpers/synth";
import { GUARDRAILS } from "../stacks/policies/guardrail-helpers";

const everythingOn: AccountsMap = exampleWith((map) => {
  map.transcripts = {
    ...map.transcripts,
    replication: { region: "eu-west-1" },
    lifecycle: {
      glacierInstantRetrievalAfterDays: 30,
      glacierAfterDays: 90,
      deepArchiveAfterDays: 365,
      expireAfterDays: 2557,
      noncurrentExpireAfterDays: 400,
    },
  };
  map.notifications!.security = {
    subscribers: [{ protocol: "https", endpoint: "https://soc.example.com/findings" }],
    chat: [SLACK, TEAMS],
    actions: [
      { type: "lambda", function: "on-finding" },
      { type: "run-command", document: "Acme-OnFinding", tag: { key: "Role", values: ["audit"] } },
      { type: "event-bus", eventBus: "arn:aws:events:eu-central-1:999999999999:event-bus/security" },
    ],
    ignoredRoles: ["arn:aws:iam::444444444444:role/session-audit-deploy"],
  };
  map.logs = {
    subscription: { destinationArn: "arn:aws:logs:{region}:111111111111:destination:siem" },
    masking: { enabled: true },
  };
  map.guardrails = GUARDRAILS;
  map.accounts["storefront"]!.network = [
    {
      vpcId: "vpc-0123456789abcdef0",
      subnetIds: ["subnet-0123456789abcdef0"],
      routeTableIds: ["rtb-0123456789abcdef0"],
      clientCidrs: ["10.0.0.0/16"],
    },
  ];
  map.prerequisites = { maintain: ["ssm-agent", "linux-tools"] };
  const payments = map.accounts["payments"]!;
  payments.trail = "create";
  payments.access = { instanceProfile: true };
  payments.guard = { enabled: true, reservedConcurrency: 2 };
});

/** Nothing but what a map must have: each target keeps its records in buckets of its own. */
const withoutArchive: AccountsMap = exampleWith((map) => {
  delete map.archive;
  delete map.accounts["log-archive"];
  delete map.transcripts;
  map.organization = { name: "acme" };
});

/** Whatever may be left out for less cost is left out: what that gives up is written beside each resource. */
const plainest: AccountsMap = exampleWith((map) => {
  map.organization = { name: "acme" };
  map.encryption = { mode: "s3-managed" };
  map.preferences = { encryptSessionData: false, enforce: { cloudWatch: false } };
  map.transcripts = { ...map.transcripts, objectLock: { mode: "off" }, accessLogs: "none" };
  map.logs = {
    retentionDays: 30,
    subscription: { destinationArn: "arn:aws:lambda:{region}:{account}:function:siem" },
  };
  map.guard = { enabled: true };
  map.accounts["payments"]!.regions = ["eu-central-1", "us-east-1"];
});

/** Maps that together deploy every kind of resource, strongest and plainest. */
export const CHECKED_MAPS: readonly (readonly [string, AccountsMap])[] = [
  ["the example", exampleMap],
  ["everything on", everythingOn],
  ["without an archive", withoutArchive],
  ["the plainest", plainest],
];
