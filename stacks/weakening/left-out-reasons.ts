/** Calls of a service that the table of weakening calls does not have, and the reason. `*` may stand in their names. */
export interface LeftOut {
  /** As in `WeakeningCalls`. */
  readonly service: string;
  readonly calls: readonly string[];
  readonly why: string;
}

/** Reasons that many calls share. */
export const REASONS = {
  new: "makes something new, by which nothing less is recorded",
  data: "uses what exists and changes no setting",
  elsewhere: "is about resources on which recording and reporting do not depend",
  tags: "changes tags, and nothing is decided by the tags of these resources",
  more: "makes the recording stronger, or undoes a call of the table",
  access: "is a way into a host, or the end of one, and not a change of the recording",
  later: "prepares something that only a call of the table can put to use",
} as const;
