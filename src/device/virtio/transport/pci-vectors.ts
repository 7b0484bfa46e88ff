/** Which MSI-X vector each queue and the configuration use, and INTA when MSI-X is off (§4.1.5). */
import type { Msix } from "../../pci/msix.ts";
import { Interrupt } from "./mmio-regs.ts";
import { NO_VECTOR } from "./pci-regs.ts";
import type { TransportInterrupt } from "./transport.ts";

/** ISR status, as far as raising it is concerned. */
interface IsrStatus {
  raise(bits: number): void;
  clear(): void;
}

export type VectorState = { readonly queues: readonly number[]; readonly config: number };

export class PciVectors implements TransportInterrupt {
  readonly #msix: Msix | null;
  readonly #isr: IsrStatus;
  readonly #queues: Uint16Array;
  #config = NO_VECTOR;

  constructor(queues: number, msix: Msix | null, isr: IsrStatus) {
    this.#msix = msix;
    this.#isr = isr;
    this.#queues = new Uint16Array(queues).fill(NO_VECTOR);
  }

  queue(index: number): void {
    if (!this.#msix?.enabled) this.#isr.raise(Interrupt.usedBuffer);
    else this.#send(this.#queues[index]);
  }

  config(): void {
    if (!this.#msix?.enabled) this.#isr.raise(Interrupt.configChange);
    else this.#send(this.#config);
  }

  /** At device reset: vectors are unmapped (§4.1.5.1.2), ISR status is clear. */
  clear(): void {
    this.reset();
    this.#isr.clear();
  }

  reset(): void {
    this.#queues.fill(NO_VECTOR);
    this.#config = NO_VECTOR;
  }

  get msixEnabled(): boolean {
    return this.#msix?.enabled ?? false;
  }

  get configVector(): number {
    return this.#config;
  }

  /** A vector that does not exist is answered with NO_VECTOR, which the driver reads back. */
  set configVector(vector: number) {
    this.#config = this.#checked(vector);
  }

  queueVector(index: number): number {
    return this.#queues[index] ?? NO_VECTOR;
  }

  setQueueVector(index: number, vector: number): void {
    if (index < this.#queues.length) this.#queues[index] = this.#checked(vector);
  }

  save(): VectorState {
    return { queues: Array.from(this.#queues), config: this.#config };
  }

  restore({ queues, config }: VectorState): void {
    queues.forEach((vector, index) => this.setQueueVector(index, vector));
    this.configVector = config;
  }

  #checked(vector: number): number {
    return vector < (this.#msix?.vectors ?? 0) ? vector : NO_VECTOR;
  }

  #send(vector: number | undefined): void {
    if (vector !== undefined && vector !== NO_VECTOR) this.#msix?.notify(vector);
  }
}
