import { isIPv4 } from "node:net";

/**
 * Whether a text is an IPv4 network in CIDR notation: an address whose host bits are zero, and the length of its prefix.
 * 0.0.0.0/0 is refused: a rule with it would admit everybody.
 *
 * @example isNetwork("10.1.0.0/16") // true
 * @example isNetwork("10.1.2.3/16") // false
 */
export function isNetwork(text: string): boolean {
  const [, address = "", length = ""] = /^([\d.]+)\/([1-9]|[12]\d|3[0-2])$/.exec(text) ?? [];
  if (!isIPv4(address)) return false;
  const bits = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return bits % 2 ** (32 - Number(length)) === 0;
}
