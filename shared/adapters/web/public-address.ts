/**
 * Which network addresses a stranger may send this deployment to: those of the public internet and no others.
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry/ and https://www.iana.org/assignments/iana-ipv6-special-registry/
 */
import { BlockList, isIPv4, isIPv6 } from 'node:net';

type Range = readonly [network: string, prefix: number];

/** Of IPv4 everything is public but these. */
const RESERVED_V4: readonly Range[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  // Shared between a carrier and its customers; clouds keep metadata there, too. RFC 6598.
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  // Link-local, where clouds answer with credentials. RFC 3927.
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  // 6to4 relays lead wherever the address behind says. RFC 7526.
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  // Multicast, then what is reserved and broadcast.
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  // Looks public, and is the inside of a cloud: Azure's platform address.
  ['168.63.129.16', 32],
];

/** Of IPv6 only this is public: no local, mapped, translated (64:ff9b::) or multicast address lies in it. */
const GLOBAL_V6: Range = ['2000::', 3];

const RESERVED_V6: readonly Range[] = [
  // Protocol assignments, with Teredo, benchmarking and ORCHID among them.
  ['2001::', 23],
  ['2001:db8::', 32],
  // 6to4 wraps any IPv4 address.
  ['2002::', 16],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
];

const listOf = (ranges: readonly Range[], family: 'ipv4' | 'ipv6'): BlockList => {
  const list = new BlockList();
  for (const [network, prefix] of ranges) list.addSubnet(network, prefix, family);
  return list;
};

const RESERVED = listOf(RESERVED_V4, 'ipv4');
const GLOBAL = listOf([GLOBAL_V6], 'ipv6');
const RESERVED_IN_GLOBAL = listOf(RESERVED_V6, 'ipv6');
const LOOPBACK_V4 = listOf([['127.0.0.0', 8]], 'ipv4');

/** Whether an address, as text without brackets, is one of the public internet. A text that is no address is none. */
export const isPublicAddress = (address: string): boolean => {
  if (isIPv4(address)) return !RESERVED.check(address, 'ipv4');
  // A zone (`fe80::1%eth0`) names a network of this machine.
  if (!isIPv6(address) || address.includes('%')) return false;
  return GLOBAL.check(address, 'ipv6') && !RESERVED_IN_GLOBAL.check(address, 'ipv6');
};

/** Whether an address is this very machine. */
export const isLoopbackAddress = (address: string): boolean => (isIPv4(address) ? LOOPBACK_V4.check(address, 'ipv4') : address === '::1');
