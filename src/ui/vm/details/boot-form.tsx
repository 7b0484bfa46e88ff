/** What the machine boots, and whether it does so by itself. */
import { Button, FormSection } from "@patternfly/react-core";
import { useState } from "react";
import { editDomain } from "../../../virt/conf/domain/view.ts";
import type { ManagedDomain } from "../../../virt/manager/objects.ts";
import { useT } from "../../app/context.tsx";
import { StorageBrowser } from "../../common/storage-browser/storage-browser.tsx";
import type { Translate } from "../../i18n/catalogue.ts";
import { BootOrder } from "./boot-order.tsx";
import { FormFrame } from "./form-frame.tsx";
import { type Boot, readBoot, writeBoot } from "./model/boot.ts";
import { FlagRow, TextRow } from "./rows.tsx";
import { type FormModel, useForm } from "./use-form.ts";

/** What the definition says, and the connection of the machine. */
type BootOptions = Boot & { readonly autostart: string };

const FILES = ["kernel", "initrd", "dtb"] as const;

export function BootForm({ domain }: { readonly domain: ManagedDomain }) {
  const t = useT();
  const form = useForm<BootOptions>(domain, modelOf(domain, t));
  const { values, set } = form;
  return (
    <FormFrame form={form}>
      <FormSection title={t("hw.autostartSection")} titleElement="h3">
        <FlagRow
          id="hw-autostart"
          label={t("hw.autostart")}
          value={values.autostart}
          isDisabled={!domain.isPersistent}
          onChange={(autostart) => set({ autostart })}
        />
      </FormSection>
      <FormSection title={t("hw.bootOrder")} titleElement="h3">
        <FlagRow
          id="hw-boot-menu"
          label={t("hw.bootMenu")}
          value={values.menu}
          onChange={(menu) => set({ menu })}
        />
        <BootOrder
          definition={domain.definition}
          order={values.order}
          onChange={(order) => set({ order })}
        />
      </FormSection>
      <FormSection title={t("hw.directBoot")} titleElement="h3">
        <DirectBoot values={values} set={set} hasDtb={readBoot(domain.definition).dtb !== ""} />
      </FormSection>
    </FormFrame>
  );
}

interface DirectProps {
  readonly values: BootOptions;
  readonly set: (change: Partial<BootOptions>) => void;
  /** Our machine makes its own device tree; other definitions may come with one. */
  readonly hasDtb: boolean;
}

function DirectBoot({ values, set, hasDtb }: DirectProps) {
  const t = useT();
  const [browsing, setBrowsing] = useState<(typeof FILES)[number] | null>(null);
  return (
    <>
      <FlagRow
        id="hw-direct"
        label={t("hw.directBootOn")}
        value={values.direct}
        onChange={(direct) => set({ direct })}
      />
      {values.direct !== "" &&
        FILES.filter((file) => file !== "dtb" || hasDtb).map((file) => (
          <TextRow
            key={file}
            id={`hw-${file}`}
            label={t(`hw.${file}`)}
            value={values[file]}
            onChange={(path) => set({ [file]: path })}
            beside={
              <Button
                variant="secondary"
                aria-label={t("hw.browseFor", { what: t(`hw.${file}`) })}
                onClick={() => setBrowsing(file)}
              >
                {t("hw.browse")}
              </Button>
            }
          />
        ))}
      {values.direct !== "" && (
        <TextRow
          id="hw-cmdline"
          label={t("hw.cmdline")}
          value={values.cmdline}
          onChange={(cmdline) => set({ cmdline })}
        />
      )}
      <StorageBrowser
        isOpen={browsing !== null}
        onClose={() => setBrowsing(null)}
        onChoose={({ path }) => {
          if (browsing) set({ [browsing]: path });
          setBrowsing(null);
        }}
      />
    </>
  );
}

function modelOf({ autostart }: ManagedDomain, t: Translate): FormModel<BootOptions> {
  return {
    read: (definition) => ({ ...readBoot(definition), autostart: autostart ? "yes" : "" }),
    edit: (definition, change, values) =>
      editDomain(definition, (draft) => writeBoot(draft, change, values)),
    problem: (values) => directProblem(values, t),
    calls: async ({ manager, domain, change }) => {
      if (change.autostart === undefined) return;
      await manager.connect.domainSetAutostart(domain.ref, change.autostart !== "");
      await manager.refreshDomain(domain.uuid);
    },
    isInDefinition: (change) => Object.keys(change).some((key) => key !== "autostart"),
  };
}

function directProblem(values: BootOptions, t: Translate): string | null {
  if (values.direct === "" || values.kernel.trim() !== "") return null;
  if (values.initrd.trim() !== "") return t("hw.problem.initrd");
  return t(values.cmdline.trim() === "" ? "hw.problem.kernel" : "hw.problem.cmdline");
}
