/** The guest after its first start: whether it still runs, and how it ended. */
import { ErrorCode, VmError } from "../../protocol/vm-error.ts";
import type { Connect } from "../../virt/driver/connect.ts";
import type { DomainRef } from "../../virt/driver/refs.ts";
import { ToolError } from "../virtinst/errors.ts";

/** `virDomainState`. */
const SHUT_OFF = 5;
const CRASHED = 6;
/** `virDomainShutoffReason`: destroyed, saved. */
const ENDED_BY_USER = [2, 5];

/** Ends the command without advice: nothing is to be restarted. */
export class CrashedError extends ToolError {}

export class InstalledDomain {
  readonly ref: DomainRef;
  readonly #connect: Connect;
  readonly #isTransient: boolean;

  constructor(connect: Connect, ref: DomainRef, isTransient: boolean) {
    this.ref = ref;
    this.#connect = connect;
    this.#isTransient = isTransient;
  }

  /** @throws CrashedError */
  async isOff(): Promise<boolean> {
    try {
      const { state } = await this.#connect.domainGetInfo(this.ref);
      if (state === CRASHED) throw new CrashedError("Domain has crashed.");
      return state === SHUT_OFF;
    } catch (error) {
      // A transient one is gone once it is off.
      const isGone = error instanceof VmError && error.code === ErrorCode.noDomain;
      if (isGone && this.#isTransient) return true;
      throw error;
    }
  }

  async wasEndedByUser(): Promise<boolean> {
    const { state, reason } = await this.#connect.domainGetState(this.ref, 0);
    return state === SHUT_OFF && ENDED_BY_USER.includes(reason);
  }

  async destroy(): Promise<void> {
    if (!(await this.isOff())) await this.#connect.domainDestroyFlags(this.ref, 0);
  }

  start(): Promise<DomainRef> {
    return this.#connect.domainCreateWithFlags(this.ref, 0);
  }
}
