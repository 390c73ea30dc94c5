import { AwsError, type Handler } from "../gateway/protocol";
import { validate } from "../patterns/event-pattern";

/**
 * Refuses rules whose pattern EventBridge refuses. Moto checks only that a pattern is JSON whose lists have elements.
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
 */
export const refuseInvalidPatterns: Handler = ({ service, operation, body }) => {
  if (service !== "events" || operation !== "PutRule") return Promise.resolve(undefined);
  const { EventPattern } = JSON.parse(body.toString("utf8")) as { EventPattern?: string };
  try {
    if (EventPattern !== undefined) validate(JSON.parse(EventPattern));
  } catch (error) {
    throw new AwsError(
      "InvalidEventPatternException",
      `Event pattern is not valid. Reason: ${(error as Error).message}`,
    );
  }
  return Promise.resolve(undefined);
};
