import { logs } from "./logs";
import { guard } from "./guard";
import { network } from "./network";
import { notifications } from "./notifications";
import { prerequisites } from "./prerequisites";
import { choice, flag, keyArn, section, tags, wholeNumber, orNull } from "./values";
import { transcripts } from "./transcripts";
import { preferences } from "./preferences";
import { access } from "./access";

const encryption = section(
  {
    mode: choice(
      ["customer-managed", "existing", "s3-managed"],
      "Which key encrypts. customer-managed creates a KMS key per target.",
      'use "customer-managed" or "existing"; dual-layer encryption (DSSE) counts as unencrypted to the SSM Agent, which would refuse every session',
    ),
    keyArn: orNull(keyArn("With mode existing: the key's ARN, in the target's own region.")),
    deletionWindowDays: wholeNumber(7, 30, "days", "Waiting period before a deleted key is gone."),
    rotationPeriodDays: wholeNumber(90, 2560, "days", "How often AWS rotates the key material."),
  },
  "What encrypts transcripts, the log group, the session channel and notifications.",
);

/** Settings of one region: may be said for the organization, an account, or a region of an account. */
export const regionSettings = {
  encryption,
  transcripts,
  logs,
  preferences,
  notifications,
  prerequisites,
  guard,
  network,
  protect: flag("Refuse to destroy keys, buckets, log groups and the preferences."),
  tags: tags("Tags on every resource."),
};

/** Settings of one account: may be said for the organization or an account. */
export const accountSettings = {
  ...regionSettings,
  access,
  trail: choice(
    ["none", "existing", "create"],
    "The CloudTrail trail that notifications depend on. existing: an organization or account trail is there. create: make one, whose bucket follows transcripts.objectLock and transcripts.lifecycle of the account's home region. none: only while notifications are off.",
  ),
};
