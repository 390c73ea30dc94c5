import type { RuleUse } from "./checks/rules";
import type { Site } from "./clients";
import type { Provider, StackConfiguration } from "./configuration";
import type { Seen } from "./model";

/** What one stack is looked at with. */
export interface Examination {
  readonly stack: StackConfiguration;
  /** Name of the organization in the map. */
  readonly organization: string;
  /** The clients for a provider. */
  readonly site: (provider: Provider) => Site;
  /** The provider of the stack that declares a bucket; undefined: no stack that was read declares it. */
  readonly ownerOf: (bucket: string) => Provider | undefined;
  readonly now: Date;
  readonly signal?: AbortSignal;
}

/** What metrics say about a rule of the stack, by the rule's name. */
export type RuleUses = (rule: string) => Seen<RuleUse>;
