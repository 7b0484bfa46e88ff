/** The machine's name, words about it, and its firmware. */
import { Button, FormSection } from "@patternfly/react-core";
import { type ReactNode, useState } from "react";
import type { ManagedDomain } from "../../../virt/manager/objects.ts";
import { useT } from "../../app/context.tsx";
import { StorageBrowser } from "../../common/storage-browser/storage-browser.tsx";
import { useDomains } from "../../shell/context.tsx";
import { FormFrame } from "./form-frame.tsx";
import {
  type Firmware,
  FIRMWARES,
  type Overview,
  type Platform,
  platformOf,
} from "./model/overview.ts";
import { overviewModel } from "./overview-model.ts";
import { AreaRow, ChoiceRow, FixedRow, TextRow } from "./rows.tsx";
import { useForm } from "./use-form.ts";

interface Props {
  readonly domain: ManagedDomain;
}

export function OverviewForm({ domain }: Props) {
  const t = useT();
  const others = useDomains().filter(({ uuid }) => uuid !== domain.uuid);
  const form = useForm<Overview>(domain, overviewModel(others, t));
  const { values, set } = form;
  const isActive = domain.live !== null;
  return (
    <FormFrame form={form}>
      <FormSection title={t("hw.basics")} titleElement="h3">
        <TextRow
          id="hw-name"
          label={t("hw.name")}
          value={values.name}
          isDisabled={isActive}
          hint={isActive ? t("hw.nameHint") : undefined}
          onChange={(name) => set({ name })}
        />
        <FixedRow id="hw-uuid" label={t("hw.uuid")} value={domain.uuid} />
        <TextRow
          id="hw-title"
          label={t("hw.title")}
          value={values.title}
          onChange={(title) => set({ title })}
        />
        <AreaRow
          id="hw-description"
          label={t("hw.description")}
          value={values.description}
          onChange={(description) => set({ description })}
        />
        <TextRow
          id="hw-group"
          label={t("labels.group")}
          value={values.group}
          onChange={(group) => set({ group })}
        />
        <TextRow
          id="hw-tags"
          label={t("labels.tags")}
          value={values.tags}
          hint={t("labels.tagsHint")}
          onChange={(tags) => set({ tags })}
        />
      </FormSection>
      <FormSection title={t("hw.hypervisor")} titleElement="h3">
        <PlatformRows platform={platformOf(domain.definition)} />
        <FirmwareRows domain={domain} values={values} set={set} />
      </FormSection>
    </FormFrame>
  );
}

function PlatformRows({ platform }: { readonly platform: Platform }): ReactNode {
  const t = useT();
  return (["type", "arch", "emulator", "machine"] as const)
    .filter((name) => platform[name] !== "")
    .map((name) => (
      <FixedRow
        key={name}
        id={`hw-platform-${name}`}
        label={t(`hw.platform.${name}`)}
        value={platform[name]}
      />
    ));
}

interface FirmwareProps extends Props {
  readonly values: Overview;
  readonly set: (change: Partial<Overview>) => void;
}

function FirmwareRows({ domain, values, set }: FirmwareProps) {
  const t = useT();
  const [browsing, setBrowsing] = useState(false);
  const isRiscv = platformOf(domain.definition).arch.startsWith("riscv");
  const own = t(isRiscv ? "hw.firmware.opensbi" : "hw.firmware.bios");
  return (
    <>
      <ChoiceRow
        id="hw-firmware"
        label={t("hw.firmware")}
        value={values.firmware}
        options={FIRMWARES.map((each) => [
          each,
          each === "default" ? own : t(`hw.firmware.${each}`),
        ])}
        onChange={(firmware) => set({ firmware: firmware as Firmware, loader: "" })}
      />
      {values.firmware === "rom" && (
        <TextRow
          id="hw-loader"
          label={t("hw.loader")}
          value={values.loader}
          onChange={(loader) => set({ loader })}
          beside={
            <Button variant="secondary" onClick={() => setBrowsing(true)}>
              {t("hw.browse")}
            </Button>
          }
        />
      )}
      <StorageBrowser
        isOpen={browsing}
        title={t("hw.chooseFirmware")}
        onClose={() => setBrowsing(false)}
        onChoose={({ path }) => {
          setBrowsing(false);
          set({ loader: path });
        }}
      />
    </>
  );
}
