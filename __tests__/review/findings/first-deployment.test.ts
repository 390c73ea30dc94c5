import type { AccountsMap } from "../../../accounts/schema";
import type { Json } from "../../../review/plan-json";
import { reviewOf } from "../../../review/review";
import { ALL_MAPS } from "../../helpers/all-maps";
import { ORIGIN, planOf, stackOf, type Attributes, type Planned } from "../../helpers/plans";
import { synthesize, type StackView } from "../../helpers/synth";

type Block = { readonly [name: string]: Json };

/** Whether a value is known only after the apply, because it refers to another object. */
const isReference = (value: Json) => typeof value === "string" && /(?<!\$)\$\{/.test(value);
/** A text without the escapes that Terraform removes. */
const plain = (value: Json): Json =>
  typeof value === "string" ? value.replaceAll("$${", "${").replaceAll("%%{", "%{") : value;

const NOT_ATTRIBUTES: ReadonlySet<string> = new Set([
  "depends_on",
  "lifecycle",
  "provider",
  "count",
  "for_each",
]);

/** The creation of a resource of a configuration, as a plan shows it. */
function created(type: string, name: string, block: Block): Planned {
  const attributes = Object.entries(block).filter(([key]) => !NOT_ATTRIBUTES.has(key));
  const unknown = attributes.filter(([, value]) => isReference(value)).map(([key]) => [key, true] as const);
  const known = attributes.filter(([, value]) => !isReference(value));
  return {
    type,
    name,
    before: null,
    after: Object.fromEntries(known.map(([key, value]) => [key, plain(value)])) as Attributes,
    unknown: Object.fromEntries(unknown),
  };
}

const accountOf = ({ json }: StackView): string => {
  const { allowed_account_ids: ids } = json.provider.aws[0] as { allowed_account_ids: [string] };
  return ids[0];
};

/** What a review finds in the plan that creates a stack, without what it has to say of any such plan. */
const foundIn = (stack: StackView) =>
  reviewOf(
    [
      stackOf(
        planOf(
          Object.entries(stack.json.resource ?? {}).flatMap(([type, byId]) =>
            Object.entries(byId).map(([name, block]) => created(type, name, block as Block)),
          ),
        ),
        { id: stack.id, accountId: accountOf(stack) },
      ),
    ],
    ORIGIN,
  ).findings.map(({ severity, rule, title }) => `${stack.id}: ${severity} ${rule}: ${title}`);

/** What concerns roles and functions that a map names, and what a map gives up on purpose. */
const EXPECTED = /: (info policy-attached|medium invocation-allowed|medium enforcement-\w+-missing): /;

it.each(ALL_MAPS)("a first deployment of %s opens nothing and silences nothing", (_name, map) => {
  const found = [...synthesize(map as AccountsMap).values()].flatMap(foundIn);
  expect(found.filter((finding) => !EXPECTED.test(finding))).toEqual([]);
});
