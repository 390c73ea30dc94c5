import { isArn } from "../../aws/arn";
import { logs } from "./logs";
import { guard } from "./guard";
import { network } from "./network";
import { notifications, securityChannel } from "./notifications";
import { prerequisites } from "./prerequisites";
import { keyArn } from "./names";
import { tags } from "./tags";
import { choice, flag, orNull, section, wholeNumber } from "./values";
import { transcripts } from "./transcripts";
import { preferences } from "./preferences";
import { access } from "./access";
import { remoteDesktop } from "./remote-desktop";

const BY_KMS =
  'write "customer-managed" for a KMS key that is created, or "existing" for your own, with keyArn';
const DSSE =
  "the SSM Agent treats dual-layer encryption (DSSE) as no encryption, and would refuse every session";

/** What S3, KMS and other tools call these modes. */
const ENCRYPTION_WORDS = {
  kms: BY_KMS,
  "aws:kms": BY_KMS,
  "sse-kms": BY_KMS,
  cmk: BY_KMS,
  cmek: BY_KMS,
  dsse: `${BY_KMS}; ${DSSE}`,
  "aws:kms:dsse": `${BY_KMS}; ${DSSE}`,
  aes256: 'write "s3-managed"',
  "sse-s3": 'write "s3-managed"',
  none: 'write "s3-managed": S3 encrypts every object',
  false: 'write "s3-managed": S3 encrypts every object',
};

const TRAIL_EXISTS = 'write "existing" if a trail records the management events of the account already';

const encryption = section(
  {
    mode: choice(
      ["customer-managed", "existing", "s3-managed"],
      "Which key encrypts. customer-managed: a KMS key is created in each account and region. existing: your own KMS key, keyArn. s3-managed: no KMS key.",
      { remedy: 'use "customer-managed", "existing" or "s3-managed"', instead: ENCRYPTION_WORDS },
    ),
    keyArn: orNull(keyArn("ARN of the key with mode existing. The key must be in the target's region.")),
    deletionWindowDays: wholeNumber(
      7,
      30,
      "days",
      "Days between the deletion of a key and its end, in which the deletion can be cancelled.",
    ),
    rotationPeriodDays: wholeNumber(90, 2560, "days", "Days between two rotations of the key material."),
  },
  "The key that encrypts transcripts, session logs, the session's traffic and notifications.",
);

/** Settings that may be set for the organization, for an account, or for a region of an account. */
export const regionSettings = {
  encryption,
  transcripts,
  logs,
  preferences,
  notifications,
  prerequisites,
  guard,
  remoteDesktop,
  network,
  protect: flag("Make Terraform refuse to destroy keys, buckets, log groups and the preferences."),
  tags: tags("Tags of every resource."),
};

/**
 * Settings that may be set for a region in which an account has no servers, but an archive or a replica: those of its
 * bucket, its key and its security channel.
 */
export const otherRegionSettings = {
  encryption,
  transcripts,
  notifications: section({ security: securityChannel }, "The notifications about the records there."),
  protect: regionSettings.protect,
  tags: regionSettings.tags,
};

/** Settings that may be set for the organization or for an account. */
export const accountSettings = {
  ...regionSettings,
  access,
  trail: choice(
    ["none", "existing", "create"],
    "The CloudTrail trail that notifications depend on. existing: an organization trail or a trail of the account records management events. create: a trail is created; its bucket follows transcripts.objectLock and transcripts.lifecycle of the account's home region. none: no trail, which requires notifications to be off.",
    {
      instead: { true: `${TRAIL_EXISTS}, or "create"`, organization: TRAIL_EXISTS },
      advise: (found) => (isArn(String(found)) ? TRAIL_EXISTS : undefined),
    },
  ),
};
