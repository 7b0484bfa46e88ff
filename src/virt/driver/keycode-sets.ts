/**
 * The sets of key codes (`virKeycodeSet`), and what a key of one of them is as a qnum: its scan code of
 * set 1, with bit 7 for the codes that follow 0xe0. That is how a hypervisor is told of keys.
 */
import { KeycodeSet } from "./domain-flags.ts";
import { hasKeyName } from "./key-names.ts";

/* Qnums in the order of the set's codes, all hexadecimal; `@N` gives the next one the code N. */

const LINUX = `
  @1 1 2 3 4 5 6 7 8 9 a b c d e f 10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f 20 21 22 23
  24 25 26 27 28 29 2a 2b 2c 2d 2e 2f 30 31 32 33 34 35 36 37 38 39 3a 3b 3c 3d 3e 3f 40 41 42
  43 44 45 46 47 48 49 4a 4b 4c 4d 4e 4f 50 51 52 53 54 76 56 57 58 73 78 77 79 70 7b 5c 9c 9d
  b5 54 b8 5b c7 c8 c9 cb cd cf d0 d1 d2 d3 ef a0 ae b0 de 59 ce c6 8b 7e 72 71 7d db dc dd e8
  85 86 87 8c f8 64 65 c1 bc f5 9e a1 66 df e3 67 68 69 93 9f 97 82 6a 92 6b a6 ec e6 eb ea e9
  a3 6c fd 99 a2 90 a4 b1 98 63 @ab 81 b2 e7 @b0 88 75 8f f6 fb 89 8a 5d 5e 5f 55 83 f7 84 5a 74
  f9 6d 6f 95 96 9a 9b a7 a8 a9 ab ac ad a5 af b3 b4 b6 b9 ba bb bd be bf c0 e5 c2 c3 c4 c5 94
  ca cc d4 ed d6 d7 d8 d9 da e4 8e d5 f0 f1 f2 f3 f4
`;

const AT_SET2 = `
  @1 43 @3 3f 3d 3b 3c 58 @9 44 42 40 3e f 29 59 @11 38 2a 70 1d 10 2 @1a 2c 1f 1e 11 3 @21 2e
  2d 20 12 5 4 5c @29 39 2f 21 14 13 6 5d @31 31 30 23 22 15 7 5e @3a 32 24 16 8 9 5f @41 33 25
  17 18 b a @49 34 35 26 27 19 c @51 73 28 @54 1a d @58 3a 36 1c 1b @5d 2b @5f 76 @61 56 77 78
  79 @66 e 7b @69 4f 7d 4b 47 7e @70 52 53 50 4c 4d 48 1 45 57 4e 51 4a 37 49 46 54 @83 41 @e010
  e5 b8 @e014 9d 90 @e018 e6 @e01f db e7 ae @e023 a0 @e027 dc e8 @e02b a1 @e02f dd e9 @e032 b0
  @e034 a2 @e037 de ea @e03a b2 a4 @e03f df eb @e048 ec @e04a b5 @e04d 99 @e050 ed @e05a 9c
  @e05e e3 @e069 cf @e06b cb c7 @e06f ef d2 d3 d0 @e074 cd c8 @e077 c6 @e079 ce d1 @e07d c9
`;

const AT_SET3 = `
  @7 3b 1 f5 e8 85 86 f 29 3c 87 1d 2a 56 3a 10 2 3d f8 38 2c 1f 1e 11 3 3e 64 2e 2d 20 12 5 4
  3f 65 39 2f 21 14 13 6 40 c1 31 30 23 22 15 7 41 bc b8 32 24 16 8 9 42 @41 33 25 17 18 b a 43
  @49 34 35 26 27 19 c 44 @52 28 @54 1a d 57 54 9d 36 1c 1b 2b 7d 58 46 d0 cb c6 c8 d3 cf e d2
  @69 4f cd 4b 47 d1 c7 c9 52 53 50 4c 4d 48 45 @79 9c 51 @7c 4e 49 37 5d 5e 5f 55 83 @85 7b 79
  77 @8b db dc dd ef @91 9e @93 99 90 b0 92 b2 a4 @9a a3 a6 a0 ae b1 98 9f 97 93 a1
`;

const OS_X = `
  @0 1e 1f 20 21 23 22 2c 2d 2e 2f @b 30 10 11 12 13 15 14 2 3 4 5 7 6 d a 8 c 9 b 1b 18 16 1a
  17 19 1c 26 24 28 25 27 2b 33 35 31 32 34 f 39 29 e @35 1 dc db 2a 3a 38 1d 36 b8 9d @40 83 53
  @43 37 @45 4e @47 45 b0 ae a0 b5 9c @4e 4a f7 84 59 52 4f 50 51 4b 4c 4d 47 5a 48 49 7d 73 5c
  3f 40 41 3d 42 43 71 57 72 5d 55 5e @6d 44 dd 58 @71 5f f5 c7 c9 d3 3e cf 3c d1 3b cb cd d0 c8
`;

const USB = `
  @4 1e 30 2e 20 12 21 22 23 17 24 25 26 32 31 18 19 10 13 1f 14 16 2f 11 2d 15 2c 2 3 4 5 6 7 8
  9 a b 1c 1 e f 39 c d 1a 1b @32 2b 27 28 29 33 34 35 3a 3b 3c 3d 3e 3f 40 41 42 43 44 57 58 54
  46 c6 d2 c7 c9 d3 cf d1 cd cb d0 c8 45 b5 37 4a 4e 9c 4f 50 51 4b 4c 4d 47 48 49 52 53 56 dd
  de 59 5d 5e 5f 55 83 f7 84 5a 74 f9 6d 6f 64 f5 9e 8c @79 85 87 bc f8 65 @85 7e @87 73 70 7d
  79 7b 5c @90 72 71 78 77 76 @b6 f6 fb @e0 1d 2a 38 db 9d 36 b8 dc a2 a4 90 99 6c b0 ae a0 82
  ea e9 e8 c1 75 8f 88 df 92 e7 a1
`;

const WIN32 = `
  @8 e f @d 1c @11 1d 38 c6 3a 78 72 @1a 71 1 79 7b @20 39 c9 d1 cf c7 cb c8 cd d0 @2a b9 @2c 54
  d2 d3 f5 b 2 3 4 5 6 7 8 9 a @41 1e 30 2e 20 12 21 22 23 17 24 25 26 32 31 18 19 10 13 1f 14
  16 2f 11 2d 15 2c db dc dd @5f df 52 4f 50 51 4b 4c 4d 47 48 49 37 4e 7e 4a 53 b5 3b 3c 3d 3e
  3f 40 41 42 43 44 57 58 5d 5e 5f 55 83 f7 84 5a 74 f9 6d 6f @90 45 46 @a0 2a 36 @a3 9d @a5 b8
  ea e9 e7 e8 e5 @ac b2 a0 ae b0 99 90 a4 a2 bf @ba 27 d 33 c 34 35 29 @db 1a 2b 1b 28 @e2 56
  @f2 70 @fa b3
`;

/** Qnums below 256 that no key has. */
const NO_QNUM = new Set([
  0x60, 0x61, 0x62, 0x6e, 0x7a, 0x7c, 0x7f, 0x80, 0x8d, 0x91, 0xaa, 0xb7, 0xe0, 0xe1, 0xe2, 0xee,
  0xfa, 0xfc, 0xfe, 0xff,
]);
/** A key of set 2 that has no code in set 1. */
const ONLY_AT_SET2 = 0xe012;
/** What macOS's set has in the place of a code for keys that have none. */
const NO_OS_X_KEY = 255;
/** Codes of XFree86's set for keys that follow 0xe0 begin here. */
const XT_KBD_EXTENDED = 0x100;

/** Codes that Linux's set has, although they are no key's; first and last. */
const LINUX_NOBODYS = [247, 255] as const;

type Qnums = ReadonlyMap<number, number>;

function parse(text: string): Qnums {
  const qnums = new Map<number, number>();
  let code = 0;
  for (const word of text.trim().split(/\s+/)) {
    if (word.startsWith("@")) code = Number.parseInt(word.slice(1), 16);
    else qnums.set(code++, Number.parseInt(word, 16));
  }
  return qnums;
}

/** A set whose codes follow from qnums. */
function derived(codeOf: (qnum: number) => number): Qnums {
  const qnums = Array.from({ length: 256 }, (_, qnum) => qnum).filter((each) => !NO_QNUM.has(each));
  return new Map(qnums.map((qnum) => [codeOf(qnum), qnum]));
}

const low = (qnum: number): number => qnum & 0x7f;
const SET1 = derived((qnum) => (qnum < 0x80 ? qnum : 0xe000 | low(qnum)));

const SETS: ReadonlyMap<number, Qnums> = new Map([
  [KeycodeSet.linux, parse(LINUX)],
  [KeycodeSet.xt, SET1],
  [KeycodeSet.atset1, SET1],
  [KeycodeSet.atset2, new Map([...parse(AT_SET2), [ONLY_AT_SET2, 0]])],
  [KeycodeSet.atset3, parse(AT_SET3)],
  [KeycodeSet.osx, new Map([...parse(OS_X), [NO_OS_X_KEY, 0]])],
  [KeycodeSet.xtKbd, derived((qnum) => (qnum < 0x80 ? qnum : XT_KBD_EXTENDED | low(qnum)))],
  [KeycodeSet.usb, parse(USB)],
  [KeycodeSet.win32, parse(WIN32)],
  [KeycodeSet.qnum, derived((qnum) => qnum)],
]);

/** The qnum of a key; 0 for one that has none, undefined where the set has no such key. */
export function qnumOf(codeset: number, code: number): number | undefined {
  const set = SETS.get(codeset);
  const qnum = set?.get(code);
  if (qnum !== undefined || !set) return qnum;
  return code === 0 || isWithoutQnum(codeset, code) ? 0 : undefined;
}

function isWithoutQnum(codeset: number, code: number): boolean {
  const [first, last] = LINUX_NOBODYS;
  if (codeset === KeycodeSet.linux && code >= first && code <= last) return true;
  return hasKeyName(codeset, code);
}
