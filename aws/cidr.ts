import { isIPv4 } from "node:net";

/**
 * Whether a text is an IPv4 network as AWS writes it: an address whose host bits are zero, and the length of its
 * prefix. 0.0.0.0/0 is none: it would say nothing.
 */
export function isNetwork(text: string): boolean {
  const [, address = "", length = ""] = /^([\d.]+)\/([1-9]|[12]\d|3[0-2])$/.exec(text) ?? [];
  if (!isIPv4(address)) return false;
  const bits = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return bits % 2 ** (32 - Number(length)) === 0;
}
