export const ACTIVITY = "notifications.activity.actions";
export const SECURITY = "notifications.security.actions";
export const SANDBOX = "accounts.sandbox.notifications";
/** An action that invokes a function. */
export const fn = (name: string) => ({ type: "lambda", function: name });
/** An action that runs a command on the nodes with a tag. */
export const command = (more: object = {}) => ({
  type: "run-command",
  document: "Acme-OnSession",
  tag: { key: "Role", values: ["audit"] },
  ...more,
});
/** The ARN of something in account sandbox. */
export const ofSandbox = (service: string, resource: string, region = "eu-central-1", partition = "aws") =>
  `arn:${partition}:${service}:${region}:222222222222:${resource}`;
