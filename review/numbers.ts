/** Whether a value is set: neither absent nor empty. */
export const isSet = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== "" && !(Array.isArray(value) && value.length === 0);

/** A number, also one in a string; null if there is none. */
export const numberOf = (value: unknown): number | null =>
  isSet(value) && (typeof value === "number" || typeof value === "string") && Number.isFinite(Number(value))
    ? Number(value)
    : null;
