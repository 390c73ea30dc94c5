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
}
