import type { Core } from "../iam/core";
import type { Room } from "../gateway/protocol";
import { Alarms } from "./alarms";
import { Confirmations } from "./confirmations";
import { Subscriptions, type Endpoints } from "./subscriptions";

export type { SoundedAlarm } from "./alarms";
export type { Delivery, SubscriptionDelivery } from "./delivery";

/** SNS beyond moto: messages are delivered by the policies of topics, queues and keys, and people confirm subscriptions. */
export interface SnsRoom extends Room {
  readonly subscriptions: Subscriptions;
  readonly alarms: Alarms;
  readonly confirmations: Confirmations;
}

/** @param endpoints HTTPS endpoints that another room receives messages for */
export function snsRoom({ accounts, authorizer }: Core, endpoints: Endpoints): SnsRoom {
  const subscriptions = new Subscriptions(accounts, authorizer, endpoints);
  const confirmations = new Confirmations(accounts);
  const alarms = new Alarms(accounts, authorizer, subscriptions);
  return { subscriptions, alarms, confirmations, handlers: [confirmations.answer] };
}
