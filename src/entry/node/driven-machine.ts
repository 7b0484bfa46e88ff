import type { Machine } from "../../api/machine.ts";

/** The part of a machine that the command line drives: in this process or in a browser. */
export interface DrivenMachine extends Pick<
  Machine,
  | "serial"
  | "start"
  | "pause"
  | "resume"
  | "reset"
  | "forceOff"
  | "stats"
  | "onGuestError"
  | "onState"
  | "ended"
> {
  /** Releases what is beside the machine itself. */
  close?(): Promise<void>;
}
