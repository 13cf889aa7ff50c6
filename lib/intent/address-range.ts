/** The bits that every address of a range has in common; `text` is an address, or a range in CIDR notation. */
export function commonBits(text: string): string {
  const [address = '', mask] = text.split('/');
  return addressBits(address).slice(0, mask === undefined ? undefined : Number(mask));
}

/** Whether two addresses or ranges have an address in common. */
export function overlap(one: string, other: string): boolean {
  if (one.includes(':') !== other.includes(':')) {
    return false;
  }
  const [a, b] = [commonBits(one), commonBits(other)];
  return a.startsWith(b) || b.startsWith(a);
}

/** An address or range in CIDR notation. */
export function asCidr(text: string): string {
  return text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`;
}

/** Every bit of an address. */
export function addressBits(address: string): string {
  return address.includes(':') ? v6Bits(address) : v4Bits(address);
}

function v4Bits(address: string): string {
  return address
    .split('.')
    .map((part) => Number(part).toString(2).padStart(8, '0'))
    .join('');
}

function v6Bits(address: string): string {
  const [head = '', tail] = address.replace(/[\d.]+\.\d+$/, v4Groups).split('::');
  const groups = (text: string | undefined) => (text === undefined || text === '' ? [] : text.split(':'));
  const missing = Math.max(0, 8 - groups(head).length - groups(tail).length);
  return [...groups(head), ...Array<string>(missing).fill('0'), ...groups(tail)]
    .map((group) => parseInt(group, 16).toString(2).padStart(16, '0'))
    .join('');
}

/** An IPv4 address inside an IPv6 one, as two of its groups. */
function v4Groups(address: string): string {
  const bits = v4Bits(address);
  return [bits.slice(0, 16), bits.slice(16)].map((half) => parseInt(half, 2).toString(16)).join(':');
}
