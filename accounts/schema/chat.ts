import { z } from "zod";
import { encodedChannel } from "./spellings";
import { described, type Fact } from "./values";

/** Chat channels that a notification channel may have: more than a team needs, few enough to catch a mistake. */
const MOST_CHATS = 10;

const id = (pattern: RegExp, description: string, allowed: string, remedy: string, spell?: Fact["spell"]) =>
  described(z.string().regex(pattern), { description, allowed, remedy, ...(spell && { spell }) });

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const slack = z.strictObject({
  platform: z.literal("slack"),
  workspaceId: id(
    /^T[A-Z0-9]{6,30}$/,
    "Id of the Slack workspace. Amazon Q Developer in chat applications shows it once you have authorised the workspace.",
    "a workspace id: T and 6 to 30 capital letters and digits",
    "copy the id, like T07EA123LEP, from the console of Amazon Q Developer in chat applications; the workspace's name does not work",
  ),
  channelId: id(
    /^[CG][A-Z0-9]{6,30}$/,
    "Id of the Slack channel.",
    "a channel id: C or G and 6 to 30 capital letters and digits",
    "copy the channel's link in Slack: its last part is the id, like C07EZ1ABC23; the channel's name does not work",
  ),
});

const teams = z.strictObject({
  platform: z.literal("teams"),
  teamId: id(
    UUID,
    "Id of the team: groupId in the link to a channel.",
    "a team id: a UUID in lower case",
    "copy the channel's link in Teams: the id follows groupId=",
  ),
  tenantId: id(
    UUID,
    "Id of the tenant: tenantId in the link to a channel.",
    "a tenant id: a UUID in lower case",
    "copy the channel's link in Teams: the id follows tenantId=",
  ),
  channelId: id(
    /^19%3[aA][A-Za-z0-9_=.,-]{1,200}%40thread\.(?:tacv2|skype)$/,
    "Id of the channel, URL-encoded as in its link.",
    "a channel id, like 19%3Ab6ef35dc342d56ba5654e6fc6d25a071%40thread.tacv2",
    "copy the channel's link in Teams: the id is the part between /channel/ and the next slash; leave %3A and %40 as they are",
    encodedChannel,
  ),
});

const chat = described(z.discriminatedUnion("platform", [slack, teams]), {
  description: "A chat channel that Amazon Q Developer in chat applications posts to.",
  allowed:
    'an object { platform: "slack", workspaceId, channelId } or { platform: "teams", teamId, tenantId, channelId }',
  remedy: "name a platform and its ids, which are part of the links to channels",
  instead: {
    msteams: 'write platform: "teams"',
    "microsoft-teams": 'write platform: "teams"',
    chime: "Amazon Chime is not offered",
  },
});

/** Chat channels of a notification channel. */
export const chats = () =>
  described(z.array(chat).max(MOST_CHATS), {
    description:
      "Slack and Microsoft Teams channels that get the notifications and alarms of this channel, through Amazon Q Developer in chat applications. Authorise the workspace or team in its console first, once in each account. An account can use only one channel of each team.",
    allowed: `a list of at most ${MOST_CHATS} chat channels`,
    remedy: "list objects with platform and ids",
  });
