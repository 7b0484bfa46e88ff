/** Telling when a disk's image has grown behind a mark (`virDomainSetBlockThreshold`). */
import { vmError } from "../../../protocol/vm-error.ts";
import { devicesOf, diskTarget } from "../../conf/domain/view.ts";
import type { DomainCalls } from "../../driver/domain-calls.ts";
import { find, type XmlElement } from "../../xml/element.ts";
import { checkFlags } from "../objects/flags.ts";
import { runOf } from "./lifecycle-calls.ts";
import { QEMU, type QemuState } from "./qemu-state.ts";
import { demand } from "./verbs.ts";

type Calls = Pick<DomainCalls, "domainSetBlockThreshold">;

export function blockThresholdCalls(state: QemuState): Calls {
  return {
    domainSetBlockThreshold: (ref, dev, threshold, flags) =>
      state.job(ref.uuid, async () => {
        checkFlags(flags, 0, "qemuDomainSetBlockThreshold", QEMU.domain);
        const domain = state.domains.get(ref);
        demand("blockStats", domain);
        const target = diskTarget(imageOf(domain.definition, dev));
        const run = runOf(state, domain);
        await run.machine.setWriteThreshold(target, Number(threshold));
        if (dev.includes("[")) run.indexedThresholds.add(target);
        else run.indexedThresholds.delete(target);
      }),
  };
}

/** `vda`, or with the number of its image: `vda[1]`. Those behind are not written to. @throws VmError */
function imageOf(definition: XmlElement, dev: string): XmlElement {
  const refuse = (words: string): never => {
    throw vmError("invalidArg", words, QEMU);
  };
  const [, target, index] = /^([^[]*)(?:\[(\d+)\])?$/.exec(dev) ?? [];
  if (target === undefined) return refuse(`failed to parse block device '${dev}'`);
  const disk = devicesOf(definition, "disk").find((each) => diskTarget(each) === target);
  if (!disk) return refuse(`failed to find disk '${target}'`);
  const number = find(disk, "source")?.attributes.get("index");
  if (index !== undefined && index !== "0" && index !== number) {
    return refuse(`failed to find disk '${dev}'`);
  }
  return disk;
}
