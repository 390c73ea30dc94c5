import type { Comparison } from "./selection";
import type { Base } from "./operators";

/** A number with what it counts, because a date in ISO 8601 and one in seconds do not compare. */
export interface Point {
  readonly unit: "number" | "date" | "second";
  readonly at: number;
}

/** The numbers or dates that one value of a condition accepts. */
export interface Range {
  readonly unit: Point["unit"];
  readonly low: number;
  readonly high: number;
  /** Whether the ends themselves are accepted. */
  readonly closed: boolean;
}

/** Digits that a number of JavaScript holds exactly. */
const EXACT_DIGITS = 15;

/** Reads a number of a policy; null for anything that is not exactly a decimal number. */
export function readNumber(text: string): Point | null {
  const isExact = /^-?\d+(\.\d+)?$/.test(text) && text.replace(/\D/g, "").length <= EXACT_DIGITS;
  return isExact ? { unit: "number", at: Number(text) } : null;
}

/** Reads a date of a policy, in ISO 8601 with UTC or in seconds since 1970; null for anything else. */
export function readDate(text: string): Point | null {
  if (/^\d{1,10}$/.test(text)) return { unit: "second", at: Number(text) };
  const isIso = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z)?$/.test(text);
  const at = isIso ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? null : { unit: "date", at };
}

/** The range that an operator accepts for one value of the policy. */
export function rangeOf(point: Point | null, order: NonNullable<Base["order"]>): Range | null {
  if (point === null) return null;
  const { unit, at } = point;
  switch (order) {
    case "=":
      return { unit, low: at, high: at, closed: true };
    case "<":
      return { unit, low: -Infinity, high: at, closed: false };
    case "<=":
      return { unit, low: -Infinity, high: at, closed: true };
    case ">":
      return { unit, low: at, high: Infinity, closed: false };
    case ">=":
      return { unit, low: at, high: Infinity, closed: true };
  }
}

const contains = (wide: Range, narrow: Range): boolean => {
  const isLowIn = narrow.low > wide.low || (narrow.low === wide.low && (wide.closed || !narrow.closed));
  const isHighIn = narrow.high < wide.high || (narrow.high === wide.high && (wide.closed || !narrow.closed));
  return isLowIn && isHighIn;
};

const isApart = (one: Range, other: Range): boolean =>
  one.high < other.low || (one.high === other.low && !(one.closed && other.closed));

/** How ranges compare. */
export const RANGES: Comparison<Range> = {
  within: (narrow, wide) => (narrow.unit !== wide.unit ? "unknown" : contains(wide, narrow) ? "yes" : "no"),
  disjoint: (one, other) => one.unit === other.unit && (isApart(one, other) || isApart(other, one)),
  key: ({ unit, low, high, closed }) => [unit, low, high, closed].join(" "),
  isEverything: () => false,
  isErratic: () => false,
};
