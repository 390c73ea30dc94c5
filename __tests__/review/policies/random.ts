/** Random choices that a seed repeats exactly. */
export interface Random {
  /** A number from 0 up to, but not including, 1. */
  readonly next: () => number;
  /** Whether something with this probability happens. */
  readonly happens: (probability: number) => boolean;
  readonly below: (limit: number) => number;
  readonly pick: <T>(values: readonly T[]) => T;
  /** Between `least` and `most` different values. */
  readonly some: <T>(values: readonly T[], least: number, most: number) => T[];
}

/** Random choices from a seed, by the algorithm mulberry32. */
export function random(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  const pick = <T>(values: readonly T[]): T => values[below(values.length)] as T;
  const some = <T>(values: readonly T[], least: number, most: number): T[] => {
    const left = [...new Set(values)];
    const count = Math.min(left.length, least + below(most - least + 1));
    return Array.from({ length: count }, () => left.splice(below(left.length), 1)[0] as T);
  };
  return { next, below, pick, some, happens: (probability) => next() < probability };
}
