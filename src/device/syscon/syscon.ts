import type { PowerControl, Trace } from "../ports.ts";
import type { FdtNode } from "../fdt-node.ts";
import { RegisterBank } from "../bus/register-map.ts";
import { recordSection, type DeviceModel, type Placement } from "../device-model.ts";
import { cells64 } from "../fdt-node.ts";
import { hex } from "../../util/bytes.ts";
import { Finisher, SYSCON_REGS } from "./regs.ts";

export interface SysconPorts {
  readonly power: PowerControl;
  readonly trace: Trace;
}

/** Power-off, reboot and failure exit by a write, as QEMU's virt and SiFive's test boards have it. */
export class Syscon implements DeviceModel {
  readonly name = "syscon";
  readonly regs: RegisterBank<typeof SYSCON_REGS>;
  /** Nothing outlives a write. */
  readonly snapshot = recordSection(
    "syscon",
    1,
    () => ({}),
    () => {},
  );
  readonly #ports: SysconPorts;

  constructor(ports: SysconPorts) {
    this.#ports = ports;
    const finisher = { read: () => 0, write: (value: number) => this.#finish(value) };
    this.regs = new RegisterBank(this.name, SYSCON_REGS, { finisher }, ports.trace);
  }

  reset(): void {}

  fdtNode({ base, sizeBytes, phandle }: Placement): FdtNode {
    return {
      name: `test@${base.toString(16)}`,
      properties: {
        compatible: ["sifive,test1", "sifive,test0", "syscon"],
        reg: [...cells64(base), ...cells64(sizeBytes)],
        ...(phandle === undefined ? {} : { phandle: [phandle] }),
      },
    };
  }

  #finish(value: number): void {
    const { power, trace } = this.#ports;
    switch (value & 0xffff) {
      case Finisher.pass:
        return power.request({ kind: "poweroff" });
      case Finisher.reset:
        return power.request({ kind: "reboot" });
      case Finisher.fail:
        return power.request({ kind: "fail", code: value >>> 16 });
      default:
        trace.guestError(this.name, `unknown finisher value ${hex(value)}`);
    }
  }
}
