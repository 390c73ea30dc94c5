import type { Construct } from "constructs";
import { accountBehind, type Organization, type Replica } from "../accounts/model/organization";
import { BaseStack } from "./kit/base-stack";
import { BucketReplication } from "./constructs/bucket-replication";
import { ReplicaBucket } from "./constructs/replica-bucket";
import { ReplicaSecurityChannel } from "./constructs/replica-security-channel";
import { examined, examineKey, examineTopics } from "./existing/examine";
import { arns, names, replicaSecurityNames, stackIds } from "./names";
import { createdTopics, usesOf } from "./policies/key-policy";
import { requiredTopicStatements } from "./policies/notification-policy";
import { replicaBucketPolicy, replicaKeyPolicy } from "./policies/replica-policy";
import { replicationOf } from "./policies/replication-policy";
import { archiveTopicsOf, ofOthers, replicaRecordersOf, replicaTopicsOf, topicsOf } from "./events/recorders";
import { declareKey } from "./constructs/encryption-key";

export interface ReplicaStackProps {
  readonly organization: Organization;
  readonly replica: Replica;
}

/**
 * The second copy of one bucket of transcripts, and what makes S3 keep it. It reaches two places, the source's with
 * a provider of its own: S3 wants the ARN of the replica's key, which AWS makes up, and so both are in one state.
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
    const { readers } = transcripts;
    const { security } = notifications;
    const topics = replicaTopicsOf(replica, place, origin);
    const policy = replicaKeyPolicy(replication, {
      readers,
      topics: createdTopics(replicaSecurityNames(origin).topic, security),
    });

    const { keyArn, keyId } = declareKey(this, encryption, {
      description: `Copies of session transcripts of ${source.account.name} in ${source.region}`,
      alias: names.replicaKeyAlias(origin),
      policy,
      protect,
    });
    const { bucket } = new ReplicaBucket(this, "Copies", {
      place,
      source: origin,
      settings: transcripts,
      policy: replicaBucketPolicy(replication, { readers, protect }),
      keyArn,
      protect,
    });
    new BucketReplication(this, "Replication", {
      replication,
      provider,
      replicaKeyArn: keyArn,
      permissionsBoundaryArn: accountBehind(organization, source.account).settings.access
        .permissionsBoundaryArn,
      // Where it fails is where people look already.
      topicArns: source.kind === "archive" ? archiveTopicsOf(source, origin) : topicsOf(source, origin),
      ready: bucket.ready,
    });
    if (security.enabled) {
      const recorders = replicaRecordersOf(organization, replica, keyId);
      new ReplicaSecurityChannel(this, "Security", {
        place,
        source: origin,
        settings: security,
        keyArn,
        recorders,
        alarmTopics: topics,
      });
      this.output("security_topic_arn", topics[0]);
      // What the owner of an existing topic must allow, since Terraform does not manage it here.
      this.output("required_topic_statements", requiredTopicStatements(place, ofOthers(place, topics)));
    }

    this.output("replica_bucket", names.replicaBucket(origin));
    this.output("replica_bucket_arn", arns.bucket(place, names.replicaBucket(origin)));
    this.output("key_arn", keyArn);
    // What the owner of an existing key must allow, since Terraform does not manage it here.
    const here = examined(place, replica.account);
    if (encryption.mode === "existing") {
      const required = usesOf(policy);
      const output = "required_key_statements";
      this.output(output, required);
      examineKey(this, "ExistingKey", here, { keyArn: encryption.keyArn, required, output });
    }
    examineTopics(this, here, { security });
  }
}
