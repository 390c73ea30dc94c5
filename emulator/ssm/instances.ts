import { SSM_USER } from "../../aws/session-manager";
import { regionalArn } from "../clients/partitions";

/** A managed node on which an SSM Agent runs. */
export interface Instance {
  readonly accountId: string;
  readonly region: string;
  /** `i-…` or `mi-…` */
  readonly instanceId: string;
  /** The role of its instance profile. The agent signs its calls with it. */
  readonly instanceRoleName: string;
  /** Operating system users that somebody has created on it. */
  readonly users?: readonly string[];
  /** @default "Linux" */
  readonly platform?: "Linux" | "Windows" | "MacOS";
  /** The host name that its agent reports. */
  readonly computerName?: string;
  /** Version of its agent. @default a recent one */
  readonly agentVersion?: string;
  /** Tags by which Run Command selects nodes. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** The nodes whose agents are connected. */
export class Instances {
  private readonly known = new Map<string, Instance>();
  private readonly withSsmUser = new Set<string>();

  /** Connects the agent of a node. A second call for the same node replaces its role and tags. */
  register(instance: Instance): void {
    this.known.set(keyOf(instance), instance);
  }

  /** Creates ssm-user on a node, as its agent does. The user stays. */
  createSsmUser(node: NodeId): void {
    this.withSsmUser.add(keyOf(node));
  }

  /** Whether an operating system user exists on a node. */
  hasUser(node: NodeId, user: string): boolean {
    const created = this.known.get(keyOf(node))?.users ?? [];
    return created.includes(user) || (user === SSM_USER && this.withSsmUser.has(keyOf(node)));
  }

  /** Disconnects the agent of a node. */
  disconnect(instance: Instance): void {
    this.known.delete(keyOf(instance));
  }

  /** The nodes of an account and region whose agents are connected. */
  in(accountId: string, region: string): Instance[] {
    return [...this.known.values()].filter((node) => node.accountId === accountId && node.region === region);
  }

  /** The node; undefined when its agent is not connected. */
  find(accountId: string, region: string, instanceId: string): Instance | undefined {
    return this.known.get(keyOf({ accountId, region, instanceId }));
  }
}

/** What identifies a node. */
type NodeId = Pick<Instance, "accountId" | "region" | "instanceId">;

const keyOf = ({ accountId, region, instanceId }: NodeId) => `${accountId}/${region}/${instanceId}`;

/** The ARN of a node, on which `ssm:StartSession` is authorised. */
export function instanceArn(accountId: string, region: string, instanceId: string): string {
  return instanceId.startsWith("mi-")
    ? regionalArn("ssm", region, accountId, `managed-instance/${instanceId}`)
    : regionalArn("ec2", region, accountId, `instance/${instanceId}`);
}
