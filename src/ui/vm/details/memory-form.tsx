/** Memory: what the machine has, and what it may have. */
import { editDomain } from "../../../virt/conf/domain/view.ts";
import { DomainModificationImpact as Impact } from "../../../virt/driver/domain-flags.ts";
import { MACHINE_LIMITS } from "../../../virt/machine-limits.ts";
import type { ManagedDomain } from "../../../virt/manager/objects.ts";
import { useT } from "../../app/context.tsx";
import type { Translate } from "../../i18n/catalogue.ts";
import { useManager } from "../../shell/context.tsx";
import { callLive } from "./actions.ts";
import { FormFrame } from "./form-frame.tsx";
import { wholeNumber } from "./model/cpus.ts";
import { type Memory, readMemory, writeMemory } from "./model/memory.ts";
import { FixedRow, TextRow } from "./rows.tsx";
import { type FormModel, useForm } from "./use-form.ts";

const MIB = 2 ** 20;
const KIB_PER_MIB = 1024;

export function MemoryForm({ domain }: { readonly domain: ManagedDomain }) {
  const t = useT();
  const { host } = useManager();
  const form = useForm<Memory>(domain, modelOf(t));
  const { values, set } = form;
  const { current, max } = values;
  const isOrdered = wholeNumber(current) <= wholeNumber(max);
  return (
    <FormFrame form={form}>
      <FixedRow
        id="hw-host-memory"
        label={t("hw.hostMemory")}
        value={t("unit.mib", { value: Math.floor(host.memoryKib / KIB_PER_MIB) })}
      />
      <TextRow
        id="hw-memory"
        label={t("hw.memory")}
        type="number"
        value={current}
        onChange={(next) => set(current === max ? { current: next, max: next } : { current: next })}
        onBlur={() => isOrdered || set({ max: current })}
      />
      <TextRow
        id="hw-max-memory"
        label={t("hw.maxMemory")}
        type="number"
        value={max}
        hint={host.type === "QEMU" ? limitText(t) : undefined}
        onChange={(next) => set({ max: next })}
        onBlur={() => isOrdered || set({ current: max })}
      />
    </FormFrame>
  );
}

function limitText(t: Translate): string {
  const { minMemoryBytes, maxMemoryBytes } = MACHINE_LIMITS;
  return t("hw.memoryLimits", { min: minMemoryBytes / MIB, max: maxMemoryBytes / MIB });
}

function modelOf(t: Translate): FormModel<Memory> {
  return {
    read: readMemory,
    edit: (definition, change) => editDomain(definition, (draft) => writeMemory(draft, change)),
    problem: ({ current, max }) => {
      if ([current, max].some((text) => Number.isNaN(wholeNumber(text)))) {
        return t("hw.problem.memory");
      }
      return Number(current) > Number(max) ? t("hw.problem.maxMemory") : null;
    },
    live: async ({ manager, domain, change, values }) => {
      if (change.current === undefined) return null;
      const kib = Number(values.current) * KIB_PER_MIB;
      return callLive(manager, domain, ({ ref }) =>
        manager.connect.domainSetMemoryFlags(ref, kib, Impact.live),
      );
    },
  };
}
