import { ListSubscriptionsByTopicCommand, type Subscription } from "@aws-sdk/client-sns";
import type { AccountClients } from "../clients/account-clients";
import { escapeXml, type Handler } from "../gateway/protocol";

/** Protocols whose endpoints confirm a subscription before they get anything. */
const CONFIRMED_BY_PEOPLE = ["email", "email-json"];

/**
 * Which subscriptions people have confirmed. Moto confirms all of them at once. The endpoints of AWS's own services, such as
 * chat, confirm by themselves.
 * @see https://docs.aws.amazon.com/sns/latest/dg/SendMessageToHttp.confirm.html
 */
export class Confirmations {
  private readonly confirmed = new Set<string>();

  constructor(private readonly accounts: AccountClients) {}

  /** Confirms a subscription, as a person does by the link in the message. */
  confirm(topicArn: string, endpoint: string): void {
    this.confirmed.add(`${topicArn} ${endpoint}`);
  }

  /** `ListSubscriptionsByTopic`, in which a subscription that waits has no ARN. */
  readonly answer: Handler = async (request) => {
    if (request.service !== "sns" || request.operation !== "ListSubscriptionsByTopic") return undefined;
    const parameters = new URLSearchParams(request.body.toString("utf8"));
    const TopicArn = parameters.get("TopicArn") ?? "";
    const { sns } = await this.accounts.of(TopicArn);
    const NextToken = parameters.get("NextToken") ?? undefined;
    const page = await sns
      .send(new ListSubscriptionsByTopicCommand({ TopicArn, NextToken }))
      .catch(() => null);
    // Moto itself says what is wrong, such as that there is no such topic.
    if (page === null) return undefined;
    const members = (page.Subscriptions ?? []).map((one) =>
      member(TopicArn, one, this.isPending(TopicArn, one)),
    );
    const next = page.NextToken ? `<NextToken>${escapeXml(page.NextToken)}</NextToken>` : "";
    const result = `<Subscriptions>${members.join("")}</Subscriptions>${next}`;
    return {
      status: 200,
      headers: { "content-type": "text/xml" },
      body:
        `<?xml version="1.0"?><ListSubscriptionsByTopicResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">` +
        `<ListSubscriptionsByTopicResult>${result}</ListSubscriptionsByTopicResult>` +
        `<ResponseMetadata><RequestId>emulator</RequestId></ResponseMetadata></ListSubscriptionsByTopicResponse>`,
    };
  };

  private isPending(topicArn: string, { Protocol = "", Endpoint = "" }: Subscription): boolean {
    return CONFIRMED_BY_PEOPLE.includes(Protocol) && !this.confirmed.has(`${topicArn} ${Endpoint}`);
  }
}

function member(topicArn: string, subscription: Subscription, isPending: boolean): string {
  const { SubscriptionArn = "", Owner = "", Protocol = "", Endpoint = "" } = subscription;
  const fields = {
    SubscriptionArn: isPending ? "PendingConfirmation" : SubscriptionArn,
    Owner,
    Protocol,
    Endpoint,
    TopicArn: topicArn,
  };
  const elements = Object.entries(fields).map(([name, value]) => `<${name}>${escapeXml(value)}</${name}>`);
  return `<member>${elements.join("")}</member>`;
}
