import { AwsError } from "../gateway/protocol";

/** The two kinds of chat configuration that the service has in common with this project. */
export type ChatPlatform = "slack" | "teams";

/** A configuration as the API has it: its fields by name, the same for both platforms but for the channel's. */
export type ChatFields = Record<string, unknown>;

interface Field {
  readonly pattern: RegExp;
  readonly max: number;
  readonly list?: boolean;
}

const ARN =
  /^arn:aws:[A-Za-z0-9][A-Za-z0-9_/.-]{0,62}:[A-Za-z0-9_/.-]{0,63}:[A-Za-z0-9_/.-]{0,63}:[A-Za-z0-9][A-Za-z0-9:_/+=,@.-]{0,1023}$/;
const UUID = /^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/;
const NAME = { pattern: /^.+$/, max: 1000 };

/** The patterns and lengths of the service's API model. */
const FIELDS: Readonly<Record<string, Field>> = {
  ConfigurationName: { pattern: /^[A-Za-z0-9-_]+$/, max: 128 },
  IamRoleArn: { pattern: ARN, max: 1224 },
  LoggingLevel: { pattern: /^(ERROR|INFO|NONE)$/, max: 5 },
  SnsTopicArns: { pattern: ARN, max: 1224, list: true },
  GuardrailPolicyArns: {
    pattern:
      /^(?!.*\/aws-service-role\/.*)arn:aws:iam:[A-Za-z0-9_/.-]{0,63}:[A-Za-z0-9_/.-]{0,63}:[A-Za-z0-9][A-Za-z0-9:_/+=,@.-]{0,1023}$/,
    max: 1163,
    list: true,
  },
  SlackTeamId: { pattern: /^[0-9A-Z]{1,255}$/, max: 255 },
  SlackChannelId: { pattern: /^[A-Za-z0-9]+$/, max: 255 },
  SlackChannelName: { ...NAME, max: 255 },
  TeamId: { pattern: UUID, max: 36 },
  TenantId: { pattern: UUID, max: 36 },
  ChannelId: {
    pattern: /^([a-zA-Z0-9-_=+/.,])*%3[aA]([a-zA-Z0-9-_=+/.,])*%40([a-zA-Z0-9-_=+/.,])*$/,
    max: 255,
  },
  ChannelName: NAME,
  TeamName: { ...NAME, max: 255 },
};

const NEEDED: Readonly<Record<ChatPlatform, readonly string[]>> = {
  slack: ["SlackTeamId", "SlackChannelId", "IamRoleArn", "ConfigurationName"],
  teams: ["ChannelId", "TeamId", "TenantId", "IamRoleArn", "ConfigurationName"],
};

/** The fields of a configuration to be made. @throws {@link AwsError} `InvalidParameterException` */
export function creation(platform: ChatPlatform, input: ChatFields): ChatFields {
  for (const name of NEEDED[platform]) {
    if (input[name] === undefined) throw invalid(`${name} is needed`);
  }
  return checked(input);
}

/** The fields of a change. @throws {@link AwsError} `InvalidParameterException` */
export function change(platform: ChatPlatform, input: ChatFields): ChatFields {
  const channel = platform === "slack" ? "SlackChannelId" : "ChannelId";
  if (input[channel] === undefined) throw invalid(`${channel} is needed`);
  const {
    ConfigurationName: _name,
    SlackTeamId: _workspace,
    TeamId: _team,
    TenantId: _tenant,
    ...rest
  } = input;
  return checked(rest);
}

function checked(input: ChatFields): ChatFields {
  const known = Object.entries(input).filter(([name, value]) => name in FIELDS && value !== undefined);
  for (const [name, value] of known) {
    const { pattern, max, list = false } = FIELDS[name]!;
    const values = list ? value : [value];
    const fits = (text: unknown) => typeof text === "string" && text.length <= max && pattern.test(text);
    if (!Array.isArray(values) || !values.every(fits))
      throw invalid(`${name} ${JSON.stringify(value)} is not valid`);
  }
  const { UserAuthorizationRequired: required } = input;
  if (required !== undefined && typeof required !== "boolean")
    throw invalid("UserAuthorizationRequired is no boolean");
  return {
    ...Object.fromEntries(known),
    ...(required !== undefined && { UserAuthorizationRequired: required }),
  };
}

const invalid = (message: string) => new AwsError("InvalidParameterException", message);
