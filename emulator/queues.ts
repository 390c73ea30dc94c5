import type { Room } from "./gateway/protocol";

/**
 * SQS beyond moto: it answers the redrive policy of a queue without white space, as AWS does. Terraform compares the text,
 * and would change a queue in each plan.
 */
export const queuesRoom: Room = {
  amends: [
    ({ service, operation }) =>
      Promise.resolve(
        service === "sqs" && operation === "GetQueueAttributes" ? withCompactPolicy : undefined,
      ),
  ],
};

function withCompactPolicy(answer: Record<string, unknown>): Record<string, unknown> {
  const attributes = answer["Attributes"] as Record<string, string> | undefined;
  const policy = attributes?.["RedrivePolicy"];
  if (policy === undefined) return answer;
  return { ...answer, Attributes: { ...attributes, RedrivePolicy: JSON.stringify(JSON.parse(policy)) } };
}
