/** Values that an expression can name, such as `{ github: { ref: "refs/heads/main" } }`. */
export type Contexts = Readonly<Record<string, unknown>>;

/** What the functions on the outcome of earlier jobs and steps say. */
export interface Outcome {
  readonly failed: boolean;
}

const TOKEN =
  /\s*(?:('(?:[^']|'')*')|(\d+(?:\.\d+)?)|([A-Za-z_][\w-]*(?:\.[\w-]+)*)|(&&|\|\||==|!=|!|\(|\)|,))/y;

/**
 * Evaluates an expression of GitHub Actions: literals, names, `! == != && ||`, and the functions `success`, `failure`,
 * `always`, `cancelled` and `fromJSON`. A name that no context has is empty, as on GitHub.
 * @throws Error at anything else, so that a workflow cannot use what the runner does not know
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
 */
export function evaluate(text: string, contexts: Contexts, outcome: Outcome = { failed: false }): unknown {
  const tokens = tokensOf(text);
  let at = 0;
  const next = () => tokens[at++];
  const accept = (token: string) => (tokens[at] === token ? Boolean(++at) : false);
  const or = (): unknown => {
    let value = and();
    while (accept("||")) {
      const other = and();
      value = isTrue(value) ? value : other;
    }
    return value;
  };
  const and = (): unknown => {
    let value = equal();
    while (accept("&&")) {
      const other = equal();
      value = isTrue(value) ? other : value;
    }
    return value;
  };
  const equal = (): unknown => {
    const value = unary();
    if (accept("==")) return String(value) === String(unary());
    if (accept("!=")) return String(value) !== String(unary());
    return value;
  };
  const unary = (): unknown => (accept("!") ? !isTrue(unary()) : primary());
  const primary = (): unknown => {
    const token = next();
    if (token === "(") {
      const value = or();
      if (!accept(")")) throw new Error(`no ) in ${text}`);
      return value;
    }
    if (token === undefined) throw new Error(`unfinished expression: ${text}`);
    if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
    if (/^\d/.test(token)) return Number(token);
    if (accept("(")) return call(token);
    return (
      token.split(".").reduce((value: unknown, key) => (value as Contexts | undefined)?.[key], contexts) ?? ""
    );
  };
  const call = (name: string): unknown => {
    const values: unknown[] = [];
    while (!accept(")")) {
      values.push(or());
      accept(",");
    }
    switch (name) {
      case "always":
        return true;
      case "cancelled":
        return false;
      case "success":
        return !outcome.failed;
      case "failure":
        return outcome.failed;
      case "fromJSON":
        return JSON.parse(String(values[0])) as unknown;
    }
    throw new Error(`${name}(): no function that the runner knows`);
  };
  const value = or();
  if (at < tokens.length) throw new Error(`${text}: what is ${tokens[at]}?`);
  return value;
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  const end = text.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw new Error(`${text}: the runner cannot read it from character ${from} on`);
    tokens.push(match.slice(1).find((part) => part !== undefined)!);
  }
  return tokens;
}

export const isTrue = (value: unknown): boolean =>
  value !== "" && value !== false && value !== 0 && value !== null && value !== undefined;

const WHOLE = /^\$\{\{((?:(?!\}\}).)*)\}\}$/s;

/** A value of a workflow with its expressions evaluated. A text that is one expression becomes the value of it. */
export function interpolate(value: unknown, contexts: Contexts): unknown {
  if (typeof value !== "string") return value;
  const whole = WHOLE.exec(value);
  if (whole) return evaluate(whole[1]!, contexts);
  return value.replace(/\$\{\{(.*?)\}\}/gs, (_, inner: string) => String(evaluate(inner, contexts)));
}

/** Whether a job or a step runs. Without a function on the outcome, it runs only if nothing has failed. */
export function condition(text: string | undefined, contexts: Contexts, outcome: Outcome): boolean {
  const inner = text === undefined ? "success()" : (WHOLE.exec(text)?.[1] ?? text);
  const asks = /\b(?:always|cancelled|success|failure)\(/.test(inner);
  return (asks || !outcome.failed) && isTrue(evaluate(inner, contexts, outcome));
}
