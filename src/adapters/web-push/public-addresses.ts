import { lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { BlockList, isIP } from 'node:net';

/** A name or an address that leads to where a stranger must not send us. */
export class AddressNotPublic extends Error {
  constructor(host: string) {
    super(`${host} has no public address`);
    this.name = 'AddressNotPublic';
  }
}

/** What IANA has set apart from the public internet: https://www.iana.org/assignments/iana-ipv4-special-registry */
const APART = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  APART.addSubnet(network, bits, 'ipv4');
// Teredo, documentation and 6to4, which stand within what is global.
for (const [network, bits] of [
  ['2001::', 32],
  ['2001:db8::', 32],
  ['2002::', 16],
] as const)
  APART.addSubnet(network, bits, 'ipv6');

/** Of IPv6, only this is given out to the public; what maps an address of IPv4 is not within it. */
const GLOBAL = new BlockList();
GLOBAL.addSubnet('2000::', 3, 'ipv6');

export const isPublic = (address: string): boolean => {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  return !APART.check(address, family) && (family === 'ipv4' || GLOBAL.check(address, family));
};

/**
 * Resolves a name for the connection that is about to be made, so that nobody can answer otherwise in between, and
 * leaves out every address that is not public.
 */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  systemLookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return callback(error, []);
    const allowed = addresses.filter(({ address }) => isPublic(address));
    const [first] = allowed;
    if (first === undefined) return callback(new AddressNotPublic(hostname), []);
    if (options.all === true) callback(null, allowed);
    else callback(null, first.address, first.family);
  });
};
