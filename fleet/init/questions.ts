import { UserError } from "../../processes/user-error";
import type { Answers, NamedAccount } from "./first-map";

/** What is asked at the terminal, and the option that gives the answer without asking. */
export interface Question<K extends keyof Answers = keyof Answers> {
  readonly key: K;
  /** Name of the option, as in `--state-bucket`. */
  readonly option: string;
  /** What the option takes, as in `<name=id>`. */
  readonly takes: string;
  /** What the option and the question mean, without a full stop. */
  readonly about: string;
  /** Whether the option may be repeated. At the terminal, spaces separate the values. */
  readonly isList?: boolean;
  /** The answer if nobody is asked and the option is missing; undefined: there must be one. */
  readonly usual?: Answers[K];
  /** What an empty answer at the terminal means, in words. */
  readonly ifEmpty?: string;
  /** A valid answer, as long as the question has not been asked. */
  readonly placeholder: Answers[K];
  /** Reads the words of an answer. @throws UserError if they cannot be understood */
  readonly read: (words: readonly string[]) => Answers[K];
}

const ask = <K extends keyof Answers>(question: Question<K>): Question => question as unknown as Question;

const last = (words: readonly string[]): string => words.at(-1)!;

function namedAccount(word: string): NamedAccount {
  const [name = "", id = "", ...rest] = word.split("=");
  if (name !== "" && id !== "" && rest.length === 0) return { name, id };
  throw new UserError({
    what: `account ${JSON.stringify(word)} is not a name and an id.`,
    allowed: "a name, =, and the 12 digits of the account's id",
    remedy: "Write it like sandbox=222222222222.",
  });
}

/** The questions, in the order in which they are asked. */
export const QUESTIONS: readonly Question[] = [
  ask({
    key: "organization",
    option: "organization",
    takes: "<name>",
    about: "a short name of your organization, which names of resources contain for good, like acme",
    placeholder: "acme",
    read: last,
  }),
  ask({
    key: "accounts",
    option: "account",
    takes: "<name=id>",
    about: "an account, with the name that it has in the map for good, like sandbox=222222222222",
    isList: true,
    placeholder: [{ name: "sandbox", id: "222222222222" }],
    read: (words) => {
      const accounts = words.map(namedAccount);
      const twice = accounts.find(
        ({ name }, index) => accounts.findIndex((other) => other.name === name) < index,
      );
      if (twice === undefined) return accounts;
      throw new UserError({
        what: `account ${JSON.stringify(twice.name)} is named twice.`,
        remedy: "Give each account a name of its own.",
      });
    },
  }),
  ask({
    key: "regions",
    option: "region",
    takes: "<region>",
    about: "a region in which sessions are recorded; the first is the home region",
    isList: true,
    placeholder: ["us-east-1"],
    read: (words) => words,
  }),
  ask({
    key: "archive",
    option: "archive",
    takes: "<account>",
    about: "the account of the map that owns all buckets of transcripts",
    usual: null,
    ifEmpty: "each account owns its own",
    placeholder: null,
    read: last,
  }),
  ask({
    key: "readers",
    option: "reader",
    takes: "<role ARN>",
    about: "a role that may read transcripts",
    isList: true,
    usual: [],
    ifEmpty: "nobody yet",
    placeholder: [],
    read: (words) => words,
  }),
  ask({
    key: "instanceRoles",
    option: "instance-role",
    takes: "<name>",
    about: "the role of your instances, which gets the permission to record",
    isList: true,
    usual: [],
    ifEmpty: "create an instance profile instead",
    placeholder: [],
    read: (words) => words,
  }),
  ask({
    key: "email",
    option: "email",
    takes: "<address>",
    about: "the address that gets notifications of sessions and findings",
    usual: null,
    ifEmpty: "nobody yet",
    placeholder: null,
    read: last,
  }),
  ask({
    key: "stateBucket",
    option: "state-bucket",
    takes: "<name>",
    about: "the S3 bucket of the Terraform states, in the home region",
    usual: null,
    ifEmpty: "files on this machine",
    placeholder: null,
    read: last,
  }),
  ask({
    key: "role",
    option: "role",
    takes: "<name>",
    about: "the role that deploys in each account, with docs/deployment-role.json",
    usual: "session-audit-deploy",
    ifEmpty: "session-audit-deploy",
    placeholder: "session-audit-deploy",
    read: last,
  }),
  ask({
    key: "planRole",
    option: "plan-role",
    takes: "<name>",
    about: "the role that plan, drift, adopt and doctor assume in each account, with docs/plan-role.json",
    usual: "session-audit-plan",
    ifEmpty: "session-audit-plan",
    placeholder: "session-audit-plan",
    read: last,
  }),
];

/** Answers that are valid, for the questions that were not asked yet. */
export const PLACEHOLDERS = Object.fromEntries(
  QUESTIONS.map(({ key, placeholder }) => [key, placeholder]),
) as unknown as Answers;
