/** IP addresses as numbers: what libvirt's virSocketAddr can tell of them. */

export interface IpAddress {
  readonly family: "ipv4" | "ipv6";
  readonly value: bigint;
}

/** Null for what is no address. */
export function parseIp(text: string): IpAddress | null {
  const four = parseV4(text);
  if (four !== null) return { family: "ipv4", value: four };
  const six = parseV6(text);
  return six === null ? null : { family: "ipv6", value: six };
}

/** As getaddrinfo: the last of fewer than four parts fills what is left. */
function parseV4(text: string): bigint | null {
  if (!/^\d+(?:\.\d+){0,3}$/.test(text)) return null;
  const parts = text.split(".").map(BigInt);
  const last = parts.pop() ?? 0n;
  const lastBits = 8n * BigInt(4 - parts.length);
  if (parts.some((part) => part > 255n) || last >> lastBits !== 0n) return null;
  return (parts.reduce((sum, part) => sum * 256n + part, 0n) << lastBits) | last;
}

function parseV6(text: string): bigint | null {
  const [head = "", tail, ...more] = text.split("::");
  if (more.length > 0 || !text.includes(":")) return null;
  const front = groups(head);
  const back = tail === undefined ? [] : groups(tail);
  if (front === null || back === null) return null;
  const missing = 8 - front.length - back.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  const all = [...front, ...Array<number>(missing).fill(0), ...back];
  return all.reduce((sum, group) => sum * 0x1_0000n + BigInt(group), 0n);
}

/** Groups of 16 bits; the last two may be written as an IPv4 address. */
function groups(text: string): number[] | null {
  if (text === "") return [];
  const parts = text.split(":");
  const end = parts.at(-1) ?? "";
  const last = end.includes(".") ? parseV4(end) : null;
  const plain = last === null ? parts : parts.slice(0, -1);
  if (!plain.every((part) => /^[0-9a-f]{1,4}$/i.test(part))) return null;
  const numbers = plain.map((part) => Number.parseInt(part, 16));
  return last === null ? numbers : [...numbers, Number(last >> 16n), Number(last & 0xffffn)];
}

const WIDTH = { ipv4: 32, ipv6: 128 } as const;

/** The bits that are the same in all addresses of the network. */
export function networkPart({ family, value }: IpAddress, prefix: number): bigint {
  return value >> BigInt(WIDTH[family] - prefix);
}

/** The network's first and last address. */
export function networkRange(address: IpAddress, prefix: number): readonly [bigint, bigint] {
  const rest = BigInt(WIDTH[address.family] - prefix);
  const first = networkPart(address, prefix) << rest;
  return [first, first + (1n << rest) - 1n];
}

/** `192.168.122.1` of its number. */
export function formatIpv4(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join(".");
}
