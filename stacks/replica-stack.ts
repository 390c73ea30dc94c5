import type { Construct } from "constructs";
import { accountBehind, type Organization, type Replica } from "../accounts/model/organization";
import { BaseStack } from "./kit/base-stack";
import { BucketReplication } from "./constructs/bucket-replication";
import { ReplicaBucket } from "./constructs/replica-bucket";
import { SecurityChannel } from "./constructs/security-channel";
import { forwardingOf } from "./events/forwarding";
import { examined, examineKey, examineTopics } from "./existing/examine";
import { deployedName, arns, channelNames, names, stackIds, topicArn } from "./names";
import { createdTopics } from "./policies/key-policy";
import { requiredTopicStatements } from "./policies/notification-policy";
import { replicaBucketPolicy, replicaKeyPolicy } from "./policies/replica-policy";
import { replicationOf } from "./policies/replication-policy";
import {
  archiveTopicsOf,
  existingTopics,
  replicaWatchedResourcesOf,
  replicaTopicsOf,
  topicsOf,
} from "./events/watched-resources";
import { reportedAccountOf } from "./events/watched-account";
import { declareKey } from "./constructs/encryption-key";

/** What the stack of a replica is made from. */
export interface ReplicaStackProps {
  readonly organization: Organization;
  readonly replica: Replica;
}

/**
 * The stack of the replica of one bucket: the second bucket with its key, and S3's replication rule on the source. It
 * has two providers, one for the replica and one for the source. The rule needs the ARN of the replica's key, whose id
 * AWS chooses, so the key and the rule are in one state.
 * @example new ReplicaStack(app, { organization, replica })
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html
 */
export class ReplicaStack extends BaseStack {
  constructor(scope: Construct, { organization, replica }: ReplicaStackProps) {
    const { account, region, settings, source } = replica;
    const { tags, encryption, notifications } = settings;
    super(scope, stackIds.replica(source), { organization, account, region, tags });
    const provider = this.provider(
      "Source",
      { organization, account: source.account, region: source.region, tags: source.settings.tags },
      "source",
    );
    const replication = replicationOf(organization, replica);
    const [place, origin] = [replication.replica.place, replication.source.place];
    const { transcripts, protect } = source.settings;
    const { readers, organizationReaders } = transcripts;
    const { security } = notifications;
    const topics = replicaTopicsOf(replica, place, origin);
    const policy = replicaKeyPolicy(replication, {
      readers: [...readers, ...organizationReaders],
      topics: createdTopics(channelNames({ kind: "replica", place: origin }).topic, security),
    });

    const { keyArn, keyId } = declareKey(this, encryption, {
      description: `Copies of session transcripts of ${deployedName(source.account)} in ${source.region}`,
      alias: names.replicaKeyAlias(origin),
      policy,
      protect,
    });
    const { bucket } = new ReplicaBucket(this, "Copies", {
      place,
      source: origin,
      settings: transcripts,
      policy: replicaBucketPolicy(replication, {
        readers,
        organizationReaders,
        central: source.kind === "archive",
        protect,
        lifecycle: transcripts.lifecycle,
      }),
      keyArn,
      protect,
    });
    new BucketReplication(this, "Replication", {
      replication,
      provider,
      replicaKeyArn: keyArn,
      permissionsBoundaryArn: accountBehind(organization, source.account).settings.access
        .permissionsBoundaryArn,
      // Replication alarms go to the topics of the source, which already have subscribers.
      topicArns: source.kind === "archive" ? archiveTopicsOf(source, origin) : topicsOf(source, origin),
      ready: bucket.ready,
    });
    if (security.enabled) {
      const watched = replicaWatchedResourcesOf(organization, replica, keyId);
      const { permissionsBoundaryArn } = accountBehind(organization, account).settings.access;
      const channel = { kind: "replica", place: origin, at: replica, ownsBucket: false } as const;
      const forwarding = forwardingOf(organization, channel);
      new SecurityChannel(this, "Security", {
        kind: "replica",
        place,
        source: origin,
        settings: security,
        keyArn,
        watched,
        account: reportedAccountOf(organization, account, this.node.id),
        alarmTopics: topics,
        forwarding: forwarding && { ...forwarding, permissionsBoundaryArn, ready: [] },
      });
      const { topic } = channelNames({ kind: "replica", place: origin });
      this.output("security_topic_arn", topicArn(place, security, topic));
      // An existing topic is not managed here: its owner must add these statements to its policy.
      this.output("required_topic_statements", requiredTopicStatements(place, existingTopics(place, topics)));
    }

    this.output("replica_bucket", names.replicaBucket(origin));
    this.output("replica_bucket_arn", arns.bucket(place, names.replicaBucket(origin)));
    this.output("key_arn", keyArn);
    const here = examined(place, replica.account);
    examineKey(this, "ExistingKey", here, { encryption, policy, output: "required_key_statements" });
    examineTopics(this, here, { security });
  }
}
