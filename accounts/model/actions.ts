import type { FINDINGS, Action, SecurityAction } from "../schema/actions";
import type { MergedSettings, Settings } from "./settings";

/** The EventBridge rule that invokes actions: the rule of the activity channel, or one of the security channel. */
export type ActionTrigger = "activity" | (typeof FINDINGS)[number];

/** An action, and where it stands in its channel's list. */
interface Placed {
  readonly action: Action | SecurityAction;
  /** `notifications.activity.actions.0` */
  readonly at: string;
}

/** The actions of a rule; none where its channel is off. */
export function actionsOf(
  { notifications }: Pick<Settings | MergedSettings, "notifications">,
  rule: ActionTrigger,
): Placed[] {
  const channel = rule === "activity" ? "activity" : "security";
  const { enabled, actions } = notifications[channel];
  if (!enabled) return [];
  const isFor = (action: Action | SecurityAction) =>
    rule === "activity" || !("findings" in action) || action.findings.includes(rule);
  return actions
    .map((action, index) => ({ action, at: `notifications.${channel}.actions.${index}` }))
    .filter(({ action }) => isFor(action));
}

/** What an action invokes, and which of its settings says so. */
export function invokedBy(action: Action): { setting: string; what: string; named: string } {
  switch (action.type) {
    case "lambda":
      return { setting: "function", what: "a function", named: action.function };
    case "codepipeline":
      return { setting: "pipeline", what: "a pipeline", named: action.pipeline };
    case "run-command":
      return { setting: "document", what: "a document", named: action.document };
    case "step-functions":
      return { setting: "stateMachine", what: "a state machine", named: action.stateMachine };
    case "event-bus":
      return { setting: "eventBus", what: "a bus", named: action.eventBus };
  }
}
