import { jsonResponse, type AwsResponse, type Handler } from "../gateway/protocol";
import type { CallRecorder } from "../events/call-recorder";
import type { ChatConfiguration } from "./chat-channels";
import type { ChatFields } from "./chat-input";
import { tagsOf, type ChatService } from "./chat-service";
import type { Identities } from "../clients/identities";

interface Operation {
  /** The name of the event in CloudTrail; null for operations that change nothing. */
  readonly changes: string | null;
  readonly answer: (accountId: string, input: ChatFields) => Promise<AwsResponse> | AwsResponse;
}

/**
 * The operations of Amazon Q Developer in chat applications (`chatbot`) that the Terraform provider calls. Moto has none.
 * @see https://docs.aws.amazon.com/chatbot/latest/APIReference/Welcome.html
 */
export function chatApi(service: ChatService, identities: Identities, recorder: CallRecorder): Handler {
  const operations = operationsOf(service);
  return async (request) => {
    const operation = operations[request.url];
    if (request.service !== "chatbot" || operation === undefined) return undefined;
    const { accountId } = await identities.of(request.accessKeyId, request.region);
    const text = request.body.toString("utf8");
    const input = JSON.parse(text === "" ? "{}" : text) as ChatFields;
    const answer = await operation.answer(accountId, input);
    if (operation.changes !== null)
      recorder.note({ eventName: operation.changes, requestParameters: input }, request);
    return answer;
  };
}

function operationsOf(service: ChatService): Readonly<Record<string, Operation>> {
  const read = (answer: Operation["answer"]): Operation => ({ changes: null, answer });
  const write = (changes: string, answer: Operation["answer"]): Operation => ({ changes, answer });
  const one = (configuration: ChatConfiguration, status = 200) => ({
    ...jsonResponse({ ChannelConfiguration: asResponse(configuration) }),
    status,
  });
  const deleted = async (accountId: string, input: ChatFields) => {
    await service.delete(accountId, input["ChatConfigurationArn"]);
    return { ...jsonResponse({}), status: 204, body: "" };
  };
  return {
    "/create-slack-channel-configuration": write("CreateSlackChannelConfiguration", async (account, input) =>
      one(await service.create("slack", account, input), 201),
    ),
    "/update-slack-channel-configuration": write("UpdateSlackChannelConfiguration", async (account, input) =>
      one(await service.update("slack", account, input)),
    ),
    "/delete-slack-channel-configuration": write("DeleteSlackChannelConfiguration", deleted),
    "/describe-slack-channel-configurations": read((account, input) =>
      jsonResponse({ SlackChannelConfigurations: service.list("slack", account, input).map(asResponse) }),
    ),
    "/create-ms-teams-channel-configuration": write(
      "CreateMicrosoftTeamsChannelConfiguration",
      async (account, input) => one(await service.create("teams", account, input), 201),
    ),
    "/update-ms-teams-channel-configuration": write(
      "UpdateMicrosoftTeamsChannelConfiguration",
      async (account, input) => one(await service.update("teams", account, input)),
    ),
    "/delete-ms-teams-channel-configuration": write("DeleteMicrosoftTeamsChannelConfiguration", deleted),
    "/list-ms-teams-channel-configurations": read((account, input) =>
      jsonResponse({ TeamChannelConfigurations: service.list("teams", account, input).map(asResponse) }),
    ),
    "/get-ms-teams-channel-configuration": read((account, input) =>
      one(service.require(input["ChatConfigurationArn"], account)),
    ),
    "/list-tags-for-resource": read((account, input) =>
      jsonResponse({ Tags: asTagList(service.require(input["ResourceARN"], account).tags) }),
    ),
    "/tag-resource": write("TagResource", (account, input) => {
      service.tag(account, input["ResourceARN"], tagsOf(input["Tags"]));
      return jsonResponse({});
    }),
    "/untag-resource": write("UntagResource", (account, input) => {
      const keys = (input["TagKeys"] ?? []) as readonly string[];
      service.tag(account, input["ResourceARN"], Object.fromEntries(keys.map((key) => [key, null])));
      return jsonResponse({});
    }),
  };
}

const asResponse = ({ fields, tags }: ChatConfiguration) => ({ ...fields, Tags: asTagList(tags) });

const asTagList = (tags: Readonly<Record<string, string>>) =>
  Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
