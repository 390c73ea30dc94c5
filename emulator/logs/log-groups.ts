import { DescribeLogGroupsCommand, type LogGroup } from "@aws-sdk/client-cloudwatch-logs";
import { arnParts } from "../../aws/arn";
import type { AccountClients } from "../clients/account-clients";
import { AwsError } from "../gateway/protocol";
import type { RememberedSettings } from "./remembered-settings";

/** The account, the region and the name of a log group. */
export interface LogGroupLocation {
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
}

/** A key for maps: `<account>/<region>/<name>`. */
export const groupKey = ({ accountId, region, name }: LogGroupLocation) => `${accountId}/${region}/${name}`;

/** The name of a log group, from its name or its ARN. */
export const groupName = (identifier: string) =>
  identifier.startsWith("arn:")
    ? arnParts(identifier)
        .resource.replace(/^log-group:/, "")
        .replace(/:\*$/, "")
    : identifier;

/** Finds log groups and checks what subscription filters and data protection policies require of them. */
export class LogGroups {
  constructor(
    private readonly accounts: AccountClients,
    private readonly settings: RememberedSettings,
  ) {}

  /** The log group. @throws {@link AwsError} `ResourceNotFoundException` */
  async require({ accountId, region, name }: LogGroupLocation): Promise<LogGroup> {
    const { logs } = await this.accounts.in(accountId, region);
    const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name }));
    const group = logGroups.find(({ logGroupName }) => logGroupName === name);
    if (group === undefined)
      throw new AwsError("ResourceNotFoundException", "The specified log group does not exist.");
    return group;
  }

  /**
   * Requires a log group of class STANDARD.
   * @param what the subject of the error message, such as `Subscription filters are`
   * @throws {@link AwsError} `ResourceNotFoundException` or `InvalidOperationException`
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch_Logs_Log_Classes.html
   */
  async requireStandard(location: LogGroupLocation, what: string): Promise<void> {
    await this.require(location);
    if (this.settings.logClassOf(location.accountId, location.region, location.name) !== "STANDARD")
      throw new AwsError(
        "InvalidOperationException",
        `${what} not supported for log groups of the Infrequent Access class.`,
      );
  }
}
