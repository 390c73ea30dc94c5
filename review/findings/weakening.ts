import type { Severity } from "../model";
import { isSet, numberOf } from "../numbers";
import type { SENSITIVE } from "../values";
import { at, isKnown, pathText, say, UNKNOWN, type Step, type Value, type Values } from "../values";
import { treatmentOf } from "./treatments";
import { called, CHANGING, nameOf, placeOf, type Rule, type Subject } from "./rule";

/** A value that is known, or absent. */
export type Plain = Exclude<Value, symbol> | undefined;

/** The words of a finding about one value. */
export interface Told {
  /** What people call the object, with its name. */
  readonly object: string;
  /** The name alone. */
  readonly name: string;
  /** What people call such objects. */
  readonly objects: string;
  /** Account and region. */
  readonly place: string;
  readonly before: string;
  readonly after: string;
}

/** A rule about one value of an object: what it means if the value gets weaker. */
export interface Weakening {
  readonly id: string;
  readonly type: string;
  /** The part of an object that `path` leads into, such as the document in an attribute. @default the object */
  readonly within?: (values: Values) => Value | undefined;
  readonly path: readonly Step[];
  readonly isWeaker: (before: Plain, after: Plain, subject: Subject) => boolean;
  readonly severity: Severity | ((before: Plain, after: Plain, subject: Subject) => Severity);
  readonly title: (told: Told) => string;
  /** A title for many objects, where their names do not matter. */
  readonly titleOfAll?: (told: Told) => string;
  readonly detail: string | ((subject: Subject) => string);
  readonly remedy: string;
}

/**
 * The rule of a weakening. A value that is known only after the apply, or that is sensitive, is neither weaker nor
 * stronger, but the finding says that nobody can tell.
 */
export const weakening = (props: Weakening): Rule => ({
  id: props.id,
  types: [props.type],
  kinds: CHANGING,
  find: (subject) => {
    const { within = (values: Values): Value => values, path, detail, remedy, severity } = props;
    if (subject.before === null || subject.after === null) return undefined;
    const old = within(subject.before);
    const now = within(subject.after);
    // What is hidden as a whole is a finding of its own.
    if (old === undefined || now === undefined || isHidden(old) || isHidden(now)) return undefined;
    const before = at(old, path);
    const after = at(now, path);
    if (isHidden(before) || isHidden(after)) return untold(props, subject, before, after);
    if (!props.isWeaker(before, after, subject)) return undefined;
    const told = {
      object: called(subject),
      name: nameOf(subject),
      objects: treatmentOf(subject.change.type).nouns,
      place: placeOf(subject),
      before: say(before),
      after: say(after),
    };
    return {
      severity: typeof severity === "function" ? severity(before, after, subject) : severity,
      title: props.title(told),
      ...(props.titleOfAll !== undefined && { titleOfAll: props.titleOfAll(told) }),
      detail: typeof detail === "function" ? detail(subject) : detail,
      remedy,
    };
  },
});

const isHidden = (value: Value | undefined): value is typeof UNKNOWN | typeof SENSITIVE =>
  typeof value === "symbol";

function untold(
  { path, remedy }: Weakening,
  subject: Subject,
  before: Value | undefined,
  after: Value | undefined,
) {
  // A sensitive value that stays the same is no change.
  const isChange =
    after === UNKNOWN
      ? isKnown(before)
      : subject.change.attributes.some(
          ({ path: changed, after }) =>
            after.is === "sensitive" && (changed === pathText(path) || path.length === 0),
        );
  if (!isChange) return undefined;
  return {
    severity: "low" as const,
    title: `${pathText(path)} of the ${called(subject)} becomes ${say(after)}`,
    detail: `It was ${say(before)}. Nobody can tell from the plan whether it gets weaker.`,
    remedy,
  };
}

/** A switch that is turned off. An absent switch is off. */
export const turnedOff = (before: Plain, after: Plain): boolean => isOn(before) && !isOn(after);
/** A switch that is turned on. */
export const turnedOn = (before: Plain, after: Plain): boolean => turnedOff(after, before);
/** A value that is no longer set. */
export const removed = (before: Plain, after: Plain): boolean => isSet(before) && !isSet(after);
/** A value that another one takes the place of. */
export const exchanged = (before: Plain, after: Plain): boolean =>
  isSet(before) && isSet(after) && JSON.stringify(before) !== JSON.stringify(after);

/** A value that is gone, or that another one takes the place of. */
export const changed = (before: Plain, after: Plain): boolean =>
  removed(before, after) || exchanged(before, after);

const isOn = (value: Plain): boolean => value === true || value === "true" || value === "Enabled";

/** A number that gets smaller. */
export const lowered = (before: Plain, after: Plain): boolean => {
  const [old, now] = [numberOf(before), numberOf(after)];
  return old !== null && now !== null && now < old;
};
/** A number that gets larger. */
export const raised = (before: Plain, after: Plain): boolean => lowered(after, before);
