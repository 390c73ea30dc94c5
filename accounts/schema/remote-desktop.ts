import { choice, section } from "./values";

/**
 * What a map may say about connections by Remote Desktop through Fleet Manager.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-just-in-time-node-access-rdp-recording.html
 */
export const remoteDesktop = section(
  {
    recordings: choice(
      ["none", "create", "keep"],
      'Videos of connections by Remote Desktop through Fleet Manager. none: Systems Manager gets no preferences for them. create: Systems Manager records connections into a bucket that is created in each account and region, also where transcripts go to an archive. Needs a KMS key. keep: what came after "create" in an earlier map: connections are no longer recorded, and Terraform forgets the bucket instead of destroying it, unless protect is false.',
      {
        remedy:
          'use "create" to record connections, "keep" to stop and leave the recordings in place, or "none"',
        instead: {
          true: 'write "create"',
          false: 'write "none", or "keep" if an earlier map had "create"',
        },
      },
    ),
  },
  "Connections by Remote Desktop through Fleet Manager. The bucket of their recordings follows readers, organizationReaders, objectLock, lifecycle and accessLogs of transcripts.",
);
