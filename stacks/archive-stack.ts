import type { Construct } from "constructs";
import { accountBehind, type ArchiveSite, type Organization } from "../accounts/model/organization";
import { centralSites } from "../accounts/model/central";
import { BaseStack } from "./kit/base-stack";
import { CentralChannel } from "./constructs/central-channel";
import { ChannelActions } from "./constructs/channel-actions";
import { SecurityChannel } from "./constructs/security-channel";
import { TranscriptBucket } from "./constructs/transcript-bucket";
import { examineAccessLogs, examined, examineKey, examineTopics } from "./existing/examine";
import { forwardingOf } from "./events/forwarding";
import { declareOrForget } from "./kit/declare-or-forget";
import { arns, channelNames, names, placeOf, stackIds, topicArn } from "./names";
import { guardRoleOf } from "./policies/guard-policy";
import { archiveKeyPolicy, archiveKeyUsesOf } from "./policies/key-policy";
import { requiredTopicStatements } from "./policies/notification-policy";
import { unique } from "./policies/policy";
import {
  archiveWatchedResourcesOf,
  archiveTopicsOf,
  centralTopicsOf,
  existingTopics,
} from "./events/watched-resources";
import { reportedAccountOf } from "./events/watched-account";
import { declareKey } from "./constructs/encryption-key";

/** What the stack of an archive is made from. */
export interface ArchiveStackProps {
  readonly organization: Organization;
  readonly site: ArchiveSite;
}

/**
 * The stack of the archive in one region: the bucket to which all accounts write their transcripts, the bucket's key,
 * the security channel that reports changes to both, and the central channel, which has the findings of all accounts.
 * @example new ArchiveStack(app, { organization, site })
 */
export class ArchiveStack extends BaseStack {
  constructor(scope: Construct, { organization, site }: ArchiveStackProps) {
    const { account, region, settings } = site;
    super(scope, stackIds.archive(site), { organization, account, region, tags: settings.tags });
    const place = placeOf(organization, site);
    const { encryption, transcripts, notifications, protect } = settings;
    const uses = archiveKeyUsesOf(organization, site, place);
    const policy = archiveKeyPolicy(place, uses);

    const { keyArn, keyId } = declareKey(this, encryption, {
      description: `Session transcripts of ${organization.name} in ${region}`,
      alias: names.archiveKeyAlias(place),
      policy,
      protect,
    });
    new TranscriptBucket(this, "Transcripts", {
      place,
      settings: transcripts,
      members: uses.members,
      guardRole: guardRoleOf(organization, site),
      keyArn,
      protect,
    });

    const here = examined(place, account);
    const { security } = notifications;
    const topics = archiveTopicsOf(site, place);
    const centralTopics = centralTopicsOf(site, place);
    const central = declareOrForget(
      this,
      "Central",
      { wanted: centralSites(organization).includes(site), protect },
      (scope, id) =>
        new CentralChannel(scope, id, {
          kind: "central",
          place,
          settings,
          notifications: security,
          members: uses.members,
          guards: null,
          actions: null,
          reporters: accountBehind(organization, account).settings.access.reporters,
          organization: organization.name,
          // Each channel reports the failures of the other one, because a failed channel cannot report itself.
          alarmTopics: unique([...topics, ...centralTopics]),
        }),
    );
    const { permissionsBoundaryArn } = accountBehind(organization, account).settings.access;
    if (security.enabled) {
      const watched = archiveWatchedResourcesOf(organization, site, keyId);
      const watchedRoles = reportedAccountOf(organization, account, this.node.id);
      const actions = new ChannelActions(this, "SecurityActions", {
        place,
        settings: site.settings,
        channel: "archive",
        permissionsBoundaryArn,
        reportsAccount: watchedRoles !== null,
      });
      const channel = { kind: "archive", place, at: site, ownsBucket: true } as const;
      const forwarding = forwardingOf(organization, channel);
      new SecurityChannel(this, "Security", {
        kind: "archive",
        place,
        settings: security,
        keyArn,
        actions,
        watched,
        account: watchedRoles,
        alarmTopics: topics,
        central: central && central.watched,
        forwarding: forwarding && { ...forwarding, permissionsBoundaryArn, ready: central?.ready ?? [] },
      });
      const { topic } = channelNames({ kind: "archive", place });
      this.output("security_topic_arn", topicArn(place, security, topic));
      this.output("required_topic_statements", requiredTopicStatements(place, existingTopics(place, topics)));
    }

    if (central !== null) {
      const { topic } = channelNames({ kind: "central", place });
      this.output("central_topic_arn", topicArn(place, security, topic));
      this.output(
        "central_event_bus_arn",
        arns.eventBus(place, names.centralBus({ kind: "central", place })),
      );
    }
    this.output("transcript_bucket", names.transcriptBucket(place));
    this.output("transcript_bucket_arn", arns.bucket(place, names.transcriptBucket(place)));
    this.output("key_arn", keyArn);
    examineKey(this, "ExistingKey", here, { encryption, policy, output: "required_key_statements" });
    examineAccessLogs(this, here, transcripts, names.transcriptBucket(place));
    examineTopics(this, here, { security });
  }
}
