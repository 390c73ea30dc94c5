import { isIPv4, isIPv6 } from "node:net";
import type { Comparison } from "./selection";

/** A network: an IP address, and how many of its bits count. */
export interface Network {
  readonly version: 4 | 6;
  readonly bits: bigint;
  readonly prefix: number;
}

const LENGTHS = { 4: 32, 6: 128 } as const;

/** Reads an address or a network in CIDR notation; null for anything else, such as an IPv6 address with an IPv4 part. */
export function readNetwork(text: string): Network | null {
  const [, address = "", length] = /^([0-9a-fA-F.:]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIPv4(address) ? 4 : isIPv6(address) && !address.includes(".") ? 6 : null;
  if (version === null) return null;
  const prefix = length === undefined ? LENGTHS[version] : Number(length);
  if (prefix > LENGTHS[version]) return null;
  const bits = version === 4 ? bitsOf4(address) : bitsOf6(address);
  const hostBits = BigInt(LENGTHS[version] - prefix);
  return { version, prefix, bits: (bits >> hostBits) << hostBits };
}

const bitsOf4 = (address: string): bigint =>
  address.split(".").reduce((bits, part) => bits * 256n + BigInt(part), 0n);

function bitsOf6(address: string): bigint {
  const [head = "", tail] = address.split("::");
  const groups = (text: string) => (text === "" ? [] : text.split(":"));
  const missing = tail === undefined ? 0 : 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array<string>(missing).fill("0"), ...groups(tail ?? "")];
  return all.reduce((bits, group) => bits * 65_536n + BigInt(`0x${group}`), 0n);
}

const contains = (wide: Network, narrow: Network): boolean => {
  const hostBits = BigInt(LENGTHS[wide.version] - wide.prefix);
  return (
    wide.version === narrow.version &&
    wide.prefix <= narrow.prefix &&
    narrow.bits >> hostBits === wide.bits >> hostBits
  );
};

/** How networks compare. Nobody can tell whether an IPv6 address stands for one in an IPv4 network. */
export const NETWORKS: Comparison<Network> = {
  within: (narrow, wide) =>
    narrow.version !== wide.version ? "unknown" : contains(wide, narrow) ? "yes" : "no",
  disjoint: (one, other) => one.version === other.version && !contains(one, other) && !contains(other, one),
  key: ({ version, bits, prefix }) => `${version} ${bits}/${prefix}`,
  isEverything: () => false,
  isErratic: () => false,
};
