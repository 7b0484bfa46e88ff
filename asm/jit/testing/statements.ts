/** Statements for anywhere, with their shares. */
import { callTwin, patch, replace, slot } from "./code-changes.ts";
import { address, binary, compressed, immediate } from "./compute.ts";
import type { Statement } from "./compute.ts";
import { accumulate, floating, floatOff, floatState } from "./floating.ts";
import { DATA_AT, DATA_MIDDLE, LINEAR_AT, Mode, RAM, WINDOW_AT } from "./layout.ts";
import * as memory from "./memory.ts";
import * as paging from "./paging.ts";
import * as system from "./system.ts";
import type { Theme, Writer } from "./writer.ts";

const SHARES: Readonly<Record<Theme, readonly (readonly [Statement, number])[]>> = {
  compute: [
    [binary, 24],
    [immediate, 14],
    [compressed, 10],
    [address, 1],
  ],
  memory: [
    [memory.load, 12],
    [memory.store, 8],
    [memory.walk, 6],
    [memory.seek, 3],
    [memory.seekPageEnd, 2],
    [memory.pointerGroup, 3],
    [memory.edgeGroup, 1],
    [memory.aliasedGroup, 1],
    [memory.atomic, 3],
    [memory.reservation, 2],
    [memory.rareAccess, 1],
    [memory.floatMemory, 4],
  ],
  floating: [
    [floating, 8],
    [accumulate, 1],
    [floatState, 2],
    [floatOff, 1],
  ],
  system: [
    [system.csrAccess, 2],
    [system.swapScratch, 1],
    [system.accessRights, 1],
    [system.interruptEnable, 1],
    [system.softwareInterrupt, 1],
    [system.trapReturn, 1],
    [system.counters, 2],
    [system.fence, 1],
    [system.quickCall, 1],
    [system.trap, 2],
    [system.device, 2],
  ],
  paging: [
    [paging.remap, 2],
    [paging.permit, 1],
    [paging.grant, 1],
    [paging.switchSpace, 1],
    [paging.borrowTable, 1],
    [paging.exchangeTwins, 1],
    [paging.permitAlias, 1],
    [paging.protect, 1],
    [paging.statusService, 1],
  ],
  code: [
    [patch, 1],
    [replace, 1],
    [slot, 2],
    [callTwin, 2],
  ],
};

/** A program's theme comes up so much more often. */
const THEME_FACTOR = 5;

interface Share {
  readonly statement: Statement;
  readonly share: number;
}

function tableFor(theme: Theme | undefined): readonly Share[] {
  return Object.entries(SHARES).flatMap(([name, shares]) =>
    shares.map(([statement, share]) => ({
      statement,
      share: name === theme ? share * THEME_FACTOR : share,
    })),
  );
}

export function anyStatement(w: Writer): number {
  const table = tableFor(w.theme);
  const total = table.reduce((sum, { share }) => sum + share, 0);
  let at = w.below(total);
  for (const { statement, share } of table) {
    if (at < share) return statement(w);
    at -= share;
  }
  return 0;
}

/** Loads and stores through a window of M-mode's choosing: MPRV with S or U as the mode. */
export function borrowMode(w: Writer, body: () => number): number {
  const bits = (1n << 17n) | (BigInt(w.pick([Mode.U, Mode.S])) << 11n);
  const middle = (base: number): string => `li gp, ${base + DATA_MIDDLE}; mv s8, gp; mv s9, gp`;
  w.line(middle(LINEAR_AT + WINDOW_AT));
  w.line(`li t5, ${3 << 11}; csrc mstatus, t5; li t5, ${bits}; csrs mstatus, t5`);
  const cost = body();
  w.line(`li t5, ${1 << 17}; csrc mstatus, t5`, middle(RAM + DATA_AT));
  return cost + 20;
}
