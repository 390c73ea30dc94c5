/** The arguments of a resource or data source in the bindings of a provider, by the property names of TypeScript. */
export type Arguments = ReadonlySet<string>;

/**
 * Reads the arguments of the resource, the data source or the provider that a module of the bindings declares.
 * @param declaration text of its `index.d.ts`
 * @throws Error if the text has no such interface
 */
export function argumentsIn(declaration: string): Arguments {
  const [, body] =
    /^export interface \w+Config(?: extends [^{]+)? \{\n([\s\S]*?)^\}/m.exec(declaration) ?? [];
  if (body === undefined) throw new Error("a module of the bindings declares no interface …Config");
  return new Set([...body.matchAll(/^ {4}readonly (\w+)\??:/gm)].map(([, name]) => name!));
}

/** Arguments that one version of the bindings has and the other does not, by module. */
export interface ArgumentChanges {
  readonly gone: readonly string[];
  readonly added: readonly string[];
}

/**
 * What changes between two versions of bindings.
 * @returns texts like `ssm-association.instanceId`
 */
export function argumentChanges(
  before: ReadonlyMap<string, Arguments>,
  after: ReadonlyMap<string, Arguments>,
): ArgumentChanges {
  const without = (these: ReadonlyMap<string, Arguments>, others: ReadonlyMap<string, Arguments>) =>
    [...these].flatMap(([module, names]) =>
      [...names].filter((name) => !others.get(module)?.has(name)).map((name) => `${module}.${name}`),
    );
  return { gone: without(before, after), added: without(after, before) };
}
