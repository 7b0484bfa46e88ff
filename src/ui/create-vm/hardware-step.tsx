/** Step 2: memory and CPUs. */
import { MACHINE_LIMITS } from "../../virt/machine-limits.ts";
import { useT } from "../app/context.tsx";
import { formatBytes } from "../common/format.ts";
import { NumberField } from "./number-field.tsx";
import { mostVcpus } from "./problems.ts";
import type { StepProps } from "./step-props.ts";

const MIB = 2 ** 20;
/** What the buttons beside the memory add and take, in MiB. */
const MEMORY_STEP = 64;

export function HardwareStep({ settled, around, change, said }: StepProps) {
  const t = useT();
  const { minMemoryBytes, maxMemoryBytes } = MACHINE_LIMITS;
  const { memoryMib, cpus } = around.host;
  return (
    <>
      <NumberField
        id="new-vm-memory"
        label={t("newVm.memory")}
        unit={t("newVm.memoryUnit")}
        value={settled.memoryMib}
        min={minMemoryBytes / MIB}
        max={maxMemoryBytes / MIB}
        step={MEMORY_STEP}
        said={said("memory")}
        hint={t("newVm.memoryHint", {
          memory: formatBytes(Math.min(memoryMib * MIB, maxMemoryBytes), t),
        })}
        onChange={(memory) => change({ memoryMib: memory })}
      />
      <NumberField
        id="new-vm-vcpus"
        label={t("newVm.vcpus")}
        value={settled.vcpus}
        min={1}
        max={mostVcpus(around)}
        step={1}
        said={said("vcpus")}
        hint={t("newVm.vcpusHint", { count: cpus })}
        onChange={(vcpus) => change({ vcpus })}
      />
    </>
  );
}
