import { AwsError } from "../gateway/protocol";
import { topicsOf, type ChatChannels, type ChatConfiguration } from "./chat-channels";
import { change, creation, type ChatFields, type ChatPlatform } from "./chat-input";
import type { ChatTopics } from "./chat-topics";

/** A Slack workspace or a Microsoft Teams team that an account has authorised in the console. */
export type ChatClient =
  | { readonly platform: "slack"; readonly workspaceId: string }
  | { readonly platform: "teams"; readonly teamId: string; readonly tenantId: string };

const ARN_TYPES = { slack: "slack-channel", teams: "microsoft-teams-channel" } as const;

/** What AWS fills in: its own default lets members of the channel do anything that the role may. */
const DEFAULTS: ChatFields = {
  SnsTopicArns: [],
  GuardrailPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"],
  LoggingLevel: "NONE",
  UserAuthorizationRequired: false,
};

/** Amazon Q Developer in chat applications: configurations of accounts, the same whatever region they are asked in. */
export class ChatService {
  private readonly authorised = new Set<string>();

  constructor(
    private readonly channels: ChatChannels,
    private readonly topics: ChatTopics,
    private readonly roleExists: (roleArn: string) => Promise<boolean>,
  ) {}

  /** What somebody does in the console once: only there can a workspace or a team be authorised. */
  authorise(accountId: string, client: ChatClient): void {
    this.authorised.add(
      client.platform === "slack"
        ? `${accountId}/${client.workspaceId}`
        : `${accountId}/${client.teamId}/${client.tenantId}`,
    );
  }

  /**
   * @throws {@link AwsError} `ConflictException` where the name is taken; `InvalidRequestException` where the channel
   * has a configuration, the workspace or team is not authorised, or a topic or the role is not there
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

  /** @throws {@link AwsError} `ResourceNotFoundException`, or as a creation */
  async update(platform: ChatPlatform, accountId: string, input: ChatFields): Promise<ChatConfiguration> {
    const before = this.require(input["ChatConfigurationArn"], accountId);
    const fields: ChatFields = { ...before.fields, ...change(platform, input) };
    this.requireFree(platform, accountId, fields);
    await this.requireRole(fields);
    await this.topics.require(accountId, topicsOf(fields));
    for (const topicArn of topicsOf(fields)) await this.topics.subscribe(topicArn);
    const after = this.channels.set({ ...before, fields: { ...fields, ...namesOf(platform, fields) } });
    await this.release(before);
    return after;
  }

  /** @throws {@link AwsError} `ResourceNotFoundException` */
  async delete(accountId: string, arn: unknown): Promise<void> {
    const configuration = this.require(arn, accountId);
    this.channels.delete(configuration.arn);
    await this.release(configuration);
  }

  /** Of Slack: one, by its ARN, or all; of Teams: those of a team, or all. */
  list(platform: ChatPlatform, accountId: string, input: ChatFields): ChatConfiguration[] {
    const { ChatConfigurationArn: arn, TeamId: teamId } = input;
    return this.channels
      .in(accountId, platform)
      .filter((it) => arn === undefined || it.arn === arn)
      .filter(({ fields }) => teamId === undefined || fields["TeamId"] === teamId);
  }

  /** @throws {@link AwsError} `ResourceNotFoundException` */
  require(arn: unknown, accountId: string): ChatConfiguration {
    const configuration = this.channels.get(arn);
    if (configuration?.accountId === accountId) return configuration;
    throw new AwsError("ResourceNotFoundException", `There is no chat configuration ${String(arn)}.`, 404);
  }

  /** Lays tags over those of a configuration; null takes one away. */
  tag(accountId: string, arn: unknown, tags: Readonly<Record<string, string | null>>): void {
    const configuration = this.require(arn, accountId);
    const kept = Object.entries({ ...configuration.tags, ...tags }).filter(
      (tag): tag is [string, string] => tag[1] !== null,
    );
    this.channels.set({ ...configuration, tags: Object.fromEntries(kept) });
  }

  private async release({ fields }: ChatConfiguration): Promise<void> {
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

/** Names that the service has from the platform, which are nobody's to choose here. */
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

/** Tags as the API writes them: `[{ TagKey, TagValue }]`. */
export const tagsOf = (tags: unknown): Record<string, string> =>
  Object.fromEntries(
    ((tags ?? []) as { TagKey: string; TagValue: string }[]).map(({ TagKey, TagValue }) => [
      TagKey,
      TagValue,
    ]),
  );
