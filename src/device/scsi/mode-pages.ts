/** MODE SENSE and MODE SELECT (SPC-4 §6.11, §7.5). */
import { viewOf } from "../../util/bytes.ts";

/** A mode page as it is and as far as it can be changed: bodies without code and length. */
export interface ModePage {
  readonly code: number;
  current(): Uint8Array;
  readonly changeable: Uint8Array;
  /** Takes a new body that differs in changeable bits only. */
  select?(body: Uint8Array): void;
}

export const PageControl = { current: 0, changeable: 1, defaults: 2, saved: 3 } as const;
export const ALL_PAGES = 0x3f;

/** Read-write error recovery: automatic reallocation of written blocks, as QEMU says. */
export const ERROR_RECOVERY: ModePage = {
  code: 0x01,
  current: () => Uint8Array.of(0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0),
  changeable: new Uint8Array(10),
};

const WCE = 1 << 2;

/** The caching page, whose WCE the initiator may change. */
export function cachingPage(get: () => boolean, set: (enabled: boolean) => void): ModePage {
  const body = (enabled: boolean): Uint8Array => {
    const bytes = new Uint8Array(18);
    bytes[0] = enabled ? WCE : 0;
    return bytes;
  };
  return {
    code: 0x08,
    current: () => body(get()),
    changeable: body(true),
    select: (bytes) => set(((bytes[0] ?? 0) & WCE) !== 0),
  };
}

export interface ModeSense {
  readonly pages: readonly ModePage[];
  /** The device-specific byte of the header. */
  readonly specific: number;
  readonly medium?: number;
  /** Blocks and their size, for the block descriptor; absent when the initiator wants none. */
  readonly descriptor?: { readonly blocks: number; readonly blockBytes: number };
  readonly long: boolean;
}

/** @returns the answer to MODE SENSE, or null when no page of this code is there */
export function modeSense(sense: ModeSense, code: number, control: number): Uint8Array | null {
  const found = sense.pages.filter((page) => code === ALL_PAGES || page.code === code);
  if (found.length === 0) return null;
  const bodies = found.flatMap((page) => {
    const body = control === PageControl.changeable ? page.changeable : page.current();
    return [page.code, body.length, ...body];
  });
  const descriptor = sense.descriptor ? descriptorBytes(sense.descriptor) : [];
  const rest = [...descriptor, ...bodies];
  return Uint8Array.from([...header(sense, descriptor.length, rest.length), ...rest]);
}

function header({ specific, medium = 0, long }: ModeSense, descriptor: number, rest: number) {
  if (!long) return [3 + rest, medium, specific, descriptor];
  const length = 6 + rest;
  return [length >> 8, length & 0xff, medium, specific, 0, 0, 0, descriptor];
}

function descriptorBytes({ blocks, blockBytes }: { blocks: number; blockBytes: number }): number[] {
  const bytes = new Uint8Array(8);
  const view = viewOf(bytes);
  view.setUint32(0, blocks > 0xff_ffff ? 0 : blocks);
  view.setUint32(4, blockBytes);
  return [...bytes];
}

/**
 * Applies the pages of a MODE SELECT.
 *
 * @param data without header and block descriptors
 * @returns false when a page is unknown, cut off, or changes what cannot be changed
 */
export function modeSelect(pages: readonly ModePage[], data: Uint8Array): boolean {
  const chosen: (() => void)[] = [];
  for (let at = 0; at < data.length;) {
    const length = data[at + 1] ?? -1;
    const page = pages.find(({ code }) => code === ((data[at] ?? 0) & 0x3f));
    const body = data.subarray(at + 2, at + 2 + length);
    if (!page || body.length !== page.changeable.length || length !== body.length) return false;
    const current = page.current();
    const refused = body.some((byte, i) => {
      const fixed = ~(page.changeable[i] ?? 0);
      return ((byte ^ (current[i] ?? 0)) & fixed & 0xff) !== 0;
    });
    if (refused) return false;
    chosen.push(() => page.select?.(body));
    at += 2 + length;
  }
  for (const apply of chosen) apply();
  return true;
}
