import { AwsError } from "../gateway/protocol";

/** The chat platforms that this project supports. */
export type ChatPlatform = "slack" | "teams";

/** A configuration as the API spells it. Both platforms have the same fields, except those of the channel. */
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

/**
 * The patterns and lengths of the fields in the API.
 * @see https://docs.aws.amazon.com/chatbot/latest/APIReference/Welcome.html
 */
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

const REQUIRED: Readonly<Record<ChatPlatform, readonly string[]>> = {
  slack: ["SlackTeamId", "SlackChannelId", "IamRoleArn", "ConfigurationName"],
  teams: ["ChannelId", "TeamId", "TenantId", "IamRoleArn", "ConfigurationName"],
};

/** Checks the fields of a new configuration. @throws {@link AwsError} `InvalidParameterException` */
export function creation(platform: ChatPlatform, input: ChatFields): ChatFields {
  for (const name of REQUIRED[platform]) {
    if (input[name] === undefined) throw invalid(`${name} is required`);
  }
  return checked(input);
}

/** Checks the fields of a change. @throws {@link AwsError} `InvalidParameterException` */
export function change(platform: ChatPlatform, input: ChatFields): ChatFields {
  const channel = platform === "slack" ? "SlackChannelId" : "ChannelId";
  if (input[channel] === undefined) throw invalid(`${channel} is required`);
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
  const { UserAuthorizationRequired: authorization } = input;
  if (authorization !== undefined && typeof authorization !== "boolean")
    throw invalid("UserAuthorizationRequired is not a boolean");
  return {
    ...Object.fromEntries(known),
    ...(authorization !== undefined && { UserAuthorizationRequired: authorization }),
  };
}

const invalid = (message: string) => new AwsError("InvalidParameterException", message);
