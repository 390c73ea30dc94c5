/**
 * The value at an EventBridge path such as `$.detail.items[0].name`; `undefined` when the event has none.
 * @throws on a path that EventBridge does not understand.
 */
export function valueAt(path: string, event: unknown): unknown {
  if (!/^\$(\.[\w-]+|\[\d+\]|\['[^']+'\])*$/.test(path))
    throw new Error(`Invalid JSON path ${JSON.stringify(path)}`);
  let value: unknown = event;
  for (const [, name, index, quoted] of path.matchAll(/\.([\w-]+)|\[(\d+)\]|\['([^']+)'\]/g)) {
    const key = name ?? quoted ?? Number(index);
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string | number, unknown>)[key];
  }
  return value;
}
