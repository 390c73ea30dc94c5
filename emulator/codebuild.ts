import { arnParts } from "../aws/arn";
import { rawCall } from "./clients/raw-call";
import { AwsError, type Handler, type Room } from "./gateway/protocol";
import type { Core } from "./iam/core";

/** A project, as far as the connection to its repository goes. */
interface Project {
  readonly name?: string;
  readonly serviceRole?: string;
  readonly source?: { readonly auth?: { readonly type?: string; readonly resource?: string } };
}

/** What the role of a project must be allowed to do with the connection to its repository. */
const USES = ["UseConnection", "GetConnection", "GetConnectionToken"];

/**
 * CodeBuild beyond moto, which creates a project with any connection: a project is refused whose own role may not use the
 * connection to its repository. The service of the connection's ARN says whose actions the role needs.
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/connections-github-app.html
 * @see https://github.com/aws/aws-cdk/issues/38504 for the code of the error
 */
export const codebuildRoom = (core: Core): Room => ({ handlers: [connectionOfProject(core)] });

/** @throws {@link AwsError} `OAuthProviderException` */
function connectionOfProject(core: Core): Handler {
  return async (request) => {
    const { service, operation, accessKeyId, region, body } = request;
    if (service !== "codebuild" || !/^(Create|Update)Project$/.test(operation)) return undefined;
    const sent = JSON.parse(body.toString("utf8")) as Project;
    if (sent.source === undefined && sent.serviceRole === undefined) return undefined;
    const { accountId } = await core.identities.of(accessKeyId, region);
    // An update that names only one of the two leaves the other one as it is.
    const kept = operation === "UpdateProject" ? await projectOf(core, accountId, region, sent.name) : {};
    const { source, serviceRole = "" } = { ...kept, ...sent };
    const { type, resource = "" } = source?.auth ?? {};
    if (type !== "CODECONNECTIONS") return undefined;
    const connection = arnParts(resource);
    for (const use of USES) {
      const { allowed, reason } = await core.authorizer.authorize({
        principal: serviceRole,
        accountId: connection.accountId,
        action: `${connection.service}:${use}`,
        resource,
      });
      if (!allowed)
        throw new AwsError(
          "OAuthProviderException",
          `User is not authorized to access connection ${resource}: ${serviceRole} lacks ${connection.service}:${use}. ${reason}`,
        );
    }
    return undefined;
  };
}

/** What moto keeps about a project. It is empty if there is no such project, which moto refuses to change. */
async function projectOf(
  { accounts }: Core,
  accountId: string,
  region: string,
  name: string | undefined,
): Promise<Project> {
  const { projects } = (await rawCall(await accounts.in(accountId, region), {
    service: "codebuild",
    operation: { target: "CodeBuild_20161006.BatchGetProjects" },
    body: { names: [name] },
  })) as { projects?: readonly Project[] };
  return projects?.[0] ?? {};
}
