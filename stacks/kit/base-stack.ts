import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import {
  CloudBackend,
  LocalBackend,
  NamedCloudWorkspace,
  S3Backend,
  TerraformOutput,
  TerraformStack,
} from "cdktf";
import type { Construct } from "constructs";
import type { AccountIdentity, Organization } from "../../accounts/model/organization";
import { uniqueAddresses } from "./unique-addresses";
import { arns } from "../names";

export interface BaseStackProps {
  readonly organization: Organization;
  readonly account: AccountIdentity;
  readonly region: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Name of the role to take in this account. null: that of the deployment. @default null */
  readonly role?: string | null;
}

/** What every stack has: a state of its own, and one provider that reaches one account in one region. */
export abstract class BaseStack extends TerraformStack {
  constructor(scope: Construct, id: string, props: BaseStackProps) {
    super(scope, id);
    this.node.addValidation(uniqueAddresses(this));
    this.provider("Aws", props);
    // cdktf writes "aws", which OpenTofu takes for another provider than "hashicorp/aws".
    this.addOverride("terraform.required_providers.aws.source", "hashicorp/aws");
    // For S3's lock file, and in OpenTofu for "removed" blocks that keep what they name.
    this.addOverride("terraform.required_version", ">= 1.10");
    keepState(this, id, props.organization.state);
  }

  /** Reaches one account in one region; with an alias, besides the one that the stack is for. */
  protected provider(
    id: string,
    { organization: { name, deployment }, account, region, tags, role = null }: BaseStackProps,
    alias?: string,
  ): AwsProvider {
    return new AwsProvider(this, id, {
      ...(alias !== undefined && { alias }),
      region,
      // Whatever credentials the pipeline has: never in another account than the one that the map says.
      allowedAccountIds: [account.id],
      ...(deployment.mode === "assume-role" && {
        assumeRole: [
          {
            roleArn: roleToTake(account, role ?? deployment.role),
            sessionName: "session-audit",
            ...(deployment.externalId !== undefined && { externalId: deployment.externalId }),
          },
        ],
      }),
      defaultTags: [{ tags: { ...tags, "session-audit": name } }],
    });
  }

  /** A value that an operator needs, under a name that stays; null: there is nothing to tell. */
  output(name: string, value: unknown): void {
    if (value !== null) new TerraformOutput(this, name, { value, staticId: true });
  }
}

const roleToTake = (account: AccountIdentity, role: string) =>
  role.startsWith("arn:") ? role : arns.role(account, role);

/** The key of a stack's state: derived from its id and nothing else. */
function keepState(stack: TerraformStack, id: string, state: Organization["state"]): void {
  switch (state.backend) {
    case "local":
      // Terraform runs in cdktf.out/stacks/<id>; the default backend would write an absolute path.
      new LocalBackend(stack, { path: `../../../${state.directory}/${id}.tfstate` });
      return;
    case "s3":
      new S3Backend(stack, {
        bucket: state.bucket,
        key: `${state.keyPrefix}/${id}.tfstate`,
        region: state.region,
        encrypt: true,
        ...(state.kmsKeyArn !== undefined && { kmsKeyId: state.kmsKeyArn }),
        ...(state.roleArn !== undefined && { assumeRole: { roleArn: state.roleArn } }),
      });
      // S3's own lock file, which this cdktf has no property for.
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
