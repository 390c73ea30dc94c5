import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { createdServices, trafficOf } from "../accounts/model/endpoints";
import { accountBehind, type Organization, type Target } from "../accounts/model/organization";
import type { Settings } from "../accounts/model/settings";
import { ActivityChannel } from "./constructs/activity-channel";
import { ChannelActions } from "./constructs/channel-actions";
import { declareKey, type DeclaredKey } from "./constructs/encryption-key";
import { InstancePrerequisites } from "./constructs/instance-prerequisites";
import { PublicSharingBlock } from "./constructs/public-sharing-block";
import { RemoteDesktopRecording } from "./constructs/remote-desktop-recording";
import { SecurityChannel } from "./constructs/security-channel";
import { LogMasking, LogSubscriptionFilter, SessionLogGroup } from "./constructs/session-log-group";
import { SessionNetwork } from "./constructs/session-network";
import { SessionPreferences } from "./constructs/session-preferences";
import { TranscriptBucket } from "./constructs/transcript-bucket";
import { activityForwardingOf, forwardingOf } from "./events/forwarding";
import type { WatchedHosts } from "./events/host-patterns";
import { reportedAccountOf } from "./events/watched-account";
import { existingTopics, topicsOf, watchedResourcesOf } from "./events/watched-resources";
import {
  examineAccessLogs,
  examineBucket,
  examined,
  examineKey,
  examineLogGroup,
  examineTopics,
  RECORDING_LOGS,
} from "./existing/examine";
import { Guard } from "./guard/guard";
import { guardConfiguration } from "./guard/guard-configuration";
import { BaseStack } from "./kit/base-stack";
import { declareOrForget } from "./kit/declare-or-forget";
import {
  deployedName,
  channelNames,
  guardNames,
  names,
  PREFERENCES_DOCUMENT,
  stackIds,
  topicArn,
  type Place,
} from "./names";
import { destinationsOf, type Destinations } from "./policies/destinations";
import { reachOf } from "./policies/endpoint-policy";
import { requiredOfBucket, requiredOfBucketKey } from "./policies/existing-bucket-policy";
import { guardDutiesOf } from "./policies/guard-policy";
import { keyUsesOf, sessionKeyPolicy } from "./policies/key-policy";
import { subscriptionOf } from "./policies/log-subscription";
import { maskingPolicy } from "./policies/masking-policy";
import { RECORDING_KEY_TAG, recordingsOf, type Recordings } from "./policies/recording-policy";
import { requiredTopicStatements } from "./policies/notification-policy";
import type { Policy } from "./policies/policy";

/** What the stack of a target is made from. */
export interface SessionStackProps {
  readonly organization: Organization;
  readonly target: Target;
}

/** Resources that must exist before something that depends on them. */
type Ready = readonly ITerraformDependable[];

/**
 * The stack of a target: where its sessions are recorded, the preferences that make Session Manager record them, and
 * the notification channels.
 * @example new SessionStack(app, { organization, target })
 */
export class SessionStack extends BaseStack {
  private readonly organization: Organization;
  private readonly target: Target;
  private readonly settings: Settings;
  private readonly place: Place;
  private readonly destinations: Destinations;
  /** Recordings of connections by Remote Desktop; null: there are none. */
  private readonly recordings: Recordings | null;
  /** The alarms of each channel go to the topics of both channels, because a failed channel cannot report itself. */
  private readonly alarmTopics: readonly string[];
  private readonly permissionsBoundaryArn: string | null;
  /** ARNs of the roles that publish summaries of reports. */
  private readonly reporters: readonly string[];

  constructor(scope: Construct, { organization, target }: SessionStackProps) {
    const { account, region, settings } = target;
    super(scope, stackIds.session(target), { organization, account, region, tags: settings.tags });
    this.organization = organization;
    this.target = target;
    this.settings = settings;
    this.destinations = destinationsOf(organization, target);
    this.place = this.destinations.place;
    this.recordings = recordingsOf(organization, target);
    this.alarmTopics = topicsOf(target, this.place);
    const { access } = accountBehind(organization, account).settings;
    this.permissionsBoundaryArn = access.permissionsBoundaryArn;
    this.reporters = access.reporters;

    const policy = sessionKeyPolicy(
      this.place,
      keyUsesOf(target, this.place, this.reporters, this.recordings),
    );
    const key = this.key(policy);
    const logsReady = this.logGroup(key);
    const bucketReady = this.transcriptBucket(key);
    this.remoteDesktop(key);
    const networks = this.networks();
    this.preferences([
      ...key.ready,
      ...logsReady,
      ...bucketReady,
      ...networks.flatMap((network) => network.ready),
    ]);
    const hosts = this.instancePrerequisites(networks);
    this.activityChannel(key);
    this.securityChannel(key, hosts);
    this.guard(key);
    this.outputs(key);
    this.existing(policy);
  }

  private key(policy: Policy): DeclaredKey {
    const { account, region } = this.target;
    return declareKey(this, this.settings.encryption, {
      description: `Session Manager sessions of ${deployedName(account)} in ${region}`,
      alias: names.keyAlias(this.place),
      policy,
      protect: this.settings.protect,
      ...(this.recordings && { tags: RECORDING_KEY_TAG }),
    });
  }

  /** The log group of sessions, its masking and its subscription filter. */
  private logGroup({ keyArn }: DeclaredKey): Ready {
    const { logs, protect } = this.settings;
    const group = declareOrForget(
      this,
      "LogGroup",
      { wanted: logs.group.kind === "created", protect },
      (scope, id) =>
        new SessionLogGroup(scope, id, {
          name: names.logGroup(this.place),
          region: this.place.region,
          settings: logs,
          keyArn,
          protect,
        }),
    );
    const ready = this.masking(group?.ready ?? []);
    const subscription = subscriptionOf(this.organization, this.target);
    if (subscription) new LogSubscriptionFilter(this, "LogSubscription", { subscription, ready });
    return ready;
  }

  private masking(ready: Ready): Ready {
    const { logGroup } = this.destinations;
    const { masking } = this.settings.logs;
    if (logGroup === null || !masking.enabled) return ready;
    const policy = maskingPolicy(this.place, masking);
    return new LogMasking(this, "LogMasking", { logGroup, policy, ready }).ready;
  }

  /** The target's own bucket of transcripts, unless the transcripts go to the archive or to an existing bucket. */
  private transcriptBucket({ keyArn }: DeclaredKey): Ready {
    const { transcripts, protect } = this.settings;
    const { place } = this;
    const own = declareOrForget(
      this,
      "Transcripts",
      { wanted: transcripts.bucket.kind === "created" && !this.target.usesArchive, protect },
      (scope, id) =>
        new TranscriptBucket(scope, id, { place, settings: transcripts, members: null, keyArn, protect }),
    );
    return own?.bucket.ready ?? [];
  }

  /**
   * The recording of connections by Remote Desktop. A map that never had it declares nothing at all, so that its stacks
   * forget nothing either.
   */
  private remoteDesktop({ keyArn, ready }: DeclaredKey): void {
    const { remoteDesktop, transcripts, protect } = this.settings;
    if (remoteDesktop.recordings === "none") return;
    const { place } = this;
    declareOrForget(this, "RemoteDesktop", { wanted: this.recordings !== null, protect }, (scope, id) => {
      const props = { place, settings: transcripts, ready, protect };
      return new RemoteDesktopRecording(scope, id, {
        ...props,
        readers: this.recordings?.readers ?? [],
        // What is only declared to be forgotten needs no key.
        keyArn: keyArn ?? "",
      });
    });
    if (this.recordings === null) return;
    this.output("recording_bucket", this.recordings.bucket);
    examineAccessLogs(
      this,
      examined(place, this.target.account),
      transcripts,
      this.recordings.bucket,
      RECORDING_LOGS,
    );
  }

  private networks(): SessionNetwork[] {
    return this.settings.network.map(
      (vpc) =>
        new SessionNetwork(this, `Network-${vpc.vpcId}`, {
          place: this.place,
          vpc,
          services: createdServices(trafficOf(this.target), vpc),
          reach: reachOf(this.organization, this.target, vpc),
        }),
    );
  }

  /** @param ready resources that must exist before the preferences make sessions depend on them */
  private preferences(ready: ITerraformDependable[]): void {
    const { organization, settings, destinations } = this;
    new SessionPreferences(this, "Preferences", {
      organization: organization.name,
      settings,
      destinations,
      ready,
    });
    new PublicSharingBlock(this, "PublicSharing", { place: this.place });
  }

  private instancePrerequisites(networks: readonly SessionNetwork[]): WatchedHosts {
    const { document, associationIds } = new InstancePrerequisites(this, "Prerequisites", {
      place: this.place,
      settings: this.settings.prerequisites,
    });
    return {
      document,
      associationIds,
      endpointIds: networks.flatMap(({ endpointIds }) => endpointIds),
      securityGroupIds: networks.flatMap(({ securityGroupId }) => securityGroupId ?? []),
    };
  }

  private activityChannel({ keyArn }: DeclaredKey): void {
    const { place, settings, alarmTopics, permissionsBoundaryArn } = this;
    const { activity } = settings.notifications;
    if (!activity.enabled) return;
    const channel = "activity";
    const actions = new ChannelActions(this, "ActivityActions", {
      place,
      settings,
      channel,
      reportsAccount: false,
      permissionsBoundaryArn,
    });
    const forwarding = activityForwardingOf(this.organization, this.target);
    new ActivityChannel(this, "Activity", {
      place,
      settings: activity,
      keyArn,
      actions,
      alarmTopics,
      forwarding: forwarding && { ...forwarding, permissionsBoundaryArn, ready: [] },
    });
    const { topic } = channelNames({ kind: "activity", place });
    this.output("activity_topic_arn", topicArn(place, activity, topic));
  }

  private securityChannel({ keyArn, keyId }: DeclaredKey, hosts: WatchedHosts): void {
    const { place, settings, alarmTopics, permissionsBoundaryArn } = this;
    const { security } = settings.notifications;
    if (!security.enabled) return;
    const channel = "security";
    const reported = reportedAccountOf(this.organization, this.target.account, this.node.id);
    const actions = new ChannelActions(this, "SecurityActions", {
      place,
      settings,
      channel,
      reportsAccount: reported !== null,
      permissionsBoundaryArn,
    });
    const ownsBucket = settings.transcripts.bucket.kind === "created" && !this.target.usesArchive;
    const forwarding = forwardingOf(this.organization, {
      kind: "target",
      place,
      at: this.target,
      ownsBucket,
    });
    new SecurityChannel(this, "Security", {
      kind: "target",
      place,
      settings: security,
      keyArn,
      actions,
      watched: watchedResourcesOf(this.organization, this.target, keyId),
      account: reported,
      hosts,
      reporters: this.reporters,
      guard: settings.guard.enabled ? guardNames(place) : null,
      alarmTopics,
      forwarding: forwarding && { ...forwarding, permissionsBoundaryArn, ready: [] },
    });
    const { topic } = channelNames({ kind: "target", place });
    this.output("security_topic_arn", topicArn(place, security, topic));
  }

  private guard({ keyArn }: DeclaredKey): void {
    const { alarmTopics, permissionsBoundaryArn } = this;
    const duties = guardDutiesOf(this.organization, this.target);
    if (duties === null) return;
    new Guard(this, "Guard", {
      duties,
      settings: this.settings.guard,
      configuration: guardConfiguration(this.organization, this.target, duties),
      keyArn,
      permissionsBoundaryArn,
      alarmTopics,
    });
  }

  private outputs({ keyArn }: DeclaredKey): void {
    const { place, destinations } = this;
    const { transcripts, logGroup } = destinations;
    const existing = existingTopics(place, this.alarmTopics);
    this.output("required_topic_statements", requiredTopicStatements(place, existing));
    this.output("preferences_document", PREFERENCES_DOCUMENT);
    this.output("transcript_location", transcripts && `s3://${transcripts.bucket}/${transcripts.prefix}/`);
    this.output("log_group", logGroup);
    this.output("key_arn", keyArn);
  }

  /**
   * Examinations of the resources that the map names and does not create, and outputs with the statements that their
   * policies must contain.
   */
  private existing(policy: Policy): void {
    const { place, settings, destinations } = this;
    const here = examined(place, this.target.account);
    const output = "required_key_statements";
    examineKey(this, "ExistingKey", here, { encryption: settings.encryption, policy, output });
    examineLogGroup(this, here, settings);
    examineBucket(this, here, settings, destinations);
    if (settings.transcripts.bucket.kind === "created" && !this.target.usesArchive)
      examineAccessLogs(this, here, settings.transcripts, names.transcriptBucket(place));
    examineTopics(this, here, settings.notifications);
    const { transcripts } = destinations;
    if (transcripts === null || settings.transcripts.bucket.kind !== "existing") return;
    const { bucket, key } = transcripts;
    this.output("required_bucket_statements", requiredOfBucket(place, transcripts));
    if (key && "arn" in key) {
      this.output("required_bucket_key_statements", requiredOfBucketKey(place, bucket, key.arn));
    }
  }
}
