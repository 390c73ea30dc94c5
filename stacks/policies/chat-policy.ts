import { principalOf, type Place } from "../names";
import { policy, type Policy } from "./policy";

/**
 * Trust policy of the role of chat configurations. Only Amazon Q Developer in chat applications can assume it.
 *
 * The pages of its administrator guide show this trust without a condition, and do not say whether the service
 * sends `aws:SourceAccount`. A statement that required the key could lock the service out. So the key may be
 * absent, and the role is refused when the key names another account.
 * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/understanding-permissions.html
 */
export const chatTrustPolicy = (place: Place): Policy =>
  policy(
    {
      Sid: "ChatTakesThisRole",
      Effect: "Allow",
      Principal: { Service: principalOf("chatbot", place) },
      Action: ["sts:AssumeRole"],
    },
    {
      Sid: "RefuseChatOfOtherAccounts",
      Effect: "Deny",
      Principal: "*",
      Action: ["sts:AssumeRole"],
      Condition: {
        Null: { "aws:SourceAccount": "false" },
        StringNotEquals: { "aws:SourceAccount": place.account.id },
      },
    },
  );
