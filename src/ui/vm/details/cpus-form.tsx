/** vCPUs: how many, of which model, and in which topology. */
import { Alert } from "@patternfly/react-core";
import { vmError } from "../../../protocol/vm-error.ts";
import { editDomain } from "../../../virt/conf/domain/view.ts";
import { DomainModificationImpact as Impact } from "../../../virt/driver/domain-flags.ts";
import type { ManagedDomain } from "../../../virt/manager/objects.ts";
import { useT } from "../../app/context.tsx";
import { errorText } from "../../common/error-text.ts";
import type { Translate } from "../../i18n/catalogue.ts";
import { useManager } from "../../shell/context.tsx";
import { callLive } from "./actions.ts";
import { FormFrame } from "./form-frame.tsx";
import {
  CPU_MODES,
  type Cpus,
  readCpus,
  topologySize,
  wholeNumber,
  writeCpus,
} from "./model/cpus.ts";
import { ChoiceRow, FixedRow, FlagRow, TextRow } from "./rows.tsx";
import { useChoices } from "./use-capabilities.ts";
import { type FormModel, useForm } from "./use-form.ts";

export function CpusForm({ domain }: { readonly domain: ManagedDomain }) {
  const t = useT();
  const { host } = useManager();
  const choices = useChoices(domain);
  const most = choices.maxVcpus ?? host.maxVcpus;
  const form = useForm<Cpus>(domain, modelOf(most, t));
  const { values, set } = form;
  const modes = choices.cpuModes ?? CPU_MODES;
  return (
    <FormFrame form={form}>
      <FixedRow id="hw-host-cpus" label={t("hw.hostCpus")} value={String(host.cpus)} />
      <CountRows values={values} set={set} />
      <ChoiceRow
        id="hw-cpu-mode"
        label={t("hw.cpuMode")}
        value={values.mode}
        options={[["", t("hw.default")], ...modes.map((mode) => [mode, mode] as const)]}
        onChange={(mode) => set({ mode })}
      />
      {values.mode === "custom" && (
        <TextRow
          id="hw-cpu-model"
          label={t("hw.cpuModel")}
          value={values.model}
          onChange={(model) => set({ model })}
        />
      )}
      <TopologyRows values={values} set={set} />
    </FormFrame>
  );
}

interface RowsProps {
  readonly values: Cpus;
  readonly set: (change: Partial<Cpus>) => void;
}

/** How many there are; more than the computer has are slow. */
function CountRows({ values, set }: RowsProps) {
  const t = useT();
  const { host } = useManager();
  return (
    <>
      <TextRow
        id="hw-vcpus"
        label={t("hw.vcpus")}
        type="number"
        value={values.current}
        onChange={(current) =>
          set(
            values.current === values.max && values.topology === ""
              ? { max: current, current }
              : { current },
          )
        }
      />
      <TextRow
        id="hw-max-vcpus"
        label={t("hw.maxVcpus")}
        type="number"
        value={values.max}
        isDisabled={values.topology !== ""}
        hint={values.topology === "" ? undefined : t("hw.maxVcpusHint")}
        onChange={(max) => set({ max })}
      />
      {Number(values.current) > host.cpus && (
        <Alert
          component="p"
          isInline
          isPlain
          variant="warning"
          variantLabel={t("alert.warning")}
          title={t("hw.overcommit", { count: host.cpus })}
        />
      )}
    </>
  );
}

/** Its parts make the number of vCPUs, as in virt-manager. */
function TopologyRows({ values, set }: RowsProps) {
  const t = useT();
  const change = (part: Partial<Cpus>): void => {
    const size = topologySize({ ...values, ...part });
    const count = Number.isNaN(size) ? {} : { max: String(size), current: String(size) };
    set({ ...part, ...count });
  };
  return (
    <>
      <FlagRow
        id="hw-topology"
        label={t("hw.topology")}
        value={values.topology}
        onChange={(topology) => (topology === "" ? set({ topology }) : change({ topology }))}
      />
      {values.topology !== "" &&
        (["sockets", "cores", "threads"] as const).map((part) => (
          <TextRow
            key={part}
            id={`hw-${part}`}
            label={t(`hw.${part}`)}
            type="number"
            value={values[part]}
            onChange={(value) => change({ [part]: value })}
          />
        ))}
    </>
  );
}

function modelOf(most: number, t: Translate): FormModel<Cpus> {
  return {
    read: readCpus,
    edit: (definition, change, values) =>
      editDomain(definition, (draft) => writeCpus(draft, change, values)),
    problem: (values) => cpusProblem(values, most, t),
    live: async ({ manager, domain, change, values }) => {
      if (change.current === undefined) return null;
      return callLive(manager, domain, ({ ref }) =>
        manager.connect.domainSetVcpusFlags(ref, Number(values.current), Impact.live),
      );
    },
  };
}

function cpusProblem(values: Cpus, most: number, t: Translate): string | null {
  const { max, current, mode, model } = values;
  const counts = [max, current].map(wholeNumber);
  if (counts.some(Number.isNaN)) return t("hw.problem.vcpus");
  if (values.topology !== "" && Number.isNaN(topologySize(values))) return t("hw.problem.topology");
  if (mode === "custom" && model.trim() === "") return t("hw.problem.cpuModel");
  if (Number(current) > Number(max)) {
    const words = `maxvcpus must not be less than current vcpus (${max} < ${current})`;
    return errorText(vmError("xmlError", words));
  }
  if (Number(max) <= most) return null;
  const words = `Maximum CPUs greater than specified machine type limit ${most}`;
  return errorText(vmError("configUnsupported", words));
}
