import type { Construct } from "constructs";
import { accountBehind, type ArchiveSite, type Organization } from "../accounts/model/organization";
import { BaseStack } from "./kit/base-stack";
import { ChannelActions } from "./constructs/channel-actions";
import { SecurityChannel } from "./constructs/security-channel";
import { TranscriptBucket } from "./constructs/transcript-bucket";
import { examined, examineKey, examineTopics } from "./existing/examine";
import { arns, names, placeOf, stackIds } from "./names";
import { guardRoleOf } from "./policies/guard-policy";
import { archiveKeyPolicy, archiveKeyUsesOf } from "./policies/key-policy";
import { requiredTopicStatements } from "./policies/notification-policy";
import { reportedAccountOf } from "./events/watched-account";
import { archiveWatchedResourcesOf, archiveTopicsOf, existingTopics } from "./events/watched-resources";
import { declareKey } from "./constructs/encryption-key";

/** What the stack of an archive is made from. */
export interface ArchiveStackProps {
  readonly organization: Organization;
  readonly site: ArchiveSite;
}

/**
 * The stack of the archive in one region: the bucket to which all accounts write their transcripts, the bucket's key,
 * and the security channel that reports changes to both.
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
      accepted: {
        CKV_AWS_33:
          "organizationId" in uses.members && "A condition on aws:PrincipalOrgID leaves members only.",
      },
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
    if (security.enabled) {
      const watched = archiveWatchedResourcesOf(organization, site, keyId);
      const watchedRoles = reportedAccountOf(organization, account, this.node.id);
      const actions = new ChannelActions(this, "SecurityActions", {
        place,
        settings: site.settings,
        channel: "archive",
        reportsAccount: watchedRoles !== null,
        permissionsBoundaryArn: accountBehind(organization, account).settings.access.permissionsBoundaryArn,
      });
      new SecurityChannel(this, "Security", {
        kind: "archive",
        place,
        settings: security,
        keyArn,
        actions,
        watched,
        account: watchedRoles,
        alarmTopics: topics,
      });
      this.output("security_topic_arn", topics[0]);
      this.output("required_topic_statements", requiredTopicStatements(place, existingTopics(place, topics)));
    }

    this.output("transcript_bucket", names.transcriptBucket(place));
    this.output("transcript_bucket_arn", arns.bucket(place, names.transcriptBucket(place)));
    this.output("key_arn", keyArn);
    examineKey(this, "ExistingKey", here, { encryption, policy, output: "required_key_statements" });
    examineTopics(this, here, { security });
  }
}
