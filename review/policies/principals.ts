import { every, some, type Answer } from "./answer";
import { names, type Selection } from "./selection";

/** A principal that a statement names. */
export interface Principal {
  /** `Everybody` stands for `"Principal": "*"`. */
  readonly type: "Everybody" | "AWS" | "Service" | "Federated" | "CanonicalUser";
  /** ARN, account id, name of a service, or `*`. An account is its id, however the policy writes it. */
  readonly id: string;
}

const ACCOUNT = /^(?:arn:[^:]+:iam::(\d{12}):root|(\d{12}))$/;

/** The account id, if a principal is a whole account: `arn:aws:iam::<id>:root` is the same as the id. */
const accountId = (id: string): string | undefined => {
  const [, ofRoot, plain] = ACCOUNT.exec(id) ?? [];
  return ofRoot ?? plain;
};

/** A principal in the form in which comparisons take it. */
export const principal = (type: Principal["type"], id: string): Principal => ({
  type,
  id: type === "AWS" ? (accountId(id) ?? id) : id,
});

/** A principal as one text: an ARN or an account id alone, any other with its type in front. */
export const principalText = ({ type, id }: Principal): string =>
  type === "Everybody" || (type === "AWS" && id !== "*") ? id : `${type} ${id}`;

/** The account of a role, a user or a session. */
const accountOfIdentity = ({ type, id }: Principal): string | undefined =>
  type === "AWS" ? /^arn:[^:]+:(?:iam|sts)::(\d{12}):(?!root$)/.exec(id)?.[1] : undefined;

/**
 * Whether one principal has every request that another has. A statement that allows something to an account leaves it to
 * the policies of the account, and one that allows it to a role does not. So nobody can tell which of both allows more. A
 * statement that denies something to an account denies it to its roles.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
function within(narrow: Principal, wide: Principal, wideEffect: "Allow" | "Deny"): Answer {
  if (narrow.type === wide.type && narrow.id === wide.id) return "yes";
  if (wide.type === "Everybody") return "yes";
  // Some services treat "*" and { "AWS": "*" } differently.
  // @see https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_iam.StarPrincipal.html
  if (wide.id === "*" && wide.type === "AWS") return narrow.type === "AWS" ? "yes" : "unknown";
  if (isEverybody(narrow)) return "no";
  if (wide.id.includes("*") || narrow.id.includes("*")) return "unknown";
  if (narrow.type === "CanonicalUser" || wide.type === "CanonicalUser") return "unknown";
  if (accountId(wide.id) !== undefined && accountOfIdentity(narrow) === wide.id) {
    return wideEffect === "Deny" ? "yes" : "unknown";
  }
  return isSessionOf(narrow, wide) || isUniqueId(narrow) || isUniqueId(wide) ? "unknown" : "no";
}

const EVERYBODY = principal("Everybody", "*");

const isEverybody = ({ type, id }: Principal): boolean =>
  id === "*" && (type === "Everybody" || type === "AWS");

/** Whether a principal may be a session of a role. The ARN of a session leaves out the path of the role. */
function isSessionOf(session: Principal, role: Principal): boolean {
  const name = /:assumed-role\/([^/]+)\//.exec(session.id)?.[1];
  return name !== undefined && role.id.endsWith(`/${name}`);
}

/** Whether a principal is a unique id such as `AROA…`, which stands for an identity that was deleted. */
const isUniqueId = ({ type, id }: Principal): boolean => type === "AWS" && /^A[0-9A-Z]{10,}$/.test(id);

/**
 * Whether the principals of one statement are among those of another. Which principals `NotPrincipal` leaves depends on
 * their accounts and permissions boundaries, so two lists of it compare only if they are equal.
 * @param wideEffect effect of the statement with the wide principals
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
export function principalsWithin(
  narrow: Selection<Principal> | null,
  wide: Selection<Principal> | null,
  wideEffect: "Allow" | "Deny",
): Answer {
  if (narrow === null || wide === null) return narrow === wide ? "yes" : "unknown";
  if (!wide.allBut && names(wide, EVERYBODY, principalText)) return "yes";
  if (
    narrow.allBut &&
    !wide.allBut &&
    ![...narrow.values, ...wide.values].some(({ id }) => id.includes("*"))
  ) {
    return "no";
  }
  if (narrow.allBut || wide.allBut) {
    return narrow.allBut === wide.allBut && textsOf(narrow) === textsOf(wide) ? "yes" : "unknown";
  }
  return every(narrow.values, (value) =>
    names(wide, value, principalText)
      ? "yes"
      : some(wide.values, (other) => within(value, other, wideEffect)),
  );
}

const textsOf = ({ values }: Selection<Principal>): string =>
  [...new Set(values.map(principalText))].sort().join("\n");
