import { principalOf, type Place } from "../names";
import { policy, type Policy } from "./policy";

/**
 * Who takes the role for chat: Amazon Q Developer in chat applications. AWS documents this trust without a condition,
 * and does not say whether aws:SourceAccount is sent. So it is not asked for, but refused when it names another account.
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
