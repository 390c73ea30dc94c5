import { regionalArn } from "../clients/partitions";
import type { Authorization, Authorizer } from "../iam/authorizer";
import { sessionNameOf } from "../iam/request-context";
import { AwsError } from "../gateway/protocol";
import type { CallerIdentity } from "../clients/identities";
import { isAwsDocument } from "../../aws/session-manager";
import { instanceArn } from "../ssm/instances";
import type { Session } from "./sessions";

/** The identity of a caller and the region of the call. */
export interface Caller {
  readonly identity: CallerIdentity;
  readonly region: string;
}

/**
 * Judges the calls of operators on sessions. A caller whose role does not exist in the emulated IAM, such as the emulator's
 * administrator, is an administrator of the account.
 */
export class SessionPermissions {
  constructor(private readonly authorizer: Authorizer) {}

  /** The `aws:userid` of a caller, with the unique id of the deployed role if there is one. */
  async userId({ identity }: Caller): Promise<string> {
    const role = await this.authorizer.role(identity.arn);
    return role === undefined ? identity.userId : `${role.roleId}:${sessionNameOf(identity.arn) ?? ""}`;
  }

  /**
   * Requires `ssm:StartSession` on the node and on the document.
   * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-default-session-document.html
   * @throws {@link AwsError} `AccessDeniedException`
   */
  async requireStart(caller: Caller, target: string, documentName: string): Promise<void> {
    const { region, identity } = caller;
    for (const resource of [
      instanceArn(identity.accountId, region, target),
      documentArn(caller, documentName),
    ]) {
      const context = { "ssm:SessionDocumentAccessCheck": "true" };
      await this.require(caller, "ssm:StartSession", resource, (judged) => judged(resource, context));
    }
  }

  /** Requires `ssm:DescribeSessions`. @throws {@link AwsError} `AccessDeniedException` */
  async requireList(caller: Caller): Promise<void> {
    await this.require(caller, "ssm:DescribeSessions", "*", (judged) => judged("*", {}));
  }

  /** Requires an action on a session. @throws {@link AwsError} `AccessDeniedException` */
  async requireOnSession(caller: Caller, action: string, session: SessionFacts): Promise<void> {
    const arn = sessionArn(caller, session.sessionId);
    if (action.startsWith("ssm:")) {
      await this.require(caller, action, arn, (judged) => judged(arn, sessionTags(session)));
      return;
    }
    await this.require(caller, action, arn, async (judged) => {
      const verdict = await judged(arn, {});
      if (verdict.allowed || session.ownerUserId === undefined) return verdict;
      // AWS documents `session/${aws:userid}-*` as the resource of ssmmessages:OpenDataChannel, and no condition key,
      // although the id of a session starts with the name of the person's session. The call is therefore also judged
      // under the ARN that the documentation implies.
      // @see https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-restrict-access-examples.html
      const suffix = session.sessionId.slice(session.sessionId.lastIndexOf("-"));
      const byUserId = await judged(sessionArn(caller, `${session.ownerUserId}${suffix}`), {});
      return byUserId.allowed ? byUserId : verdict;
    });
  }

  private async require(
    { identity }: Caller,
    action: string,
    resource: string,
    judge: (
      judged: (resource: string, context: Record<string, string>) => Promise<Authorization>,
    ) => Promise<Authorization>,
  ): Promise<void> {
    const principal = identity.arn;
    const { accountId } = identity;
    const { allowed, reason } = await judge((on, context) =>
      this.authorizer.authorize({
        principal,
        accountId,
        action,
        resource: on,
        context,
        unknown: "administrator",
      }),
    );
    if (allowed) return;
    const text = `User: ${principal} is not authorized to perform: ${action} on resource: ${resource}`;
    throw new AwsError("AccessDeniedException", `${text} because ${reason}`);
  }
}

/** The facts about a session on which permissions depend. A session that does not exist has no owner. */
export type SessionFacts = Pick<Session, "sessionId"> & Partial<Pick<Session, "ownerUserId" | "target">>;

function sessionTags({ ownerUserId, target }: SessionFacts): Record<string, string> {
  return {
    ...(ownerUserId === undefined ? {} : { "ssm:resourceTag/aws:ssmmessages:session-id": ownerUserId }),
    ...(target === undefined ? {} : { "ssm:resourceTag/aws:ssmmessages:target-id": target }),
  };
}

/** The ARN of a session. */
export const sessionArn = ({ identity, region }: Caller, sessionId: string): string =>
  regionalArn("ssm", region, identity.accountId, `session/${sessionId}`);

/** The ARN of a document. The ARN of a document of AWS names no account. */
const documentArn = ({ identity, region }: Caller, name: string): string =>
  regionalArn("ssm", region, isAwsDocument(name) ? "" : identity.accountId, `document/${name}`);
