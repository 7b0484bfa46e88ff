import { Board, type BoardPorts } from "../../machine/board.ts";
import type { MachineSpec } from "../../protocol/machine-service.ts";

/** The board, as far as the machine worker drives it. */
export type DrivenBoard = Pick<
  Board,
  | "memory"
  | "loadFlash"
  | "settleFlash"
  | "boot"
  | "answerExits"
  | "onDoorbell"
  | "balloon"
  | "consoles"
  | "keys"
  | "scsiBuses"
>;

/** Makes the board that `spec` asks for. */
export type BoardMaker = (spec: MachineSpec, ports: BoardPorts) => DrivenBoard;

/** QEMU's `virt`: the one board there is. */
export const makeBoard: BoardMaker = (_spec, ports) => new Board(ports);
