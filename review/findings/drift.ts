import type { SeenChange } from "../changes";
import type { AttributeChange, Change, Shown } from "../model";
import { nameOf, type Found } from "./rule";
import { treatmentOf } from "./treatments";

/** What somebody has changed outside Terraform, and what the plan does about it. */

/** Id of the rule, for findings that need the drift of a whole stack. */
export const REVERTS = "reverts";

const text = (shown: Shown): string => {
  switch (shown.is) {
    case "known":
      return typeof shown.value === "string" ? shown.value : JSON.stringify(shown.value);
    case "sensitive":
      return "a sensitive value";
    case "unknown":
      return "a value that is known after the apply";
    case "absent":
      return "nothing";
  }
};

const isSame = (one: Shown, other: Shown) => JSON.stringify(one) === JSON.stringify(other);

/** Longer values are not repeated in a title. */
const TITLE_LENGTH = 80;
const isShort = (shown: Shown) => text(shown).length <= TITLE_LENGTH;
const short = (shown: Shown) => (isShort(shown) ? text(shown) : "another value");

/**
 * What a change reverts that somebody did outside Terraform: attributes that drifted and change again, and objects that
 * were deleted and are created again.
 */
export function reverts(drift: SeenChange, changes: readonly Change[]): Found[] {
  const address = drift.change.previousAddress ?? drift.change.address;
  const again = changes.find((change) => change.address === address);
  if (again === undefined) return [];
  const object = `${treatmentOf(drift.change.type).noun} ${nameOf(drift)}`;
  if (drift.change.kind === "delete") {
    if (again.kind !== "create") return [];
    return [
      {
        severity: "medium",
        title: `Somebody has deleted the ${object} outside Terraform; this creates it again`,
        detail: "What was in it is not restored.",
        remedy: "Find out who deleted it and why: CloudTrail has the call.",
      },
    ];
  }
  return drift.change.attributes.flatMap((changed) => revertOf(object, changed, again));
}

const TAKEN_BACK = "The change takes back what was done by hand.";

/** What was done by hand, field by field or statement by statement. */
function fieldsOf({ meaning }: AttributeChange): string {
  if (meaning === undefined) return "";
  const parts =
    meaning.kind === "policy"
      ? meaning.statements.flatMap(({ words }) => words)
      : meaning.fields.map(
          ({ path, before, after }) => `${path} was changed from ${short(before)} to ${short(after)}.`,
        );
  return parts.join(" ");
}

function revertOf(object: string, changed: AttributeChange, { attributes, kind }: Change): Found[] {
  const back = attributes.find(({ path }) => path === changed.path);
  if (back === undefined || kind === "forget") return [];
  const isBack = isSame(changed.before, back.after);
  const done =
    isShort(changed.before) && isShort(changed.after)
      ? `set ${changed.path} of the ${object} from ${text(changed.before)} to ${text(changed.after)}`
      : `changed ${changed.path} of the ${object}`;
  return [
    {
      severity: "medium",
      title: `Somebody has ${done} outside Terraform; this sets it ${isBack ? "back" : `to ${short(back.after)}`}`,
      detail: [fieldsOf(changed), isBack ? TAKEN_BACK : `${TAKEN_BACK} It sets something else.`]
        .filter((part) => part !== "")
        .join(" "),
      remedy: "Find out who changed it and why: CloudTrail has the call. If it was right, change the map.",
    },
  ];
}
