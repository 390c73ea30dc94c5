import { DescribeLogGroupsCommand, type LogGroup } from "@aws-sdk/client-cloudwatch-logs";
import type { AccountClients } from "../clients/account-clients";
import { AwsError } from "../gateway/protocol";
import type { RememberedSettings } from "./remembered-settings";

/** A log group in an account and region. */
export interface GroupPlace {
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
}

/** As one string: for maps. */
export const groupKey = ({ accountId, region, name }: GroupPlace) => `${accountId}/${region}/${name}`;

/** A log group's name, from its name or ARN. */
export const groupName = (identifier: string) =>
  identifier.startsWith("arn:") ? identifier.split(":").slice(6).join(":").replace(/:\*$/, "") : identifier;

/** Looks for log groups, and asks of them what subscriptions and masking ask. */
export class LogGroups {
  constructor(
    private readonly accounts: AccountClients,
    private readonly settings: RememberedSettings,
  ) {}

  /** @throws {@link AwsError} `ResourceNotFoundException` */
  async require({ accountId, region, name }: GroupPlace): Promise<LogGroup> {
    const { logs } = await this.accounts.in(accountId, region);
    const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name }));
    const group = logGroups.find(({ logGroupName }) => logGroupName === name);
    if (group === undefined)
      throw new AwsError("ResourceNotFoundException", "The specified log group does not exist.");
    return group;
  }

  /** @throws {@link AwsError} unless the group is there and of class STANDARD */
  async requireStandard(place: GroupPlace, what: string): Promise<void> {
    await this.require(place);
    if (this.settings.logClassOf(place.accountId, place.region, place.name) !== "STANDARD")
      throw new AwsError(
        "InvalidOperationException",
        `${what} not supported for log groups of the Infrequent Access class.`,
      );
  }
}
