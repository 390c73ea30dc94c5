import { OTHER_ACCESS_KINDS } from "../../../aws/other-access";
import { addPipeline, exampleWith } from "../../helpers/example";
import map from "../../fixtures/example-map";
import { centralSites } from "../../../accounts/model/central";
import { createdServices, trafficOf } from "../../../accounts/model/endpoints";
import type { AccountIdentity, Organization } from "../../../accounts/model/organization";
import { actionsIn } from "../../../stacks/events/actions";
import { forwardingOf } from "../../../stacks/events/forwarding";
import { channelNames, homeOf, names, pipelineOf, placeOf } from "../../../stacks/names";
import { actionTrust } from "../../../stacks/policies/action-policy";
import { transcriptBucketPolicy } from "../../../stacks/policies/bucket-policy";
import { centralBusPolicy, centralKeyPolicy } from "../../../stacks/policies/central-policy";
import { accessLogBucketPolicy, trailBucketPolicy } from "../../../stacks/policies/log-bucket-policy";
import { destinationsOf } from "../../../stacks/policies/destinations";
import {
  pipelineBucketPolicy,
  pipelineDeadLetterPolicy,
  pipelineKeyPolicy,
  pipelineQueuePolicy,
  serviceTrust,
  stateMachinePolicy,
  workerPolicy,
} from "../../../stacks/policies/pipeline-policy";
import { guardrailsFor } from "../../../stacks/policies/guardrails";
import { guardrailScopeOf } from "../../../stacks/policies/guardrails/scope";
import {
  guardDutiesOf,
  guardPolicy,
  guardQueuePolicy,
  guardRoleOf,
  guardTablePolicy,
} from "../../../stacks/policies/guard-policy";
import { endpointPolicy, reachOf } from "../../../stacks/policies/endpoint-policy";
import { instancePolicy, instanceTrust } from "../../../stacks/policies/instance-policy";
import {
  archiveKeyPolicy,
  archiveKeyUsesOf,
  keyUsesOf,
  sessionKeyPolicy,
  trailKeyPolicy,
} from "../../../stacks/policies/key-policy";
import {
  subscriptionOf,
  subscriptionPolicy,
  subscriptionTrust,
} from "../../../stacks/policies/log-subscription";
import { deadLetterPolicy, topicPolicy } from "../../../stacks/policies/notification-policy";
import { operatorPolicy, reviewerPolicy } from "../../../stacks/policies/people-policy";
import { reviewedIn } from "../../../stacks/policies/reviewed-buckets";
import type { Policy } from "../../../stacks/policies/policy";
import { reportPolicy, reportTrust } from "../../../stacks/policies/report-policy";
import { chatTrustPolicy } from "../../../stacks/policies/chat-policy";
import { membersOf } from "../../../stacks/policies/principals";
import { SLACK } from "../../fixtures/chat";
import { GUARDRAILS } from "./guardrails/helpers";
import {
  recordingBucketPolicy,
  recordingsIn,
  recordingsOf,
  reviewedRecordingsIn,
} from "../../../stacks/policies/recording-policy";
import { replicaBucketPolicy, replicaKeyPolicy } from "../../../stacks/policies/replica-policy";
import { replicationOf, replicationPolicy } from "../../../stacks/policies/replication-policy";
import { checkMap } from "../../../stacks/read-organization";
import { replicated, replicatedTargets } from "../../helpers/replicated";
import {
  keyIn,
  MEMBER,
  OTHER_MEMBER,
  exampleOrganization,
  roleIn,
  STRANGER,
  US,
  exampleWithoutArchive,
} from "./helpers";

/** Roles that publish summaries of reports. */
const reportersIn = ({ partition }: Pick<AccountIdentity, "partition">) => [
  roleIn(MEMBER, "auditor", partition),
  roleIn(STRANGER, "audit-*", partition),
];

export type PolicyKind =
  | "endpoint"
  | "bucket"
  | "bus"
  | "key"
  | "topic"
  | "queue"
  | "table"
  | "identity"
  | "trust"
  | "serviceControl";

export interface NamedPolicy {
  readonly name: string;
  readonly kind: PolicyKind;
  readonly policy: Policy;
}

/** Every policy in the stacks of an organization. */
export function policiesOf(organization: Organization): NamedPolicy[] {
  const sites = organization.archives.flatMap((site): NamedPolicy[] => {
    const place = placeOf(organization, site);
    const { transcripts, protect } = site.settings;
    const bucket = names.transcriptBucket(place);
    const logs = names.accessLogBucket(place);
    const members = membersOf(organization);
    const at = site.region;
    const guardRole = guardRoleOf(organization, site);
    const written = { ...transcripts, bucket, members, guardRole, protect };
    return [
      {
        name: `archive bucket ${at}`,
        kind: "bucket",
        policy: transcriptBucketPolicy(place, { ...written, keyArn: keyIn(site.account.id, at) }),
      },
      {
        name: `archive bucket ${at}, AES256`,
        kind: "bucket",
        policy: transcriptBucketPolicy(place, { ...written, keyArn: null }),
      },
      {
        name: `archive key ${at}`,
        kind: "key",
        policy: archiveKeyPolicy(place, archiveKeyUsesOf(organization, site, place)),
      },
      {
        name: `access logs ${at}`,
        kind: "bucket",
        policy: accessLogBucketPolicy(place, { bucket: logs, source: bucket, protect }),
      },
    ];
  });
  const central = centralSites(organization).flatMap((site): NamedPolicy[] => {
    const place = placeOf(organization, site);
    const { topic } = channelNames({ kind: "central", place });
    return [
      {
        name: `central bus ${site.region}`,
        kind: "bus",
        policy: centralBusPolicy({ kind: "central", place }, membersOf(organization)),
      },
      {
        name: `central key ${site.region}`,
        kind: "key",
        policy: centralKeyPolicy(place, [topic], reportersIn(place.account)),
      },
    ];
  });
  const place = organization.central && placeOf(organization, organization.central);
  const all = (place === null ? [] : (["all-activity", "all-security"] as const)).flatMap(
    (kind): NamedPolicy[] => {
      const members = membersOf(organization);
      const { topic } = channelNames({ kind, place: place! });
      return [
        { name: `bus ${kind}`, kind: "bus", policy: centralBusPolicy({ kind, place: place! }, members) },
        { name: `key ${kind}`, kind: "key", policy: centralKeyPolicy(place!, [topic], [], members) },
        { name: `topic ${kind}`, kind: "topic", policy: topicPolicy(place!, topic, [], members) },
      ];
    },
  );
  const targets = organization.targets.flatMap((target): NamedPolicy[] => {
    const place = placeOf(organization, target);
    const at = `${target.account.name} ${target.region}`;
    const { transcripts, protect } = target.settings;
    const rule = channelNames({ kind: "activity", place }).topic;
    const queue = channelNames({ kind: "activity", place }).deadLetters;
    const actions = (["activity", "security"] as const).flatMap((channel) =>
      actionsIn(target.settings, place, channel, true).flatMap(({ role, rules }): NamedPolicy[] =>
        role === null
          ? []
          : [
              { name: `role ${role.name}`, kind: "identity", policy: role.policy },
              {
                name: `trust of ${role.name}`,
                kind: "trust",
                policy: actionTrust(
                  place,
                  rules.map(({ name }) => name),
                ),
              },
            ],
      ),
    );
    const own = { ...transcripts, bucket: names.transcriptBucket(place), members: null, protect };
    const recordings = recordingsOf(organization, target);
    const duties = guardDutiesOf(organization, target);
    const guard: NamedPolicy[] = duties
      ? [
          { name: `guard ${at}`, kind: "identity", policy: guardPolicy(duties) },
          { name: `guard's queue ${at}`, kind: "queue", policy: guardQueuePolicy(place, ["rule"]) },
          { name: `guard's table ${at}`, kind: "table", policy: guardTablePolicy(place) },
        ]
      : [];
    const forwarding = forwardingOf(organization, { kind: "target", place, at: target, ownsBucket: true });
    const forwarders: NamedPolicy[] =
      forwarding === null
        ? []
        : [
            { name: `role ${forwarding.role.name}`, kind: "identity", policy: forwarding.role.policy },
            {
              name: `trust of ${forwarding.role.name}`,
              kind: "trust",
              policy: actionTrust(place, [forwarding.alarms!.name]),
            },
          ];
    return [
      ...guard,
      ...forwarders,
      ...(recordings === null
        ? []
        : [
            {
              name: `recordings ${at}`,
              kind: "bucket" as const,
              policy: recordingBucketPolicy(place, { ...recordings, protect }),
            },
          ]),
      {
        name: `session key ${at}`,
        kind: "key",
        policy: sessionKeyPolicy(place, keyUsesOf(target, place, reportersIn(place.account), recordings)),
      },
      {
        name: `own bucket ${at}`,
        kind: "bucket",
        policy: transcriptBucketPolicy(place, { ...own, keyArn: keyIn(target.account.id, target.region) }),
      },
      { name: `topic ${at}`, kind: "topic", policy: topicPolicy(place, rule, reportersIn(place.account)) },
      {
        name: `dead letters ${at}`,
        kind: "queue",
        policy: deadLetterPolicy(place, { queue, rules: [rule], topic: rule }),
      },
      ...actions,
      ...target.settings.network.flatMap((vpc) =>
        createdServices(trafficOf(target), vpc).map((service): NamedPolicy => {
          const policy = endpointPolicy(service, reachOf(organization, target, vpc));
          return { name: `endpoint ${service} ${at}`, kind: "endpoint", policy };
        }),
      ),
    ];
  });
  const accounts = organization.accounts.flatMap((account): NamedPolicy[] => {
    const place = homeOf(organization, account);
    const destinations = account.targets.map((target) => destinationsOf(organization, target));
    const reviewer = reviewerPolicy(
      reviewedIn(organization, account, destinations),
      destinations,
      account.settings.access.unmaskRoles,
      reviewedRecordingsIn(organization, account),
      organization.id,
    );
    const at = account.name;
    const all: NamedPolicy[] = [
      { name: `reviewer ${at}`, kind: "identity", policy: reviewer },
      { name: `trail bucket ${at}`, kind: "bucket", policy: trailBucketPolicy(place, account.settings) },
      { name: `trail key ${at}`, kind: "key", policy: trailKeyPolicy(place) },
      {
        name: `report role ${at}`,
        kind: "identity",
        policy: reportPolicy(organization, account),
      },
      {
        name: `trust of the report role ${at}`,
        kind: "trust",
        policy: reportTrust([
          roleIn(account.id, "auditor", account.partition),
          roleIn(STRANGER, "audit-*", account.partition),
        ]),
      },
      { name: `chat role ${at}`, kind: "trust", policy: chatTrustPolicy(place) },
    ];
    const subscriptions = account.targets
      .flatMap((target) => subscriptionOf(organization, target) ?? [])
      .filter(({ wantsRole }) => wantsRole);
    if (subscriptions.length > 0) {
      all.push(
        { name: `subscription trust ${at}`, kind: "trust", policy: subscriptionTrust(subscriptions) },
        { name: `subscription ${at}`, kind: "identity", policy: subscriptionPolicy(subscriptions) },
      );
    }
    if (destinations.length === 0) return all;
    return [
      ...all,
      { name: `instance trust ${at}`, kind: "trust", policy: instanceTrust(place) },
      { name: `instance ${at}`, kind: "identity", policy: instancePolicy(destinations) },
      {
        name: `operator ${at}`,
        kind: "identity",
        policy: operatorPolicy(account, destinations, recordingsIn(organization, account)),
      },
    ];
  });
  const scope = guardrailScopeOf(organization);
  const guardrails = (scope === null ? [] : guardrailsFor(scope)).map(
    ({ nameSuffix, policy }): NamedPolicy => {
      return { name: `guardrails of ${nameSuffix}`, kind: "serviceControl", policy };
    },
  );
  const replicas = organization.replicas.flatMap((replica): NamedPolicy[] => {
    const replication = replicationOf(organization, replica);
    const { transcripts, protect } = replica.source.settings;
    const { readers, organizationReaders, lifecycle } = transcripts;
    const central = replica.source.kind === "archive";
    const at = `${replica.source.account.name} ${replica.source.region}`;
    return [
      {
        name: `replica bucket ${at}`,
        kind: "bucket",
        policy: replicaBucketPolicy(replication, {
          readers,
          organizationReaders,
          central,
          protect,
          lifecycle,
        }),
      },
      {
        name: `replica key ${at}`,
        kind: "key",
        policy: replicaKeyPolicy(replication, { readers, topics: ["t"] }),
      },
      { name: `replication ${at}`, kind: "identity", policy: replicationPolicy(replication) },
    ];
  });
  return [
    ...sites,
    ...central,
    ...all,
    ...targets,
    ...accounts,
    ...guardrails,
    ...replicas,
    ...pipelinePolicies(organization),
  ];
}

function pipelinePolicies(organization: Organization): NamedPolicy[] {
  const { pipeline } = organization;
  if (pipeline === null) return [];
  const named = pipelineOf(organization, pipeline);
  return [
    { name: "pipeline bucket", kind: "bucket", policy: pipelineBucketPolicy(named) },
    { name: "pipeline queue", kind: "queue", policy: pipelineQueuePolicy(named) },
    { name: "pipeline dead letters", kind: "queue", policy: pipelineDeadLetterPolicy(named) },
    { name: "pipeline key", kind: "key", policy: pipelineKeyPolicy(named) },
    {
      name: "pipeline trust",
      kind: "trust",
      policy: serviceTrust(named.place, "states", named.stateMachineArn),
    },
    { name: "pipeline state machine", kind: "identity", policy: stateMachinePolicy(named) },
    { name: "pipeline worker", kind: "identity", policy: workerPolicy(organization, pipeline) },
  ];
}

const { sandbox, payments } = map.accounts as Record<"sandbox" | "payments", (typeof map.accounts)[string]>;
const ofSandbox = (settings: object) => ({
  accounts: { ...map.accounts, sandbox: { ...sandbox, ...settings } },
});
const vpc = {
  vpcId: "vpc-0123456789abcdef0",
  subnetIds: ["subnet-0123456789abcdef0"],
  routeTableIds: ["rtb-0123456789abcdef0"],
  clientCidrs: ["10.0.0.0/16"],
};
const plain = { encryptSessionData: false, enforce: { s3: false, cloudWatch: false } };

/** Maps that together make every choice that changes a policy. */
export const MAPS: readonly [string, Organization][] = [
  ["the example", exampleOrganization()],
  ["without an archive", exampleWithoutArchive()],
  ["with a pipeline", checkMap(exampleWith(addPipeline), "map")],
  [
    "with central topics",
    exampleOrganization({
      notifications: { central: { account: "payments", region: "eu-west-1" } },
      guard: { enabled: true },
    }),
  ],
  [
    "with guardrails",
    exampleOrganization({
      guardrails: { ...GUARDRAILS, refuseOtherAccess: OTHER_ACCESS_KINDS },
      notifications: { security: { chat: [SLACK] } },
    }),
  ],
  [
    "with guardrails around what exists",
    exampleOrganization({
      guardrails: {
        ...GUARDRAILS,
        breakGlassRoles: [],
        allowedDocuments: ["AWS-StartSSHSession", "Acme-Shell"],
      },
      ...ofSandbox({
        transcripts: { bucket: { existing: "theirs", keyArn: keyIn(MEMBER) } },
        logs: { group: { existing: "/theirs" } },
        notifications: { security: { topic: { existing: "soc" } } },
        encryption: { mode: "existing", keyArn: keyIn(MEMBER) },
      }),
    }),
  ],
  [
    "with recordings of Remote Desktop",
    exampleOrganization({
      guardrails: GUARDRAILS,
      ...ofSandbox({ remoteDesktop: { recordings: "create" } }),
    }),
  ],
  ["without an organization id", exampleOrganization({ organization: { name: "acme" } })],
  [
    "with chat",
    exampleOrganization({ notifications: { activity: { chat: [SLACK] }, security: { chat: [SLACK] } } }),
  ],
  [
    "with actions",
    exampleOrganization({
      notifications: {
        activity: {
          actions: [
            { type: "lambda", function: "on-session" },
            { type: "codepipeline", pipeline: "on-session" },
            { type: "step-functions", stateMachine: "on-session" },
            { type: "event-bus", eventBus: "arn:aws:events:eu-central-1:999999999999:event-bus/security" },
          ],
        },
        security: {
          actions: [
            { type: "run-command", document: "Acme-OnFinding", instanceIds: ["i-0123456789abcdef0"] },
            { type: "run-command", document: "Acme-OnFinding", tag: { key: "Role", values: ["audit"] } },
          ],
        },
      },
    }),
  ],
  ["with replicas", checkMap(replicated(), "map")],
  ["with replicas of targets", checkMap(replicatedTargets(), "map")],
  [
    "with replicas, and copies in Deep Archive",
    checkMap(
      replicated((changed) => {
        changed.transcripts!.lifecycle = { deepArchiveAfterDays: 365 };
      }),
      "map",
    ),
  ],
  ["with a guard", exampleOrganization({ guard: { enabled: true } })],
  [
    "with readers in other accounts",
    exampleOrganization({
      transcripts: {
        readers: [roleIn(MEMBER, "session-reviewer")],
        organizationReaders: [roleIn(MEMBER, "incident-response")],
      },
    }),
  ],
  [
    "without an archive, with readers in other accounts",
    exampleWithoutArchive({
      accounts: {
        ...map.accounts,
        security: { id: "666666666666", homeRegion: US, regions: [US], access: { attachToRoles: [] } },
      },
      transcripts: {
        readers: [roleIn(MEMBER, "session-reviewer")],
        organizationReaders: [roleIn(OTHER_MEMBER, "incident-response"), roleIn(MEMBER, "auditor")],
      },
    }),
  ],
  ["without readers", exampleOrganization({ transcripts: { readers: [] } })],
  [
    "with an existing bucket of another region",
    exampleOrganization(
      ofSandbox({ transcripts: { bucket: { existing: "theirs", keyArn: keyIn(MEMBER, US) } } }),
    ),
  ],
  [
    "with an existing key",
    exampleOrganization(ofSandbox({ encryption: { mode: "existing", keyArn: keyIn(MEMBER) } })),
  ],
  [
    "without a log group",
    exampleOrganization(ofSandbox({ logs: { group: "none", streaming: false }, preferences: plain })),
  ],
  [
    "that sends session logs to a destination, masked",
    exampleOrganization({
      logs: {
        subscription: { destinationArn: "arn:aws:logs:{region}:999999999999:destination:siem" },
        masking: { enabled: true },
      },
      access: { attachToRoles: ["app-server"], unmaskRoles: ["session-reviewer"] },
    }),
  ],
  [
    "that sends session logs to a stream, masked for everybody",
    exampleOrganization({
      logs: {
        subscription: { destinationArn: "arn:aws:kinesis:{region}:{account}:stream/siem" },
        masking: { enabled: true },
      },
    }),
  ],
  [
    "that sends session logs to Firehose",
    exampleOrganization({
      logs: {
        subscription: { destinationArn: "arn:aws:firehose:{region}:{account}:deliverystream/siem" },
      },
    }),
  ],
  ["with endpoints", exampleOrganization(ofSandbox({ network: [{ ...vpc, buckets: ["artifacts"] }] }))],
  [
    "with endpoints for sessions alone, in a VPC that is shared",
    exampleOrganization(ofSandbox({ network: [{ ...vpc, reach: "sessions", sharedWith: ["payments"] }] })),
  ],
  [
    "with endpoints, without an organization id",
    exampleOrganization({ organization: { name: "acme" }, ...ofSandbox({ network: [vpc] }) }),
  ],
  [
    "with endpoints and a guard, and an existing bucket whose owner the map does not say",
    exampleOrganization({
      guard: { enabled: true },
      ...ofSandbox({ network: [vpc], transcripts: { bucket: { existing: "theirs" } } }),
    }),
  ],
  [
    "with endpoints and a guard, and an existing bucket of an account that the map does not have",
    exampleOrganization({
      guard: { enabled: true },
      ...ofSandbox({ network: [vpc], transcripts: { bucket: { existing: "theirs", account: STRANGER } } }),
    }),
  ],
  [
    "without a bucket",
    exampleOrganization(ofSandbox({ transcripts: { bucket: "none" }, preferences: plain })),
  ],
  ["with S3's own keys", exampleOrganization({ encryption: { mode: "s3-managed" }, preferences: plain })],
  [
    "with two regions in the archive account",
    exampleOrganization({
      accounts: {
        ...map.accounts,
        "log-archive": { ...map.accounts["log-archive"]!, regions: Object.keys(payments.regions) },
      },
    }),
  ],
];
