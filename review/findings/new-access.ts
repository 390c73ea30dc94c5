import type { Reach, Severity } from "../model";
import { OWN_ACCOUNT } from "../placeholders";
import { at, isKnown, isList, say, type Value, type Values } from "../values";
import { isSweeping, policiesOf, wordsOf } from "./access-policies";
import { called, CHANGING, type Found, type Rule, type Subject } from "./rule";
import { TREATMENTS } from "./treatments";

/**
 * Rules about access that a new object opens. There is nothing to compare its policy with, so each rule judges the policy
 * itself, by what no policy of the stacks does: permit everything, permit everybody, or trust a whole other account.
 */

/** Condition keys that say who calls, or for whom. */
const CALLERS: ReadonlySet<string> = new Set([
  ...["aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount", "aws:principalarn"],
  ...["aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths", "kms:calleraccount"],
]);
/** Operators that are false if the key is absent. */
const POSITIVE = /^(ForAnyValue:)?(StringEquals|StringEqualsIgnoreCase|StringLike|ArnEquals|ArnLike)$/i;
/** An ARN of one account, an id of an account or of an organization, or a path that begins with the id of one. */
const OF_SOMEBODY = /^(arn:[^:*?]+:[^:]*:[^:]*:\d{12}:.+|\d{12}|o-[a-z0-9]{10,32}(\/.*)?)$/;

/** Conditions that only those meet whom they name. */
const callersIn = ({ conditions }: Reach) =>
  conditions.filter(
    ({ operator, key, values }) =>
      CALLERS.has(key.toLowerCase()) &&
      POSITIVE.test(operator) &&
      values.length > 0 &&
      values.every((value) => OF_SOMEBODY.test(value)),
  );
const isConfined = (reach: Reach): boolean => callersIn(reach).length > 0;

const isEverybody = ({ principals }: Reach): boolean =>
  principals !== null && (principals.allBut || principals.values.some((value) => /^(AWS )?\*$/.test(value)));

/** What an archive lets the accounts of the map do, if the map has no id of an organization. They can read nothing. */
const OF_MEMBERS: ReadonlySet<string> = new Set([
  ...["s3:PutObject", "s3:PutObjectAcl", "s3:GetEncryptionConfiguration"],
  ...["events:PutEvents", "sns:Publish"],
]);
/** What writing to an encrypted bucket or topic needs. The service calls the key, and the condition names the service. */
const WITH_KEYS: ReadonlySet<string> = new Set(["kms:GenerateDataKey", "kms:Decrypt"]);
const isOfMembers = ({ actions, conditions }: Reach): boolean => {
  const isThroughService = conditions.some(
    ({ operator, key }) => operator === "StringEquals" && key === "kms:ViaService",
  );
  return (
    !actions.allBut &&
    actions.values.every((action) => OF_MEMBERS.has(action) || (isThroughService && WITH_KEYS.has(action)))
  );
};

/** The account that a principal, an ARN or a value of a condition is of. */
const accountOf = (value: string): string | undefined =>
  /^(?:arn:[^:]+:[^:]*:[^:]*:)?(\d{12})(?::|$)/.exec(value)?.[1];

/** Principals beyond the account: other accounts, their roles, and identity providers. */
function strangersIn(reach: Reach, account: string): readonly string[] {
  const { principals } = reach;
  if (principals === null || principals.allBut) return [];
  // Where everybody is named, the conditions say who it is.
  const named = isEverybody(reach) ? callersIn(reach).flatMap(({ values }) => values) : principals.values;
  return named.filter((value) => {
    if (/^(Federated|CanonicalUser) /.test(value)) return true;
    const id = accountOf(value);
    return id !== undefined && id !== account;
  });
}

/** A reach with the id of the account in place of what stands for it. */
const spelledOut = (reach: Reach, { stack }: Subject): Reach =>
  JSON.parse(JSON.stringify(reach).replaceAll(OWN_ACCOUNT, stack.accountId)) as Reach;

/** Service control policies permit nothing, and the policy of an endpoint only narrows what passes through it. */
const PERMITTING_NOTHING: ReadonlySet<string> = new Set(["aws_organizations_policy", "aws_vpc_endpoint"]);

interface Opening {
  readonly id: string;
  /** Who gains what; empty: nothing is wrong. */
  readonly what: (reaches: readonly Reach[], subject: Subject) => readonly string[];
  readonly severity: Severity;
  readonly title: (object: string, what: string) => string;
  readonly detail: string;
}

const OPENINGS: readonly Opening[] = [
  {
    id: "new-access-sweeping",
    what: (reaches) => (reaches.some(isSweeping) ? ["everything"] : []),
    severity: "high",
    title: (object) => `The new ${object} permits every action, or every action of a service`,
    detail: "No policy of session-audit does.",
  },
  {
    id: "new-access-public",
    what: (reaches) =>
      reaches.some((reach) => isEverybody(reach) && !isConfined(reach)) ? ["everybody"] : [],
    severity: "high",
    title: (object) => `The new ${object} permits something to everybody`,
    detail: "No condition says whom it is for.",
  },
  {
    id: "new-access-outside",
    what: (reaches, { stack }) =>
      reaches
        .filter((reach) => !isConfined(reach) && !isOfMembers(reach))
        .flatMap((reach) => strangersIn(reach, stack.accountId)),
    severity: "high",
    title: (object, what) => `The new ${object} trusts ${what}, which is not in the account`,
    detail: "session-audit names the roles of other accounts in a condition.",
  },
  {
    id: "new-access-elsewhere",
    what: (reaches, { stack, resources }) =>
      // A new stack trusts the roles and accounts that the map names.
      resources.before.size === 0
        ? []
        : reaches
            .filter((reach) => isConfined(reach) || isOfMembers(reach))
            .flatMap((reach) => strangersIn(reach, stack.accountId)),
    severity: "medium",
    title: (object, what) => `The new ${object} is also for ${what}`,
    detail: "The conditions of the policy say who may use it.",
  },
];

const opening = ({ id, what, severity, title, detail }: Opening): Rule => ({
  id,
  kinds: ["create"],
  find: (subject) =>
    PERMITTING_NOTHING.has(subject.change.type)
      ? undefined
      : policiesOf(subject).flatMap((policy): Found[] => {
          const gains = policy.statements.flatMap((statement) => statement.gains);
          const found = new Set(
            what(
              gains.map((reach) => spelledOut(reach, subject)),
              subject,
            ),
          );
          if (found.size === 0) return [];
          return [
            {
              severity,
              title: title(called(subject), [...found].join(", ")),
              detail: `${wordsOf(policy)} ${detail}`,
              remedy: "Permit what is needed, to those who need it.",
            },
          ];
        }),
});

/** Types without a treatment that open access or hand out credentials whatever their values are. */
const OPENING_TYPES: Readonly<Record<string, string>> = {
  aws_iam_access_key: "Whoever has the key acts as the user, from anywhere and for any time.",
  aws_iam_openid_connect_provider: "Roles can trust identities that are managed elsewhere.",
  aws_iam_saml_provider: "Roles can trust identities that are managed elsewhere.",
  aws_iam_user_login_profile: "The user can sign in with a password.",
  aws_kms_grant: "The grantee may use the key, whatever the policy of the key says.",
  aws_lambda_function_url: "The function can be invoked from the internet.",
};

const UNTREATED: Rule = {
  id: "type-not-written",
  kinds: ["create", "update", "import"],
  find: (subject) => {
    const { type, address, kind } = subject.change;
    if (Object.hasOwn(TREATMENTS, type)) return undefined;
    const opens = OPENING_TYPES[type];
    return {
      severity: opens === undefined ? "medium" : "high",
      title: `The plan ${kind === "create" ? "creates" : kind === "import" ? "imports" : "changes"} ${address}: session-audit does not write objects of the type ${type}`,
      detail:
        opens ?? "The review knows nothing about this type of resource, so it cannot say what it opens.",
      remedy: "Find out who has added it to the configuration, and judge it by its attributes.",
    };
  },
};

/** A range with so many addresses counts as everybody: a 128th of all, or more. */
const SHORTEST_PREFIX = 7;
const isOpenRange = (value: unknown): boolean => {
  const prefix = /\/(\d+)$/.exec(String(value))?.[1];
  return isKnown(value as never) && prefix !== undefined && Number(prefix) <= SHORTEST_PREFIX;
};
/** The ranges that a rule, or a security group with rules of its own, lets in. */
const rangesOf = (values: Values | null): readonly unknown[] => {
  const rules = values?.["ingress"];
  const inGroup = (isList(rules) ? (rules as readonly Value[]) : []).flatMap((rule) =>
    ["cidr_blocks", "ipv6_cidr_blocks"].flatMap((name) => at(rule, [name]) as unknown),
  );
  return [values?.["cidr_ipv4"], values?.["cidr_ipv6"], ...inGroup];
};

const NETWORK: Rule = {
  id: "ingress-open",
  types: ["aws_vpc_security_group_ingress_rule", "aws_security_group"],
  kinds: ["create", ...CHANGING],
  find: (subject) => {
    const opened = rangesOf(subject.after).find(
      (range) => isOpenRange(range) && !rangesOf(subject.before).includes(range),
    );
    if (opened === undefined) return undefined;
    return {
      severity: "high",
      title: `The ${called(subject)} lets ${String(opened)} in`,
      detail: "It is meant for the addresses of the instances that hold sessions.",
      remedy: "Name the ranges of the network.",
    };
  },
};

/** Policies of AWS that permit nearly everything. */
const MIGHTY = /:policy\/(AdministratorAccess|PowerUserAccess|IAMFullAccess)$/;

/** How bad it is if a role gets a policy of AWS. */
export const isMighty = (arn: unknown): boolean => isKnown(arn as never) && MIGHTY.test(String(arn));

const listIn = (values: Values | null): readonly unknown[] => {
  const list = values?.["managed_policy_arns"];
  return Array.isArray(list) ? (list as readonly unknown[]) : [];
};

const MANAGED: Rule = {
  id: "role-policies-added",
  types: ["aws_iam_role"],
  kinds: ["create", ...CHANGING],
  find: (subject) => {
    const added = listIn(subject.after).filter((arn) => !listIn(subject.before).includes(arn));
    if (added.length === 0) return undefined;
    const severity: Severity = added.some(isMighty) ? "high" : "medium";
    return {
      severity,
      title: `The ${called(subject)} gets the permissions of ${added.map((arn) => say(arn as never)).join(", ")}`,
      detail: "session-audit attaches policies one by one, and none in the role itself.",
      remedy: "Make sure that the role needs the policy.",
    };
  },
};

export const NEW_ACCESS_RULES: readonly Rule[] = [...OPENINGS.map(opening), UNTREATED, NETWORK, MANAGED];
