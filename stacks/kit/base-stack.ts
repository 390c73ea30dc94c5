import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import {
  CloudBackend,
  LocalBackend,
  NamedCloudWorkspace,
  S3Backend,
  TerraformOutput,
  TerraformStack,
  type TerraformElement,
} from "cdktf";
import type { Construct, Node } from "constructs";
import { newerProviderFor } from "../../aws/regions";
import type { AccountIdentity, Organization } from "../../accounts/model/organization";
import { skipsBackendCheck } from "./terraform-regions";
import { uniqueAddresses } from "./unique-addresses";
import { profileName, roleArn, STATES_PROFILE, stateRoles } from "../profiles";

/** The account and region of a stack, and how the deployment reaches them. */
export interface BaseStackProps {
  readonly organization: Organization;
  readonly account: AccountIdentity;
  readonly region: string;
  /** Tags of every resource of the stack. The tag `session-audit`, with the organization's name, is added. */
  readonly tags: Readonly<Record<string, string>>;
  /** Name or ARN of the role that Terraform assumes in the account. @default null the role in `deployment.role` */
  readonly role?: string | null;
}

/**
 * The last part of addresses, by the path of the element in its stack. cdktf computes an MD5 digest of the path for each
 * element of each stack, and the stacks of a kind have the same paths.
 */
const logicalIds = new Map<string, string>();

/**
 * The parts that every stack has: a state of its own, and a provider for one account in one region.
 * @example
 * class ChatStack extends BaseStack {
 *   constructor(scope: Construct, { organization, account }: ChatStackProps) {
 *     const { homeRegion: region, settings } = account;
 *     super(scope, stackIds.chat(account), { organization, account, region, tags: settings.tags });
 *   }
 * }
 */
export abstract class BaseStack extends TerraformStack {
  constructor(scope: Construct, id: string, props: BaseStackProps) {
    super(scope, id);
    this.node.addValidation(uniqueAddresses(this));
    this.provider("Aws", props);
    // cdktf writes the source "aws", for which OpenTofu wants to change the provider in each run.
    // https://github.com/opentofu/opentofu/issues/2402
    this.addOverride("terraform.required_providers.aws.source", "hashicorp/aws");
    const version = newerProviderFor(props.region);
    if (version !== undefined) this.addOverride("terraform.required_providers.aws.version", version);
    // Terraform 1.10 and OpenTofu 1.10 have the lock file of the S3 backend. OpenTofu 1.10 has `removed` blocks with
    // `destroy = false`. https://github.com/opentofu/opentofu/blob/v1.10/CHANGELOG.md
    this.addOverride("terraform.required_version", ">= 1.10");
    keepState(this, id, props.organization);
  }

  protected override allocateLogicalId(element: TerraformElement | Node): string {
    const { path } = "node" in element ? element.node : element;
    const inStack = path.slice(this.node.path.length);
    const known = logicalIds.get(inStack) ?? super.allocateLogicalId(element);
    logicalIds.set(inStack, known);
    return known;
  }

  /**
   * Adds a provider for one account in one region.
   * @param alias name of a further provider; without it, the provider is the default one of the stack
   */
  protected provider(
    id: string,
    { organization: { name, deployment }, account, region, tags, role = null }: BaseStackProps,
    alias?: string,
  ): AwsProvider {
    return new AwsProvider(this, id, {
      ...(alias !== undefined && { alias }),
      region,
      // The map has checked the region. AWS provider 5.100.0 knows fewer regions, for instance no ap-southeast-6.
      skipRegionValidation: true,
      // With credentials of another account, Terraform fails, and changes nothing in that account.
      allowedAccountIds: [account.id],
      ...(deployment.mode === "profiles" && { profile: profileName(account, role) }),
      ...(deployment.mode === "assume-role" && {
        assumeRole: [
          {
            roleArn: roleArn(account, role ?? deployment.role),
            sessionName: "session-audit",
            ...(deployment.externalId !== undefined && { externalId: deployment.externalId }),
          },
        ],
      }),
      defaultTags: [{ tags: { ...tags, "session-audit": name } }],
    });
  }

  /**
   * Adds an output with exactly this name: `staticId` keeps cdktf from deriving another one from the construct's path.
   * @param value null: no output
   */
  output(name: string, value: unknown): void {
    if (value !== null) new TerraformOutput(this, name, { value, staticId: true });
  }
}

/** Sets the backend of a stack. The key of its state depends on the stack's id and on nothing else of the stack. */
function keepState(stack: TerraformStack, id: string, organization: Organization): void {
  const { state, deployment } = organization;
  // A saved plan names the backend with its role. With a profile in place of the role, each command chooses its own.
  // https://developer.hashicorp.com/terraform/language/backend#credentials-and-sensitive-data
  const byProfile = deployment.mode === "profiles" && stateRoles(organization) !== null;
  switch (state.backend) {
    case "local":
      // Terraform runs in cdktf.out/stacks/<id>, so the path is relative to it. cdktf's default backend would write an
      // absolute path, and the output would depend on the machine.
      new LocalBackend(stack, { path: `../../../${state.directory}/${id}.tfstate` });
      return;
    case "s3":
      new S3Backend(stack, {
        bucket: state.bucket,
        key: `${state.keyPrefix}/${id}.tfstate`,
        region: state.region,
        ...(skipsBackendCheck(state.region) && { skipRegionValidation: true }),
        encrypt: true,
        ...(state.kmsKeyArn !== undefined && { kmsKeyId: state.kmsKeyArn }),
        ...(byProfile
          ? { profile: STATES_PROFILE }
          : state.roleArn !== undefined && { assumeRole: { roleArn: state.roleArn } }),
      });
      // cdktf 0.21 has no property for the lock file of the S3 backend.
      // https://developer.hashicorp.com/terraform/language/backend/s3
      stack.addOverride("terraform.backend.s3.use_lockfile", true);
      return;
    case "cloud":
      new CloudBackend(stack, {
        hostname: state.hostname,
        organization: state.organization,
        workspaces: new NamedCloudWorkspace(`${state.workspacePrefix}${id}`),
      });
  }
}
