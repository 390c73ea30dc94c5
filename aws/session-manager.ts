/**
 * The document that Session Manager reads its preferences from. Each account has one in each region.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-create-preferences-cli.html
 */
export const PREFERENCES_DOCUMENT = "SSM-SessionManagerRunShell";

/**
 * The document of the port-forwarding session that Fleet Manager opens for each connection by Remote Desktop.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/fleet-manager-remote-desktop-connections.html
 */
export const REMOTE_DESKTOP_DOCUMENT = "AWS-StartPortForwardingSession";

/**
 * The operating system user that SSM Agent creates when a session starts on an instance, and as which it runs sessions.
 * With Run As, the agent creates no user.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-getting-started-ssm-user-permissions.html
 */
export const SSM_USER = "ssm-user";

/**
 * Whether a document belongs to AWS, by its name: Systems Manager reserves these prefixes, in any case, so that no
 * account can create a document under such a name.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateDocument.html
 * @example isAwsDocument("AWS-RunShellScript") // true
 */
export const isAwsDocument = (name: string): boolean => /^(?:aws|amazon|amzn)/i.test(name);
