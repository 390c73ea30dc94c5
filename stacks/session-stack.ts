import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { createdServices, trafficOf } from "../accounts/model/endpoints";
import { accountBehind, type Organization, type Target } from "../accounts/model/organization";
import { BaseStack } from "./kit/base-stack";
import { ActivityChannel } from "./constructs/activity-channel";
import { ChannelActions } from "./constructs/channel-actions";
import { InstancePrerequisites } from "./constructs/instance-prerequisites";
import { Guard } from "./guard/guard";
import { PublicSharingBlock } from "./constructs/public-sharing-block";
import { SessionLogGroup, LogMasking, LogSubscriptionFilter } from "./constructs/session-log-group";
import { SessionNetwork } from "./constructs/session-network";
import { SessionPreferences } from "./constructs/session-preferences";
import { TranscriptBucket } from "./constructs/transcript-bucket";
import { SecurityChannel } from "./constructs/security-channel";
import { declareOrForget } from "./kit/declare-or-forget";
import { examineBucket, examined, examineKey, examineLogGroup, examineTopics } from "./existing/examine";
import { guardNames, names, PREFERENCES_DOCUMENT, securityNames, stackIds, topicArn } from "./names";
import { guardConfiguration } from "./guard/guard-configuration";
import { destinationsOf } from "./policies/destinations";
import { requiredOfBucket, requiredOfBucketKey } from "./policies/existing-bucket-policy";
import { guardDutiesOf } from "./policies/guard-policy";
import { keyUsesOf, sessionKeyPolicy, usesOf } from "./policies/key-policy";
import { subscriptionOf } from "./policies/log-subscription";
import { maskingPolicy } from "./policies/masking-policy";
import { requiredTopicStatements } from "./policies/notification-policy";
import { ofOthers, recordersOf, topicsOf } from "./events/recorders";
import { declareKey } from "./constructs/encryption-key";
import { reachOf } from "./policies/endpoint-policy";

export interface SessionStackProps {
  readonly organization: Organization;
  readonly target: Target;
}

/** One target: where its sessions are recorded, that they are, who is told, and what is done about the rest. */
export class SessionStack extends BaseStack {
  constructor(scope: Construct, { organization, target }: SessionStackProps) {
    const { account, region, settings } = target;
    super(scope, stackIds.session(target), { organization, account, region, tags: settings.tags });
    const { encryption, transcripts, logs, notifications, guard, prerequisites, protect } = settings;
    const destinations = destinationsOf(organization, target);
    const { place } = destinations;
    const policy = sessionKeyPolicy(place, keyUsesOf(target, place));

    const { keyArn, keyId, ...key } = declareKey(this, encryption, {
      description: `Session Manager sessions of ${account.name} in ${region}`,
      alias: names.keyAlias(place),
      policy,
      protect,
    });
    const group = declareOrForget(
      this,
      "LogGroup",
      { wanted: logs.group.kind === "created", protect },
      (scope, id) =>
        new SessionLogGroup(scope, id, { name: names.logGroup(place), settings: logs, keyArn, protect }),
    );
    const logsReady = group?.ready ?? [];
    const masking =
      destinations.logGroup !== null && logs.masking.enabled
        ? new LogMasking(this, "LogMasking", {
            logGroup: destinations.logGroup,
            policy: maskingPolicy(place, logs.masking),
            ready: logsReady,
          })
        : null;
    const subscription = subscriptionOf(organization, target);
    if (subscription) {
      const ready = masking?.ready ?? logsReady;
      new LogSubscriptionFilter(this, "LogSubscription", { subscription, ready });
    }
    const own = declareOrForget(
      this,
      "Transcripts",
      { wanted: transcripts.bucket.kind === "created" && !target.usesArchive, protect },
      (scope, id) =>
        new TranscriptBucket(scope, id, { place, settings: transcripts, members: null, keyArn, protect }),
    );
    const networks = settings.network.map(
      (vpc) =>
        new SessionNetwork(this, `Network-${vpc.vpcId}`, {
          place,
          vpc,
          services: createdServices(trafficOf(target), vpc),
          reach: reachOf(organization, target, vpc),
        }),
    );
    const ready: ITerraformDependable[] = [
      ...key.ready,
      ...(masking?.ready ?? logsReady),
      ...(own?.bucket.ready ?? []),
      ...networks.flatMap((network) => network.ready),
    ];
    new SessionPreferences(this, "Preferences", {
      organization: organization.name,
      settings,
      destinations,
      ready,
    });
    new PublicSharingBlock(this, "PublicSharing", { place });
    const { document, associationIds } = new InstancePrerequisites(this, "Prerequisites", {
      place,
      settings: prerequisites,
    });
    const hosts = {
      document,
      associationIds,
      endpointIds: networks.flatMap(({ endpointIds }) => endpointIds),
      securityGroupIds: networks.flatMap(({ securityGroupId }) => securityGroupId ?? []),
    };
    // Each channel's alarms go to the other too: a channel can't be trusted to report its own failure.
    const alarmTopics = topicsOf(target, place);
    const { permissionsBoundaryArn } = accountBehind(organization, account).settings.access;
    const { activity, security } = notifications;
    if (activity.enabled) {
      const actions = new ChannelActions(this, "ActivityActions", {
        place,
        settings,
        channel: "activity",
        permissionsBoundaryArn,
      });
      new ActivityChannel(this, "Activity", { place, settings: activity, keyArn, actions, alarmTopics });
      this.output("activity_topic_arn", topicArn(place, activity, names.activity(place)));
    }
    if (security.enabled) {
      const recorders = recordersOf(organization, target, keyId);
      const actions = new ChannelActions(this, "SecurityActions", {
        place,
        settings,
        channel: "security",
        permissionsBoundaryArn,
      });
      new SecurityChannel(this, "Security", {
        place,
        settings: security,
        keyArn,
        actions,
        recorders,
        hosts,
        guard: guard.enabled ? guardNames(place) : null,
        of: "target",
        alarmTopics,
      });
      this.output("security_topic_arn", topicArn(place, security, securityNames(place, "target").topic));
    }

    const duties = guardDutiesOf(organization, target);
    if (duties) {
      new Guard(this, "Guard", {
        duties,
        settings: guard,
        configuration: guardConfiguration(organization, target, duties),
        keyArn,
        permissionsBoundaryArn,
        alarmTopics,
      });
    }

    // What the owner of an existing topic must allow, since Terraform does not manage it here.
    this.output("required_topic_statements", requiredTopicStatements(place, ofOthers(place, alarmTopics)));
    this.output("preferences_document", PREFERENCES_DOCUMENT);
    this.output("transcript_location", destinations.transcripts && locationOf(destinations.transcripts));
    this.output("log_group", destinations.logGroup);
    this.output("key_arn", keyArn);
    // What the owner of an existing key must allow, since Terraform does not manage it here.
    const here = examined(place, account);
    if (encryption.mode === "existing") {
      const required = usesOf(policy);
      const output = "required_key_statements";
      this.output(output, required);
      examineKey(this, "ExistingKey", here, { keyArn: encryption.keyArn, required, output });
    }
    examineLogGroup(this, here, settings);
    examineBucket(this, here, settings, destinations);
    examineTopics(this, here, notifications);
    // The same of an existing bucket and its key.
    if (destinations.transcripts && transcripts.bucket.kind === "existing") {
      const { bucket, key } = destinations.transcripts;
      this.output("required_bucket_statements", requiredOfBucket(place, destinations.transcripts));
      if (key && "arn" in key)
        this.output("required_bucket_key_statements", requiredOfBucketKey(place, bucket, key.arn));
    }
  }
}

const locationOf = ({ bucket, prefix }: { bucket: string; prefix: string }) => `s3://${bucket}/${prefix}/`;
