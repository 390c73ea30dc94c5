import { numberOf } from "../numbers";
import { at, equal, isKnown, isList, isNothing, say, type Value, type Values } from "../values";
import type { Json } from "../plan-json";
import { CHANGING, nameOf, type Found, type Rule, type Subject } from "./rule";
import type { Plain } from "./weakening";

/**
 * Rules about the lifecycle of a bucket: when S3 deletes objects.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
 */

/** How long something is kept that nothing deletes. */
const FOREVER = Number.POSITIVE_INFINITY;
export const span = (count: number): string =>
  count === FOREVER ? "forever" : `${count} ${count === 1 ? "day" : "days"}`;
export const days = (count: number): string => (count === FOREVER ? "forever" : `for ${span(count)}`);

/** The objects that a rule of a lifecycle concerns: those below a prefix that meet every other condition. */
interface Filter {
  readonly prefix: string;
  /** Tags and sizes, one text each. */
  readonly others: readonly string[];
}

/** What one rule of a lifecycle deletes. */
interface End {
  readonly filter: Filter;
  /**
   * Days after which S3 deletes objects. Less than one for a date: whatever is older on that day is deleted, however short it
   * has been kept. An earlier date is the smaller number.
   */
  readonly days: number;
  /** How many newer versions that are not current stay in addition. */
  readonly versions: number;
  readonly date: string | null;
}

/** Milliseconds since 1970, until the year 33658, are less than this. */
const LATEST_MS = 1e15;

const numberIn = (value: Value | undefined): number | null => numberOf(value as Plain);

/** When objects end by a rule; null: the rule does not delete any. */
type Reader = (rule: Value) => Omit<End, "filter"> | null;

const current: Reader = (rule) => {
  const [end, date] = (["days", "date"] as const).map((name) => at(rule, ["expiration", 0, name]));
  if (typeof date === "string" && date !== "") {
    const time = Date.parse(date);
    return { days: Number.isNaN(time) ? 0 : time / LATEST_MS, versions: 0, date };
  }
  const count = numberIn(end);
  return count ? { days: count, versions: 0, date: null } : null;
};

const noncurrent: Reader = (rule) => {
  const [count, versions] = (["noncurrent_days", "newer_noncurrent_versions"] as const).map((name) =>
    numberIn(at(rule, ["noncurrent_version_expiration", 0, name])),
  );
  return count ? { days: count, versions: versions ?? 0, date: null } : null;
};

/** The filter of a rule. Without one, the rule concerns every object. */
function filterOf(rule: Value): Filter {
  const filter = at(rule, ["filter", 0]);
  const all = at(filter, ["and", 0]);
  const texts = (of: Value | undefined): readonly string[] =>
    (["object_size_greater_than", "object_size_less_than"] as const)
      .filter((name) => isKnown(at(of, [name])) && numberIn(at(of, [name])) !== 0)
      .map((name) => `${name.replaceAll("_", " ")} ${say(at(of, [name]))}`);
  const tag = at(filter, ["tag", 0]);
  const tags = at(all, ["tags"]);
  const places: readonly (Value | undefined)[] = [all, filter, rule];
  const prefixes = places.map((of): Value | undefined => at(of, ["prefix"]));
  const prefix = prefixes.find((value) => isKnown(value) && value !== "");
  return {
    prefix: isKnown(prefix) ? String(prefix) : "",
    others: [
      ...texts(filter),
      ...texts(all),
      ...(isNothing(tag) ? [] : [`tag ${say(at(tag, ["key"]))}=${say(at(tag, ["value"]))}`]),
      ...(isKnown(tags) && typeof tags === "object"
        ? Object.entries(tags).map(([key, value]) => `tag ${key}=${String(value)}`)
        : []),
    ],
  };
}

const covers = (wide: Filter, narrow: Filter): boolean =>
  narrow.prefix.startsWith(wide.prefix) && wide.others.every((one) => narrow.others.includes(one));

/** The parts of a rule that say what it deletes. A part that the plan does not show hides the rule. */
const TELLING = ["status", "filter", "prefix", "expiration", "noncurrent_version_expiration"] as const;
const isHidden = (value: Value | undefined): boolean =>
  typeof value === "symbol" ||
  (typeof value === "object" &&
    value !== null &&
    Object.values(value).some((part) => isHidden(part as Value)));

const rulesOf = (values: Values | null): readonly Value[] | null => {
  const rules = values?.["rule"] ?? [];
  return isList(rules) ? (rules as readonly Value[]) : null;
};

/** What the rules of a lifecycle delete; null: nobody can tell. */
function endsOf(values: Values | null, read: Reader): readonly End[] | null {
  const rules = rulesOf(values);
  if (rules === null || rules.some((rule) => TELLING.some((name) => isHidden(at(rule, [name]))))) return null;
  return rules
    .filter((rule) => at(rule, ["status"]) !== "Disabled")
    .flatMap((rule) => {
      const end = read(rule);
      return end === null ? [] : [{ filter: filterOf(rule), ...end }];
    });
}

const newer = ({ versions }: End): string => (versions > 0 ? ` and the newest ${versions} for longer` : "");
const kept = (end: End): string =>
  end.date === null ? `${days(end.days)}${newer(end)}` : `until ${end.date.replace(/T00:00:00Z$/, "")}`;

/** How long the rules before keep what a new rule deletes. */
function keptBefore(before: readonly End[], { filter }: End): string {
  const [first] = before
    .filter((one) => covers(one.filter, filter))
    .sort((one, other) => one.days - other.days || one.versions - other.versions);
  if (first === undefined) return "forever";
  return first.date === null ? `${span(first.days)}${newer(first)}` : kept(first);
}

const concerned = ({ prefix, others }: Filter): string => {
  const parts = [...(prefix === "" ? [] : [`prefix ${prefix}`]), ...others];
  return parts.length === 0 ? "" : ` It concerns objects with ${parts.join(" and ")}.`;
};

interface Ending {
  readonly id: string;
  readonly read: Reader;
  readonly what: string;
  readonly detail: string;
}

const ENDINGS: readonly Ending[] = [
  {
    id: "expiration-shortened",
    read: current,
    what: "objects",
    detail:
      "S3 deletes what is older at once; a version that is overwritten or deleted stays as a noncurrent version.",
  },
  {
    id: "noncurrent-expiration-shortened",
    read: noncurrent,
    what: "overwritten and deleted versions",
    detail: "S3 deletes older versions for good.",
  },
];

const TYPE = "aws_s3_bucket_lifecycle_configuration";
const isOfAccessLogs = (subject: Subject): boolean => nameOf(subject).endsWith("-access");

const shortened = ({ id, read, what, detail }: Ending): Rule => ({
  id,
  types: [TYPE],
  kinds: [...CHANGING, "create"],
  find: (subject) => {
    // A new lifecycle of a bucket that existed without one. The name of a new bucket is not known yet.
    if (subject.before === null && !isKnown(subject.after?.["bucket"])) return undefined;
    const [before, after] = [endsOf(subject.before, read), endsOf(subject.after, read)];
    if (before === null || after === null) return undefined;
    const sooner = after.filter(
      (end) =>
        !before.some(
          (old) => covers(old.filter, end.filter) && old.days <= end.days && old.versions <= end.versions,
        ),
    );
    return sooner
      .filter((end) => !sooner.some((other) => other !== end && isWithin(end, other, sooner)))
      .map((end): Found => ({
        severity: isOfAccessLogs(subject) ? "medium" : "high",
        title: `The bucket ${nameOf(subject)} keeps ${what} ${kept(end)} instead of ${keptBefore(before, end)}`,
        detail: `${detail}${concerned(end.filter)}`,
        remedy: "Copy what must be kept first, or keep transcripts.lifecycle.",
      }));
  },
});

/** Whether another rule deletes as early whatever a rule deletes. Of two that are equal, the first one counts. */
const isWithin = (end: End, other: End, all: readonly End[]): boolean =>
  covers(other.filter, end.filter) &&
  other.days <= end.days &&
  other.versions <= end.versions &&
  (!equal(other as unknown as Json, end as unknown as Json) || all.indexOf(other) < all.indexOf(end));

const UNTOLD: Rule = {
  id: "expiration-untold",
  types: [TYPE],
  kinds: CHANGING,
  find: (subject) => {
    const isChange = subject.change.attributes.some(({ path }) => path.startsWith("rule"));
    if (!isChange || endsOf(subject.after, current) !== null) return undefined;
    return {
      severity: "medium",
      title: `Nobody can tell from the plan how long the bucket ${nameOf(subject)} keeps objects`,
      detail: "A rule of its lifecycle is sensitive, or known only after the apply.",
      remedy: "Apply first what the rule depends on, and plan again.",
    };
  },
};

export const LIFECYCLE_RULES: readonly Rule[] = [...ENDINGS.map(shortened), UNTOLD];
