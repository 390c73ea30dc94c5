import { alternativesOf, changes, matcherOf, type Matcher, type WatchedParameters } from "./change-patterns";

/** The roles and policies of an account that record or read, as calls of IAM name them. */
export interface WatchedAccount {
  /** Names of roles without their paths, where `*` may stand. Created roles are matched by `namePrefix`. */
  readonly roles: readonly string[];
  /** ARN of the permissions boundary of created roles; null: they have none. */
  readonly boundaryArn: string | null;
  /** Beginning of the names of created roles, policies and instance profiles. */
  readonly namePrefix: string;
}

const parametersOf = ({ roles, boundaryArn, namePrefix }: WatchedAccount): WatchedParameters => {
  const roleName = [{ prefix: namePrefix }, ...roles.map(matcherOf)];
  return {
    role: { roleName },
    "boundary of an instance's role": { roleName },
    "role of an instance": { roleName },
    "policy of IAM": {
      policyArn: [{ wildcard: `*:policy/${namePrefix}*` }, ...(boundaryArn === null ? [] : [boundaryArn])],
    },
    "instance profile": { instanceProfileName: [{ prefix: namePrefix }] },
    // The map does not say which provider a role trusts, so every provider of the account is watched.
    "identity provider": { sAMLProviderArn: ANY_ARN, openIDConnectProviderArn: ANY_ARN },
    account: "any",
  };
};

const ANY_ARN: readonly Matcher[] = [{ prefix: "arn:" }];

/**
 * Event pattern for changes to the roles that record or read, to their policies, and to the account itself. AWS sends
 * these events to the global region of the partition. Refused attempts match as well.
 * @param ignoredRoles ARNs of roles whose changes are expected, such as the pipeline's
 */
export const accountFindings = (watched: WatchedAccount, ignoredRoles: readonly string[]) =>
  changes(alternativesOf("account", parametersOf(watched)), ignoredRoles);

/**
 * Event pattern of the rule that forwards these events to another region. It also matches changes to rules of the same
 * region, so that a change of the forwarding rule itself is reported.
 */
export const forwardedFindings = (watched: WatchedAccount, ignoredRoles: readonly string[]) => {
  const ours = [{ prefix: watched.namePrefix }];
  const rules = { rule: { name: ours }, "targets of a rule": { rule: ours } } as const;
  return changes(
    [...alternativesOf("account", parametersOf(watched)), ...alternativesOf("channels", rules)],
    ignoredRoles,
  );
};
