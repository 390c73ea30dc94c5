import { AwsError } from "../gateway/protocol";
import { topicsOf, type ChatChannels, type ChatConfiguration } from "./chat-channels";
import { change, creation, type ChatFields, type ChatPlatform } from "./chat-input";
import type { ChatTopics } from "./chat-topics";

/** A Slack workspace or a Microsoft Teams team that an account has authorised in the console. */
export type ChatClient =
  | { readonly platform: "slack"; readonly workspaceId: string }
  | { readonly platform: "teams"; readonly teamId: string; readonly tenantId: string };

const ARN_TYPES = { slack: "slack-channel", teams: "microsoft-teams-channel" } as const;

/**
 * The defaults of AWS. With this guardrail policy, members of the channel may do whatever the role may.
 * @see https://docs.aws.amazon.com/chatbot/latest/APIReference/API_CreateSlackChannelConfiguration.html
 */
const DEFAULTS: ChatFields = {
  SnsTopicArns: [],
  GuardrailPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"],
  LoggingLevel: "NONE",
  UserAuthorizationRequired: false,
};

/** Amazon Q Developer in chat applications. The service is global: configurations are the same in every region. */
export class ChatService {
  private readonly authorised = new Set<string>();

  constructor(
    private readonly channels: ChatChannels,
    private readonly topics: ChatTopics,
    private readonly roleExists: (roleArn: string) => Promise<boolean>,
  ) {}

  /**
   * Authorises a workspace or a team for an account. On AWS, a person does so in the console.
   * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/slack-setup.html
   */
  authorise(accountId: string, client: ChatClient): void {
    this.authorised.add(
      client.platform === "slack"
        ? `${accountId}/${client.workspaceId}`
        : `${accountId}/${client.teamId}/${client.tenantId}`,
    );
  }

  /**
   * Creates a configuration and subscribes the service to its topics.
   * @throws {@link AwsError} `ConflictException` when the name is taken; `InvalidRequestException` when the channel has a
   * configuration, the workspace or team is not authorised, or a topic or the role does not exist
   */
  async create(platform: ChatPlatform, accountId: string, input: ChatFields): Promise<ChatConfiguration> {
    const fields: ChatFields = { ...DEFAULTS, ...creation(platform, input) };
    const name = String(fields["ConfigurationName"]);
    const arn = `arn:aws:chatbot::${accountId}:chat-configuration/${ARN_TYPES[platform]}/${name}`;
    if (this.channels.get(arn))
      throw new AwsError("ConflictException", `A chat configuration named ${name} exists already.`, 409);
    this.requireAuthorised(platform, accountId, fields);
    this.requireFree(platform, accountId, fields);
    await this.requireRole(fields);
    await this.topics.require(accountId, topicsOf(fields));
    for (const topicArn of topicsOf(fields)) await this.topics.subscribe(topicArn);
    const named = { ...fields, ...namesOf(platform, fields), ChatConfigurationArn: arn, State: "ENABLED" };
    return this.channels.set({ platform, accountId, arn, fields: named, tags: tagsOf(input["Tags"]) });
  }

  /** Changes a configuration. @throws {@link AwsError} `ResourceNotFoundException`, or the errors of {@link create} */
  async update(platform: ChatPlatform, accountId: string, input: ChatFields): Promise<ChatConfiguration> {
    const before = this.require(input["ChatConfigurationArn"], accountId);
    const fields: ChatFields = { ...before.fields, ...change(platform, input) };
    this.requireFree(platform, accountId, fields);
    await this.requireRole(fields);
    await this.topics.require(accountId, topicsOf(fields));
    for (const topicArn of topicsOf(fields)) await this.topics.subscribe(topicArn);
    const after = this.channels.set({ ...before, fields: { ...fields, ...namesOf(platform, fields) } });
    await this.unsubscribeUnused(before);
    return after;
  }

  /** Deletes a configuration. @throws {@link AwsError} `ResourceNotFoundException` */
  async delete(accountId: string, arn: unknown): Promise<void> {
    const configuration = this.require(arn, accountId);
    this.channels.delete(configuration.arn);
    await this.unsubscribeUnused(configuration);
  }

  /** Lists the configurations of an account, optionally only the one with an ARN (Slack) or those of a team (Teams). */
  list(platform: ChatPlatform, accountId: string, input: ChatFields): ChatConfiguration[] {
    const { ChatConfigurationArn: arn, TeamId: teamId } = input;
    return this.channels
      .in(accountId, platform)
      .filter((it) => arn === undefined || it.arn === arn)
      .filter(({ fields }) => teamId === undefined || fields["TeamId"] === teamId);
  }

  /** The configuration of an account. @throws {@link AwsError} `ResourceNotFoundException` */
  require(arn: unknown, accountId: string): ChatConfiguration {
    const configuration = this.channels.get(arn);
    if (configuration?.accountId === accountId) return configuration;
    throw new AwsError("ResourceNotFoundException", `There is no chat configuration ${String(arn)}.`, 404);
  }

  /** Adds tags to a configuration; a tag whose value is null is removed. */
  tag(accountId: string, arn: unknown, tags: Readonly<Record<string, string | null>>): void {
    const configuration = this.require(arn, accountId);
    const kept = Object.entries({ ...configuration.tags, ...tags }).filter(
      (tag): tag is [string, string] => tag[1] !== null,
    );
    this.channels.set({ ...configuration, tags: Object.fromEntries(kept) });
  }

  private async unsubscribeUnused({ fields }: ChatConfiguration): Promise<void> {
    for (const topicArn of topicsOf(fields)) {
      if (!this.channels.hasConfiguration(topicArn)) await this.topics.unsubscribe(topicArn);
    }
  }

  private requireAuthorised(platform: ChatPlatform, accountId: string, fields: ChatFields): void {
    const { SlackTeamId, TeamId, TenantId } = fields as Record<string, string>;
    const client = platform === "slack" ? SlackTeamId : `${TeamId}/${TenantId}`;
    if (this.authorised.has(`${accountId}/${client}`)) return;
    const what = platform === "slack" ? `Slack workspace ${SlackTeamId}` : `Microsoft Teams team ${TeamId}`;
    throw new AwsError(
      "InvalidRequestException",
      `AWS Chatbot can't create the configuration because ${what} is not authorized with AWS account ${accountId}.`,
    );
  }

  private requireFree(platform: ChatPlatform, accountId: string, fields: ChatFields): void {
    const keys = platform === "slack" ? ["SlackTeamId", "SlackChannelId"] : ["TeamId", "ChannelId"];
    const isTaken = this.channels
      .in(accountId, platform)
      .filter(({ arn }) => arn !== fields["ChatConfigurationArn"])
      .some((other) => keys.every((key) => other.fields[key] === fields[key]));
    if (!isTaken) return;
    const [team, channel] = keys.map((key) => String(fields[key]));
    const what = platform === "slack" ? "Slack" : "Microsoft Teams";
    throw new AwsError(
      "InvalidRequestException",
      `${what} channel with ID ${channel} in ${what} team ${team} has already been configured for AWS account ${accountId}.`,
    );
  }

  private async requireRole({ IamRoleArn }: ChatFields): Promise<void> {
    if (!(await this.roleExists(String(IamRoleArn))))
      throw new AwsError("InvalidRequestException", `The role ${String(IamRoleArn)} does not exist.`);
  }
}

/** The names that the service reads from the chat platform. The emulator invents them. */
const namesOf = (platform: ChatPlatform, fields: ChatFields): ChatFields =>
  platform === "slack"
    ? {
        SlackTeamName: `workspace-${String(fields["SlackTeamId"])}`,
        SlackChannelName: fields["SlackChannelName"] ?? `channel-${String(fields["SlackChannelId"])}`,
      }
    : {
        TeamName: fields["TeamName"] ?? `team-${String(fields["TeamId"])}`,
        ChannelName: fields["ChannelName"] ?? "General",
      };

/** Tags by key, from the list of the API: `[{ TagKey, TagValue }]`. */
export const tagsOf = (tags: unknown): Record<string, string> =>
  Object.fromEntries(
    ((tags ?? []) as { TagKey: string; TagValue: string }[]).map(({ TagKey, TagValue }) => [
      TagKey,
      TagValue,
    ]),
  );
