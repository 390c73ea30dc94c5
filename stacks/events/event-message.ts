/** JSON that is made of an event. */
export interface EventMessage {
  /** Paths into the event, by the name that the template uses for them. */
  readonly paths: Readonly<Record<string, string>>;
  /** JSON in which `<name>` stands for what a path leads to. */
  readonly template: string;
}
