import type { Core } from "../iam/core";
import { Alarms } from "./alarms";
import { Subscriptions, type Endpoints } from "./subscriptions";

export type { SoundedAlarm } from "./alarms";
export type { Delivery, SubscriptionDelivery } from "./delivery";

/** SNS beyond moto: messages are delivered by the policies of topics, queues and keys. Moto answers the API itself. */
export interface SnsRoom {
  readonly subscriptions: Subscriptions;
  readonly alarms: Alarms;
}

/** @param endpoints HTTPS endpoints that another room receives messages for */
export function snsRoom({ accounts, authorizer }: Core, endpoints: Endpoints): SnsRoom {
  const subscriptions = new Subscriptions(accounts, authorizer, endpoints);
  return { subscriptions, alarms: new Alarms(accounts, authorizer, subscriptions) };
}
