import { regionalArn } from "../clients/partitions";

/** A managed node that an agent runs on. */
export interface Instance {
  readonly accountId: string;
  readonly region: string;
  /** `i-…` or `mi-…` */
  readonly instanceId: string;
  /** Role of its instance profile, which the agent signs with. */
  readonly instanceRoleName: string;
  /** For commands that go to nodes by a tag. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** The nodes whose agents are connected. */
export class Instances {
  private readonly known = new Map<string, Instance>();

  /** Connects an agent; a second time it replaces the role. */
  register(instance: Instance): void {
    this.known.set(placeOf(instance), instance);
  }

  /** Disconnects an agent. */
  disconnect(instance: Instance): void {
    this.known.delete(placeOf(instance));
  }

  /** The nodes of an account and region whose agents are connected. */
  in(accountId: string, region: string): Instance[] {
    return [...this.known.values()].filter((node) => node.accountId === accountId && node.region === region);
  }

  /** The node, if its agent is connected. */
  find(accountId: string, region: string, instanceId: string): Instance | undefined {
    return this.known.get(placeOf({ accountId, region, instanceId }));
  }
}

const placeOf = ({ accountId, region, instanceId }: Pick<Instance, "accountId" | "region" | "instanceId">) =>
  `${accountId}/${region}/${instanceId}`;

/** The ARN that `ssm:StartSession` is authorised on. */
export function instanceArn(accountId: string, region: string, instanceId: string): string {
  return instanceId.startsWith("mi-")
    ? regionalArn("ssm", region, accountId, `managed-instance/${instanceId}`)
    : regionalArn("ec2", region, accountId, `instance/${instanceId}`);
}
