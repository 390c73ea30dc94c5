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

/** An EventBridge target's `InputTransformer`. */
export interface InputTransformer {
  readonly InputPathsMap?: Readonly<Record<string, string>>;
  readonly InputTemplate: string;
}

/** The rule that an event came through, for the variables that EventBridge itself defines. */
export interface TransformedBy {
  readonly ruleArn: string;
  readonly ruleName: string;
  readonly ingestionTime: string;
}

const PLACEHOLDER = /^<([\w.-]+)>/;

/**
 * The text that a target gets. Outside quotation marks a placeholder becomes JSON (a text with its quotation marks);
 * inside them it becomes escaped text. A path that the event lacks becomes nothing at all.
 *
 * @throws when the outcome is neither JSON nor lines of quoted text: EventBridge then fails the invocation.
 */
export function transformInput(transformer: InputTransformer, event: unknown, by: TransformedBy): string {
  const values = variables(transformer, event, by);
  const template = transformer.InputTemplate;
  let output = "";
  let quoted = false;
  for (let index = 0; index < template.length;) {
    const char = template.charAt(index);
    const name = PLACEHOLDER.exec(template.slice(index))?.[1];
    if (name !== undefined) {
      if (!values.has(name)) throw new Error(`The input template uses <${name}>, which has no path`);
      output += quoted ? textOf(values.get(name)) : (JSON.stringify(values.get(name)) ?? "");
      index += name.length + 2;
    } else if (quoted && char === "\\") {
      output += template.slice(index, index + 2);
      index += 2;
    } else {
      if (char === '"') quoted = !quoted;
      output += char;
      index += 1;
    }
  }
  if (!isJson(output) && !output.split("\n").every((line) => line.trim() === "" || isJsonText(line))) {
    throw new Error(`The input template gives neither JSON nor lines of quoted text: ${output}`);
  }
  return output;
}

function variables(
  { InputPathsMap = {} }: InputTransformer,
  event: unknown,
  by: TransformedBy,
): Map<string, unknown> {
  const withoutTime = (whole: unknown) => {
    const { "ingestion-time": _left, ...rest } = whole as Record<string, unknown>;
    return rest;
  };
  return new Map<string, unknown>([
    ["aws.events.rule-arn", by.ruleArn],
    ["aws.events.rule-name", by.ruleName],
    ["aws.events.event.ingestion-time", by.ingestionTime],
    ["aws.events.event", event],
    ["aws.events.event.json", withoutTime(event)],
    ...Object.entries(InputPathsMap).map(([name, path]): [string, unknown] => [name, valueAt(path, event)]),
  ]);
}

/** A value inside a quoted text, with everything escaped that would end or break that text. */
function textOf(value: unknown): string {
  if (value === undefined) return "";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return JSON.stringify(text).slice(1, -1);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const isJsonText = (line: string): boolean => isJson(line) && line.trim().startsWith('"');
