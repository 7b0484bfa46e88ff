/** Name, memory and virtual CPUs. */
import { FormGroup, NumberInput, TextInput } from "@patternfly/react-core";
import type { Capabilities } from "../../virt/connection.ts";
import { useT } from "../app/context.tsx";
import { useGuests } from "../common/use-guests.ts";
import type { Draft, DraftProblem } from "./draft.ts";
import { FieldProblem, hasProblem } from "./field-problem.tsx";

export interface FieldProps {
  readonly draft: Draft;
  readonly change: (changes: Partial<Draft>) => void;
  readonly problems: readonly DraftProblem[];
}

interface NumberProps extends FieldProps {
  readonly capabilities: Capabilities;
}

const MIB = 2 ** 20;
/** What the buttons beside the memory add and take, in MiB. */
const MEMORY_STEP = 64;

export function NameField({ draft, change, problems }: FieldProps) {
  const t = useT();
  return (
    <FormGroup label={t("create.name")} fieldId="create-name" isRequired>
      <TextInput
        id="create-name"
        isRequired
        autoComplete="off"
        value={draft.name}
        validated={hasProblem(problems, "name")}
        aria-describedby="create-name-problem"
        onChange={(_, name) => change({ name })}
      />
      <FieldProblem id="create-name-problem" field="name" problems={problems} />
    </FormGroup>
  );
}

/** Of the field itself: what is given to the component describes its buttons' group. */
const described = (id: string) => ({
  id,
  inputMode: "numeric" as const,
  "aria-describedby": `${id}-problem`,
});

export function MemoryField({ draft, change, problems, capabilities }: NumberProps) {
  const t = useT();
  const [min, max] = [capabilities.minMemoryBytes / MIB, capabilities.maxMemoryBytes / MIB];
  const guest = useGuests().list.find(({ name }) => name === draft.guest);
  const needs = draft.source === "guest" && guest ? guest.leastMemoryBytes / MIB : 0;
  const step = (by: number) =>
    change({ memoryMiB: Math.min(max, Math.max(min, (draft.memoryMiB || 0) + by)) });
  return (
    <FormGroup label={t("create.memory")} fieldId="create-memory">
      <NumberInput
        inputProps={described("create-memory")}
        inputAriaLabel={t("create.memory")}
        inputName="memory"
        unit={t("create.memoryUnit")}
        widthChars={5}
        min={min}
        max={max}
        value={Number.isNaN(draft.memoryMiB) ? 0 : draft.memoryMiB}
        validated={hasProblem(problems, "memory")}
        minusBtnAriaLabel={t("create.less", { what: t("create.memory") })}
        plusBtnAriaLabel={t("create.more", { what: t("create.memory") })}
        onMinus={() => step(-MEMORY_STEP)}
        onPlus={() => step(MEMORY_STEP)}
        onChange={(event) => change({ memoryMiB: event.currentTarget.valueAsNumber })}
      />
      <FieldProblem
        id="create-memory-problem"
        field="memory"
        problems={problems}
        warning={draft.memoryMiB < needs ? t("create.memoryLow", { needs }) : undefined}
      />
    </FormGroup>
  );
}

export function VcpusField({ draft, change, problems, capabilities }: NumberProps) {
  const t = useT();
  const { maxVcpus } = capabilities;
  const processors = navigator.hardwareConcurrency;
  const step = (by: number) =>
    change({ vcpus: Math.min(maxVcpus, Math.max(1, (draft.vcpus || 0) + by)) });
  const tooMany = draft.vcpus > processors;
  return (
    <FormGroup label={t("create.vcpus")} fieldId="create-vcpus">
      <NumberInput
        inputProps={described("create-vcpus")}
        inputAriaLabel={t("create.vcpus")}
        inputName="vcpus"
        widthChars={3}
        min={1}
        max={maxVcpus}
        value={Number.isNaN(draft.vcpus) ? 0 : draft.vcpus}
        validated={hasProblem(problems, "vcpus")}
        minusBtnAriaLabel={t("create.less", { what: t("create.vcpus") })}
        plusBtnAriaLabel={t("create.more", { what: t("create.vcpus") })}
        onMinus={() => step(-1)}
        onPlus={() => step(1)}
        onChange={(event) => change({ vcpus: event.currentTarget.valueAsNumber })}
      />
      <FieldProblem
        id="create-vcpus-problem"
        field="vcpus"
        problems={problems}
        warning={tooMany ? t("create.vcpusWarning", { count: processors }) : undefined}
      />
    </FormGroup>
  );
}
