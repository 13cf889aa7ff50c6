import { BlockList, isIP } from 'node:net';
import { Code, MeshError } from '../errors';
import { addressBits } from '../intent/address-range';

/** Addresses of nobody (which a proxy takes for everybody), of the pod itself, and of groups. */
const NO_SINGLE_HOST = new BlockList();
NO_SINGLE_HOST.addSubnet('0.0.0.0', 8, 'ipv4');
NO_SINGLE_HOST.addSubnet('127.0.0.0', 8, 'ipv4');
NO_SINGLE_HOST.addSubnet('224.0.0.0', 4, 'ipv4');
NO_SINGLE_HOST.addAddress('255.255.255.255', 'ipv4');
NO_SINGLE_HOST.addSubnet('::', 127, 'ipv6');
NO_SINGLE_HOST.addSubnet('ff00::', 8, 'ipv6');

/** Refuses what is no IP address of a single host. */
export function requireAddress(field: string, text: string): string {
  const family = isIP(text);
  // Node takes IPv6 addresses with a zone, which mean nothing on another host.
  if (family === 0 || text.includes('%')) {
    throw new MeshError(
      Code.EXTERNAL_ADDRESS,
      `${field} \`${text}\` is not an IP address`,
      'give single addresses without a mask, for example `10.0.0.7`',
    );
  }
  if (NO_SINGLE_HOST.check(text, family === 4 ? 'ipv4' : 'ipv6')) {
    throw new MeshError(
      Code.EXTERNAL_ADDRESS,
      `${field} \`${text}\` is no address of a host outside the pod`,
      'give the addresses at which it listens, for example `10.0.0.7`',
    );
  }
  return text;
}

/** Refuses what is no range of addresses in CIDR notation, and ranges with bits set beyond their mask. */
export function requireCidr(field: string, text: string): string {
  const [address = '', bits = '', ...rest] = text.split('/');
  const width = address.includes('%') ? 0 : ({ 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0);
  const mask = /^\d{1,3}$/.test(bits) ? Number(bits) : -1;
  // An IPv4 address inside an IPv6 one is written two ways at once.
  if (width === 0 || (width === 128 && address.includes('.')) || mask < 0 || mask > width || rest.length > 0) {
    throw new MeshError(
      Code.EXTERNAL_ADDRESS,
      `${field} \`${text}\` is not a range of addresses`,
      'write it in CIDR notation, for example `10.0.0.7/32`',
    );
  }
  if (addressBits(address).slice(mask).includes('1')) {
    throw new MeshError(
      Code.EXTERNAL_ADDRESS,
      `${field} \`${text}\` has bits set beyond its mask of ${mask}`,
      `give the first address of the range, or \`/${width}\` for this one address`,
    );
  }
  return text;
}

/** Refuses what is neither the address of a single host nor a range of addresses that is less than all. */
export function requireAddresses(field: string, text: string): string {
  if (!text.includes('/')) {
    return requireAddress(field, text);
  }
  if (requireCidr(field, text).endsWith('/0')) {
    throw new MeshError(
      Code.EXTERNAL_ADDRESS,
      `${field} \`${text}\` is every address there is`,
      'give the range in which it listens, for example `10.20.0.0/24`',
    );
  }
  return text;
}
