import { TokenMap } from "cdktf/lib/tokens/private/token-map";

/** How many tokens cdktf keeps in this process. */
export function keptTokens(): number {
  const map = TokenMap.instance();
  return map["stringTokenMap"].size + map["numberTokenMap"].size;
}

/**
 * Forgets the tokens of stacks that have been written. cdktf keeps every token, and with it the stack that the token
 * belongs to, as long as the process runs, and has no way to drop them but its private maps. A token that is used
 * afterwards is an error of cdktf, not a wrong value, because cdktf never gives the name of a token twice.
 * @see https://github.com/hashicorp/terraform-cdk/blob/v0.21.0/packages/cdktf/lib/tokens/private/token-map.ts
 */
export function forgetTokens(): void {
  const map = TokenMap.instance();
  map["stringTokenMap"].clear();
  map["numberTokenMap"].clear();
}
