import { ACCESS } from "./access";
import { BUCKETS } from "./buckets";
import { HOSTS } from "./hosts";
import { NOTIFICATIONS } from "./notifications";
import { PIPELINE } from "./pipeline";
import { RECORDS } from "./records";
import { INTENDED, type Treatment } from "./treatment";
import { WATCHING } from "./watching";

export type { End, Treatment } from "./treatment";

/**
 * Every type of resource that the stacks have: what it means when it changes and when it is destroyed. A test compares
 * this table with what synthesis writes.
 */
export const TREATMENTS: Readonly<Record<string, Treatment>> = {
  ...RECORDS,
  ...BUCKETS,
  ...ACCESS,
  ...NOTIFICATIONS,
  ...HOSTS,
  ...WATCHING,
  ...PIPELINE,
};

/** What is said of a type that the table does not have. */
const OTHER: Treatment = {
  noun: "object",
  nouns: "objects",
  changed: "The review knows nothing about this type of resource.",
  destroyed: {
    severity: "medium",
    lost: "The review knows nothing about this type of resource, so it cannot say what is lost.",
    remedy: INTENDED,
  },
  replaced: {
    severity: "medium",
    lost: "The review knows nothing about this type of resource, so it cannot say what is lost.",
    remedy: INTENDED,
  },
};

/** How a review treats a type of resource. */
export const treatmentOf = (type: string): Treatment => TREATMENTS[type] ?? OTHER;
