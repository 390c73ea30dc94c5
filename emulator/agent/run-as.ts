import { SSM_USER } from "../../aws/session-manager";
import type { Instances } from "../ssm/instances";
import { SessionRefused, type SessionRun } from "./session-run";

/** The tag of a role whose value is the operating system user of its sessions. It takes precedence over the preferences. */
const RUN_AS_TAG = "SSMSessionRunAs";

/**
 * The operating system user as which the agent starts the shell of a session. Without Run As, the agent creates ssm-user
 * and takes it; with Run As, it creates no user.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/session-preferences-run-as.html
 * @see https://github.com/aws/amazon-ssm-agent/blob/mainline/agent/session/plugins/shell/shell_unix.go
 * @throws {@link SessionRefused} with the agent's message when no user is named, or the user does not exist
 */
export async function shellUser(run: SessionRun, instances: Instances): Promise<string> {
  const { inputs, session } = run.setting;
  const node = { ...session, instanceId: session.target };
  if (!inputs.runAsEnabled) {
    instances.createSsmUser(node);
    return SSM_USER;
  }
  const owner = await run.log.authorizer.role(session.owner);
  const user = owner?.tags[RUN_AS_TAG] ?? inputs.runAsDefaultUser.trim();
  if (user === "") throw new SessionRefused("Unable to start shell: please set the RunAs default user");
  if (!instances.hasUser(node, user))
    throw new SessionRefused(
      `Unable to start shell: failed to start pty since RunAs user ${user} does not exist`,
    );
  return user;
}
