/** The outcome of one event at one target of a rule. */
export interface Delivery {
  readonly accountId: string;
  readonly region: string;
  /** Such as `StartSession`. */
  readonly eventName: string;
  /** Name of the rule. Undefined when no trail records the call or no rule matches. */
  readonly rule?: string;
  readonly targetArn?: string;
  readonly outcome: "delivered" | "dead-lettered" | "lost" | "not recorded" | "no rule matched";
  /** Why the event was not delivered. */
  readonly reason?: string;
  /** What was sent to the target, or would have been sent. */
  readonly message?: string;
  /** For a topic that accepted the message: the outcome at each of its subscriptions. */
  readonly subscriptions?: readonly SubscriptionDelivery[];
}

/** The outcome of a topic's message at one of its subscriptions. */
export interface SubscriptionDelivery {
  /** Such as `sqs`. */
  readonly protocol: string;
  readonly endpoint: string;
  /** `not simulated` for subscriptions of people, web servers and functions: nothing leaves the emulator. */
  readonly outcome: "delivered" | "filtered out" | "not simulated" | "dead-lettered" | "lost";
  /** Why the message was not delivered, such as a denial by the policy of the queue or its key. */
  readonly reason?: string;
}
