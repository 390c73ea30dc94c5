import type { Construct } from "constructs";
import type { ArchiveSite, Organization } from "../accounts/organization";
import { BaseStack } from "./base-stack";
import { EncryptionKey } from "./constructs/encryption-key";
import { TranscriptBucket } from "./constructs/transcript-bucket";
import { arns, names, placeOf, stackIds } from "./names";
import { archiveKeyPolicy, usesOf } from "./policies/key-policy";
import { membersOf } from "./policies/principals";

export interface ArchiveStackProps {
  readonly organization: Organization;
  readonly site: ArchiveSite;
}

/** The log archive in one region: the bucket that all accounts write their transcripts to, and its key. */
export class ArchiveStack extends BaseStack {
  constructor(scope: Construct, { organization, site }: ArchiveStackProps) {
    const { account, region, settings } = site;
    super(scope, stackIds.archive(site), { organization, account, region, tags: settings.tags });
    const place = placeOf(organization, site);
    const { encryption, transcripts, protect } = settings;
    const members = membersOf(organization);
    const policy = archiveKeyPolicy(place, {
      bucket: names.transcriptBucket(place),
      members,
      readers: transcripts.readers,
    });

    const key =
      encryption.mode === "customer-managed"
        ? new EncryptionKey(this, "Key", {
            ...encryption,
            description: `Session transcripts of ${organization.name} in ${region}`,
            alias: names.archiveKeyAlias(place),
            policy,
            protect,
          }).arn
        : encryption.keyArn;
    new TranscriptBucket(this, "Transcripts", {
      place,
      settings: transcripts,
      members,
      keyArn: key,
      protect,
    });

    this.output("transcript_bucket", names.transcriptBucket(place));
    this.output("transcript_bucket_arn", arns.bucket(place, names.transcriptBucket(place)));
    this.output("key_arn", key);
    // What the owner of an existing key must allow, since Terraform does not manage it here.
    if (encryption.mode === "existing") this.output("required_key_statements", usesOf(policy));
  }
}
