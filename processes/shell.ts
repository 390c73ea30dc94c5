/**
 * A text as one word of a POSIX shell.
 * @example quoted("it's") // "'it'\\''s'"
 */
export const quoted = (value: string): string =>
  /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
