/**
 * An input transformer: how EventBridge makes a JSON message from an event.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export interface EventMessage {
  /** Paths into the event, by the name of the placeholder. */
  readonly paths: Readonly<Record<string, string>>;
  /** JSON with a placeholder `<name>` for the value at the path of that name. */
  readonly template: string;
}
