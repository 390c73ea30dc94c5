import type { Look } from "../aws-errors";
import type { AccountFacts, Line } from "./model";
import { iamQuotas } from "./quotas";
import type { WantedStack } from "./wanted";

/** What an account is judged by. */
export interface AccountProps {
  readonly accountId: string;
  readonly facts: AccountFacts;
  /** The selected stacks of the account, and those that they depend on. */
  readonly stacks: readonly WantedStack[];
  /** Whether session-audit has been deployed there. */
  readonly isDeployed: boolean;
}

/** What stands in the way of a rollout to one account. */
export function judgeAccount({ accountId, facts, stacks, isDeployed }: AccountProps): Line[] {
  const { caller, roles, iam } = facts;
  const wrong = wrongAccount(caller, accountId);
  if (wrong !== null) return [wrong];
  const lines = [...roles].map(([name, look]): Line => {
    const subject = "roles";
    if (!look.looked)
      return { subject, verdict: "not-looked-at", text: `The role ${name} was not read: ${look.reason}.` };
    if (look.value.attached !== null) return { subject, verdict: "ok", text: `The role ${name} exists.` };
    return {
      subject,
      verdict: "to-do",
      text: `The role ${name} does not exist, and the map attaches policies to it.`,
      remedy: "Create the role, or take it out of access.attachToRoles.",
    };
  });
  return [...lines, ...iamQuotas(iam, roles, stacks, isDeployed)];
}

/** Why nothing of an account could be looked at; null: the credentials are of the account. */
export function wrongAccount(caller: Look<string>, accountId: string): Line | null {
  const subject = "credentials";
  if (!caller.looked)
    return { subject, verdict: "not-looked-at", text: `There are no credentials: ${caller.reason}.` };
  if (caller.value === accountId) return null;
  const text = `The credentials belong to the account ${caller.value}: nothing of ${accountId} was looked at.`;
  return { subject, verdict: "not-looked-at", text };
}
