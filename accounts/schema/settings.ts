import { logs } from "./logs";
import { guard } from "./guard";
import { network } from "./network";
import { notifications } from "./notifications";
import { prerequisites } from "./prerequisites";
import { keyArn } from "./names";
import { tags } from "./tags";
import { choice, flag, orNull, section, wholeNumber } from "./values";
import { transcripts } from "./transcripts";
import { preferences } from "./preferences";
import { access } from "./access";

const encryption = section(
  {
    mode: choice(
      ["customer-managed", "existing", "s3-managed"],
      "Which key encrypts. customer-managed: a KMS key is created in each account and region. existing: your own KMS key, keyArn. s3-managed: no KMS key.",
      'use "customer-managed" or "existing"; the SSM Agent treats dual-layer encryption (DSSE) as no encryption, and would refuse every session',
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
  network,
  protect: flag("Make Terraform refuse to destroy keys, buckets, log groups and the preferences."),
  tags: tags("Tags of every resource."),
};

/** Settings that may be set for the organization or for an account. */
export const accountSettings = {
  ...regionSettings,
  access,
  trail: choice(
    ["none", "existing", "create"],
    "The CloudTrail trail that notifications depend on. existing: an organization trail or a trail of the account records management events. create: a trail is created; its bucket follows transcripts.objectLock and transcripts.lifecycle of the account's home region. none: no trail, which requires notifications to be off.",
  ),
};
