import { SLACK, TEAMS } from "../../fixtures/chat";
import { mapWith, OWN_BUCKETS, type Changes } from "./good-map";
import { problemsOf } from "./problems-of";

/** A change that a map cannot have, and its one problem: the path, what is allowed, and the remedy. */
type Case = readonly [title: string, changes: Changes, path: string, allowed: string, remedy: string];

const activity = (...chat: unknown[]): Changes => ({ "notifications.activity.chat": chat });
const security = (...chat: unknown[]): Changes => ({ "notifications.security.chat": chat });
const CHAT = "notifications.activity.chat";
const OTHER_CHANNEL = { ...TEAMS, channelId: "19%3A0a1b2c3d4e5f%40thread.tacv2" };

const shapes: readonly Case[] = [
  ["a channel as a name", activity("#security"), `${CHAT}[0]`, 'platform: "slack"', "name a platform"],
  ["another platform", activity({ ...SLACK, platform: "discord" }), `${CHAT}[0].platform`, '"slack"', ""],
  [
    "a Slack channel by its name",
    activity({ ...SLACK, channelId: "#security" }),
    `${CHAT}[0].channelId`,
    "C or G",
    "copy the channel's link",
  ],
  [
    "a direct message",
    activity({ ...SLACK, channelId: "D07EZ1ABC23" }),
    `${CHAT}[0].channelId`,
    "C or G",
    "copy the channel's link",
  ],
  [
    "a Slack workspace by its name",
    activity({ ...SLACK, workspaceId: "acme" }),
    `${CHAT}[0].workspaceId`,
    "T and 6 to 30",
    "the workspace's name does not work",
  ],
  [
    "a Slack channel with a team",
    activity({ ...SLACK, teamId: TEAMS.teamId }),
    `${CHAT}[0].teamId`,
    "platform, workspaceId, channelId",
    "remove it",
  ],
  [
    "a Teams channel without a tenant",
    activity({ ...TEAMS, tenantId: undefined }),
    `${CHAT}[0].tenantId`,
    "UUID",
    "tenantId=",
  ],
  [
    "a team in capitals",
    activity({ ...TEAMS, teamId: TEAMS.teamId.toUpperCase() }),
    `${CHAT}[0].teamId`,
    "lower case",
    "in lower case",
  ],
  [
    "a Teams channel that is decoded",
    activity({ ...TEAMS, channelId: decodeURIComponent(TEAMS.channelId) }),
    `${CHAT}[0].channelId`,
    "40thread.tacv2",
    "URL-encoded",
  ],
  [
    "more than ten",
    activity(...Array.from({ length: 11 }, (_, n) => ({ ...SLACK, channelId: `C07EZ1ABC${10 + n}` }))),
    CHAT,
    "at most 10",
    "list objects",
  ],
];

const rules: readonly Case[] = [
  ["a channel twice", activity(SLACK, TEAMS, SLACK), `${CHAT}[2]`, "each chat channel once", "repetition"],
  [
    "a channel twice, of an archive",
    { "accounts.log-archive.notifications": { security: { chat: [SLACK, SLACK] } } },
    'accounts["log-archive"].notifications.security.chat[1]',
    "each chat channel once",
    "repetition",
  ],
  [
    "two channels of a team",
    activity(TEAMS, OTHER_CHANNEL),
    `${CHAT}[1]`,
    "one channel of a team",
    "another team",
  ],
  [
    "two channels of a team, for activity and security",
    { ...activity(TEAMS), ...security(OTHER_CHANNEL) },
    "notifications.security.chat[0]",
    "one channel of a team in account sandbox",
    "another team",
  ],
  [
    "two channels of a team in two regions of an account",
    {
      ...activity(TEAMS),
      "accounts.payments.regions.us-east-1": { notifications: { activity: { chat: [OTHER_CHANNEL] } } },
    },
    'accounts.payments.regions["us-east-1"].notifications.activity.chat[0]',
    "one channel of a team",
    "another team",
  ],
  [
    "a team in two tenants",
    activity(TEAMS, { ...TEAMS, tenantId: TEAMS.teamId }),
    `${CHAT}[1]`,
    "one channel of a team",
    "another team",
  ],
  [
    "channels of a channel that is off",
    { "notifications.activity.enabled": false, ...activity(SLACK) },
    CHAT,
    "nothing unless notifications.activity.enabled is true",
    "remove it",
  ],
  [
    "channels of a security channel that is off in an account",
    { "accounts.sandbox.notifications": { security: { enabled: false, chat: [SLACK] } } },
    "accounts.sandbox.notifications.security.chat",
    "nothing unless notifications.security.enabled is true",
    "remove it",
  ],
  [
    "activity of an account without regions",
    { "accounts.log-archive.notifications": { activity: { chat: [SLACK] } } },
    'accounts["log-archive"].notifications.activity.chat',
    "no sessions",
    "list the regions",
  ],
  [
    "a boundary of another account, for the role of an archive's chat",
    {
      ...security(SLACK),
      "accounts.log-archive.access": {
        permissionsBoundaryArn: "arn:aws:iam::444444444444:policy/boundary",
      },
    },
    'accounts["log-archive"].access.permissionsBoundaryArn',
    "a policy of account 111111111111",
    "name a policy of this account",
  ],
];

it.each([...shapes, ...rules])(
  "%s is refused with its path and the remedy",
  (_title, changes, ...[path, allowed, remedy]) => {
    const problems = problemsOf(mapWith(changes));
    expect(problems.map((problem) => problem.path)).toEqual([path]);
    expect(problems[0]!.allowed).toContain(allowed);
    expect(problems[0]!.remedy).toContain(remedy);
  },
);

it("chat channels in another partition are refused, because the service does not exist there", () => {
  const home = "us-gov-west-1";
  const account = (id: string) => ({ id, homeRegion: home, regions: [home] });
  const changes = {
    ...OWN_BUCKETS,
    ...activity(SLACK),
    "transcripts.readers": [],
    accounts: { payments: account("444444444444") },
  };
  expect(problemsOf(mapWith(changes))).toEqual([
    expect.objectContaining({
      path: CHAT,
      allowed: expect.stringContaining("partition aws-us-gov") as string,
    }),
  ]);
});

it.each<[string, Changes]>([
  ["the same channels for activity and security", { ...activity(SLACK, TEAMS), ...security(SLACK, TEAMS) }],
  ["channels of two teams", activity(TEAMS, { ...OTHER_CHANNEL, teamId: TEAMS.tenantId })],
  [
    "two channels of a team in two accounts",
    {
      "accounts.payments.notifications": { activity: { chat: [TEAMS] } },
      "accounts.sandbox.notifications": { activity: { chat: [OTHER_CHANNEL] } },
    },
  ],
  ["none, for a channel that is off", { "notifications.activity.enabled": false, ...activity() }],
  [
    "a channel with the first letters in lower case",
    activity({ ...TEAMS, channelId: TEAMS.channelId.replace("%3A", "%3a") }),
  ],
  ["an older private channel of Slack", activity({ ...SLACK, channelId: "G07EZ1ABC23" })],
])("a map may have %s", (_title, changes) => {
  expect(problemsOf(mapWith(changes))).toEqual([]);
});
