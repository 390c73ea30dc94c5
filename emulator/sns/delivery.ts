/** What became of one event at one target; kept for tests and the demo. */
export interface Delivery {
  readonly accountId: string;
  readonly region: string;
  /** Such as `StartSession`. */
  readonly eventName: string;
  /** Absent when no trail records the call, so that no rule ever sees it. */
  readonly rule?: string;
  readonly targetArn?: string;
  readonly outcome: "delivered" | "dead-lettered" | "lost" | "not recorded" | "no rule matched";
  /** Why, for every outcome but `delivered`. */
  readonly reason?: string;
  /** What the target got, or would have got. */
  readonly message?: string;
  /** Where the target is a topic that took the message: what became of it at each subscription. */
  readonly subscriptions?: readonly SubscriptionDelivery[];
}

/** What became of a topic's message at one of its subscriptions. */
export interface SubscriptionDelivery {
  /** Such as `sqs`. */
  readonly protocol: string;
  readonly endpoint: string;
  /** `not simulated`: it would go out to a person, a web server or a function. */
  readonly outcome: "delivered" | "filtered out" | "not simulated" | "dead-lettered" | "lost";
  /** Why it did not get there: what the queue's policy or key refuses. */
  readonly reason?: string;
}
