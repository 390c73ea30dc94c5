/**
 * The value at a path such as `$.detail.items[0].name`; undefined when the event has no such value.
 * @throws Error when EventBridge does not accept the path
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

/** The `InputTransformer` of a rule's target. */
export interface InputTransformer {
  readonly InputPathsMap?: Readonly<Record<string, string>>;
  readonly InputTemplate: string;
}

/** The values of the variables that EventBridge predefines. */
export interface TransformedBy {
  readonly ruleArn: string;
  readonly ruleName: string;
  readonly ingestionTime: string;
}

const PLACEHOLDER = /^<([\w.-]+)>/;

/**
 * The text that a target receives. Outside quotation marks, a placeholder becomes JSON; a text keeps its quotation marks
 * there. Inside quotation marks, it becomes escaped text. A path without a value becomes nothing.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 * @throws Error when the result is neither JSON nor lines of quoted text. EventBridge fails such an invocation.
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
    throw new Error(`The input template yields neither JSON nor lines of quoted text: ${output}`);
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

/** A value as it appears inside a quoted text, with quotation marks, backslashes and control characters escaped. */
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
