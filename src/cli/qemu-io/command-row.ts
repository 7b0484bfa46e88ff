import type { Arguments } from "./arguments.ts";
import type { Session } from "./session.ts";

/** A command of qemu-io. */
export interface Row {
  readonly name: string;
  readonly alias?: string;
  readonly args: string;
  readonly oneLine: string;
  /** Option letters, as getopt has them. */
  readonly short: string;
  readonly least: number;
  /** -1 for as many as one likes. */
  readonly most: number;
  /** Works without an open image. */
  readonly closed?: true;
  readonly writes?: true;
  /** @returns false when it failed */
  run(session: Session, args: Arguments): Promise<boolean>;
}

/** Ends the program. */
export class Quit extends Error {}
