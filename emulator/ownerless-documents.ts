import { listOf, mapStatements, type PolicyDocument } from "./policy-document";

/** AWS's own documents belong to no account: `arn:aws:ssm:<region>::document/<name>`. */
const OWNERLESS = /^(arn:[^:]*:ssm:[^:]*:)(:document\/)/;

/** Stands for no account: no account has this id. */
const NOBODY = "000000000000";

/** The ARN under which the simulator, which wants an account in each, takes a document of AWS's. */
export const carriedResource = (arn: string): string => arn.replace(OWNERLESS, `$1${NOBODY}$2`);

/** A copy of the policy that names documents of AWS's as {@link carriedResource} does. */
export const withCarriedResources = (policy: PolicyDocument): PolicyDocument =>
  mapStatements(policy, ({ Resource, NotResource, ...rest }) => ({
    ...rest,
    ...(Resource !== undefined && { Resource: carried(Resource) }),
    ...(NotResource !== undefined && { NotResource: carried(NotResource) }),
  }));

const carried = (resources: unknown) => listOf(resources).map((arn) => carriedResource(String(arn)));
