/** The kinds of programs: which modes they run in and how often each unit comes. */
import { Mode } from "../program.ts";
import { amo, reservation, swapIfSame } from "./atomic.ts";
import { Pending, branch, callPad, jump, loop, wildJump } from "./control.ts";
import { csr, timer } from "./csr.ts";
import { floating, roundingMode } from "./floating.ts";
import type { Gen } from "./gen.ts";
import { arithmetic, constant, moveStack } from "./integer.ts";
import { access, cacheBlock, retarget, wildAccess } from "./memory.ts";
import type { AddressSpace, Levels } from "./paging.ts";
import { editEntry, switchAsid } from "./paging.ts";
import {
  borrowPrivilege,
  environmentCall,
  fence,
  illegal,
  privileged,
  returnFromTrap,
  selfModify,
  waitOnReservation,
} from "./system.ts";

/** What a unit may need besides the generator. */
export interface UnitContext {
  readonly pending: Pending;
  readonly space: AddressSpace | undefined;
}

type UnitMaker = (gen: Gen, context: UnitContext) => void;

/** Every unit by the name that seeds and listings use. */
export const UNITS = {
  arithmetic,
  constant,
  moveStack,
  access,
  retarget,
  wildAccess,
  cacheBlock,
  floating,
  roundingMode,
  branch: (gen, { pending }) => branch(gen, pending),
  jump: (gen, { pending }) => jump(gen, pending),
  loop,
  wildJump,
  callPad,
  amo,
  swapIfSame,
  reservation,
  csr,
  timer,
  environmentCall,
  illegal,
  fence,
  privileged,
  waitOnReservation,
  returnFromTrap,
  selfModify,
  borrow: (gen) => borrowPrivilege(gen, access),
  editEntry: (gen, { space }) => {
    if (space !== undefined) editEntry(gen, space);
  },
  switchAsid: (gen, { space }) => {
    if (space !== undefined) switchAsid(gen, space);
  },
} as const satisfies Readonly<Record<string, UnitMaker>>;
export type UnitName = keyof typeof UNITS;

export interface Profile {
  readonly name: string;
  /** How often programs of this kind are made. */
  readonly share: number;
  readonly modes: readonly Mode[];
  /** Traps, delegation and interrupts get random settings. */
  readonly privileged: boolean;
  readonly levels?: Levels;
  readonly pmp?: true;
  readonly weights: Readonly<Partial<Record<UnitName, number>>>;
}

const { U, S, M } = Mode;

const PAGED: Profile["weights"] = {
  access: 45,
  retarget: 14,
  wildAccess: 4,
  callPad: 8,
  wildJump: 2,
  editEntry: 8,
  switchAsid: 1,
  amo: 5,
  reservation: 3,
  cacheBlock: 3,
  arithmetic: 5,
  branch: 3,
  fence: 2,
  environmentCall: 1,
  csr: 3,
  returnFromTrap: 1,
};

function paged(levels: Levels, share: number): Profile {
  const name = `sv${12 + 9 * levels}`;
  return { name, share, modes: [U, S, S], privileged: true, levels, weights: PAGED };
}

function borrowing(levels: Levels): Profile {
  const weights = { borrow: 40, arithmetic: 15, retarget: 10, csr: 3, environmentCall: 2 };
  return { name: `mprv${levels}`, share: 2, modes: [M], privileged: false, levels, weights };
}

export const PROFILES: readonly Profile[] = [
  {
    name: "integer",
    share: 18,
    modes: [M, S, U],
    privileged: false,
    weights: {
      arithmetic: 70,
      constant: 6,
      moveStack: 2,
      branch: 8,
      jump: 4,
      loop: 4,
      access: 6,
      illegal: 1,
    },
  },
  {
    name: "floating",
    share: 22,
    modes: [M, S, U],
    privileged: false,
    weights: { floating: 75, roundingMode: 7, access: 8, arithmetic: 6, constant: 2, branch: 2 },
  },
  {
    name: "memory",
    share: 10,
    modes: [M, S, U],
    privileged: true,
    weights: {
      access: 50,
      retarget: 12,
      wildAccess: 6,
      wildJump: 3,
      cacheBlock: 5,
      arithmetic: 10,
      moveStack: 2,
      loop: 3,
      branch: 5,
      jump: 3,
      fence: 2,
    },
  },
  {
    name: "machine",
    share: 10,
    modes: [M],
    privileged: true,
    weights: {
      csr: 55,
      arithmetic: 10,
      environmentCall: 4,
      illegal: 6,
      returnFromTrap: 4,
      timer: 3,
      fence: 3,
      access: 5,
      floating: 3,
      roundingMode: 2,
      wildJump: 2,
      jump: 2,
      waitOnReservation: 1,
    },
  },
  {
    name: "supervisor",
    share: 10,
    modes: [S, S, U],
    privileged: true,
    weights: {
      csr: 40,
      arithmetic: 10,
      environmentCall: 6,
      illegal: 6,
      privileged: 4,
      returnFromTrap: 4,
      timer: 3,
      fence: 5,
      access: 6,
      wildAccess: 3,
      floating: 3,
      roundingMode: 2,
      wildJump: 2,
      cacheBlock: 4,
      waitOnReservation: 2,
    },
  },
  {
    name: "atomic",
    share: 8,
    modes: [M, S, U],
    privileged: false,
    weights: {
      amo: 40,
      reservation: 20,
      swapIfSame: 6,
      retarget: 12,
      access: 8,
      arithmetic: 8,
      waitOnReservation: 2,
      wildAccess: 1,
    },
  },
  {
    name: "code",
    share: 5,
    modes: [M, S, U],
    privileged: false,
    weights: { selfModify: 30, arithmetic: 30, branch: 10, jump: 15, loop: 5, callPad: 2 },
  },
  paged(3, 8),
  paged(4, 4),
  paged(5, 4),
  borrowing(3),
  borrowing(4),
  borrowing(5),
  {
    // No cache-block operations: QEMU overlooks an entry that lies inside the block.
    name: "pmp",
    share: 6,
    modes: [U, S],
    privileged: true,
    pmp: true,
    weights: {
      access: 55,
      retarget: 18,
      amo: 8,
      reservation: 4,
      arithmetic: 8,
      branch: 3,
    },
  },
  {
    name: "pmp-paged",
    share: 3,
    modes: [U, S],
    privileged: true,
    levels: 3,
    pmp: true,
    weights: { ...PAGED, editEntry: 3, cacheBlock: 0 },
  },
];
