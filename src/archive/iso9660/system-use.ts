/** What Rock Ridge says of a file behind its directory record (SUSP 1.12, RRIP 1.12). */
import { latin1, startsWith, utf8Text, viewOf } from "../../util/bytes.ts";
import { SECTOR_BYTES } from "./fields.ts";

/** Reads bytes of the image. */
export type ReadBytes = (offset: number, length: number) => Promise<Uint8Array>;

export interface SystemUse {
  /** The real name, or undefined where there is none. */
  readonly name?: string;
  readonly isSymlink: boolean;
}

const NAME_CONTINUES = 1;
/** Continuation areas that follow one another: more is a circle. */
const MAX_AREAS = 32;

/** The bytes that are skipped in every system use area, or undefined where there is no Rock Ridge. */
export function skippedBytes(rootArea: Uint8Array): number | undefined {
  const isThere = startsWith(rootArea, Uint8Array.of(0x53, 0x50, 7, 1, 0xbe, 0xef));
  return isThere ? rootArea[6] : undefined;
}

export async function readSystemUse(area: Uint8Array, read: ReadBytes): Promise<SystemUse> {
  const names: Uint8Array[] = [];
  let isSymlink = false;
  let rest: Uint8Array | undefined = area;
  for (let areas = 0; rest && areas < MAX_AREAS; areas += 1) {
    let next: Continuation | undefined;
    for (const { signature, data } of entriesOf(rest)) {
      if (signature === "NM" && ((data[0] ?? 0) & ~NAME_CONTINUES) === 0) {
        names.push(data.subarray(1));
      }
      if (signature === "SL") isSymlink = true;
      if (signature === "CE") next = continuation(data);
    }
    // eslint-disable-next-line no-await-in-loop -- each area tells where the next one is
    rest = next && (await read(next.offset, next.length));
  }
  if (names.length === 0) return { isSymlink };
  return { name: names.map(utf8Text).join(""), isSymlink };
}

interface Continuation {
  readonly offset: number;
  readonly length: number;
}

function continuation(data: Uint8Array): Continuation | undefined {
  if (data.length < 24) return undefined;
  const view = viewOf(data);
  const offset = view.getUint32(0, true) * SECTOR_BYTES + view.getUint32(8, true);
  return { offset, length: Math.min(view.getUint32(16, true), SECTOR_BYTES) };
}

function entriesOf(area: Uint8Array): { signature: string; data: Uint8Array }[] {
  const found = [];
  for (let at = 0; at + 4 <= area.length;) {
    const length = area[at + 2] ?? 0;
    const signature = latin1(area.subarray(at, at + 2));
    if (length < 4 || signature === "ST") break;
    found.push({ signature, data: area.subarray(at + 4, at + length) });
    at += length;
  }
  return found;
}
