/** A disk's fields: its image, its bus, and the rest out of the table. */
import { Button } from "@patternfly/react-core";
import { useState } from "react";
import { StorageVolType } from "../../../virt/driver/storage-flags.ts";
import type { ManagedVolume } from "../../../virt/manager/objects.ts";
import { find } from "../../../virt/xml/element.ts";
import { useT } from "../../app/context.tsx";
import { StorageBrowser } from "../../common/storage-browser/storage-browser.tsx";
import type { DomainChoices } from "./model/choices.ts";
import { fieldsOf } from "./model/device-fields.ts";
import { DISK_BUSES } from "./model/disk.ts";
import type { Values } from "./model/fields.ts";
import { busName } from "./model/hardware-label.ts";
import { ChoiceRow, FixedRow } from "./rows.tsx";
import { TableFields } from "./table-fields.tsx";

interface Props {
  readonly values: Values;
  readonly set: (change: Values) => void;
  readonly choices: DomainChoices;
  readonly hasSource: boolean;
}

const FORMATS = ["raw", "qcow2", "qed", "vdi", "vhdx", "vmdk", "vpc", "luks"] as const;

export function DiskFields({ values, set, choices, hasSource }: Props) {
  const t = useT();
  const { device = "disk", bus = "", format = "" } = values;
  const buses = choices.diskBuses ?? DISK_BUSES;
  return (
    <>
      {hasSource && <SourceRow values={values} set={set} />}
      <FixedRow id="hw-device" label={t("hw.device")} value={t(`hw.device.${kindOf(device)}`)} />
      <ChoiceRow
        id="hw-bus"
        label={t("hw.bus")}
        value={bus}
        options={buses.map((each) => [each, busName(each)])}
        onChange={(value) => set({ bus: value })}
      />
      {hasSource && (
        <ChoiceRow
          id="hw-format"
          label={t("hw.format")}
          value={format}
          options={[["", t("hw.default")], ...FORMATS.map((each) => [each, each] as const)]}
          onChange={(value) => set({ format: value })}
        />
      )}
      <TableFields fields={fieldsOf("disk", undefined)} values={values} set={set} />
    </>
  );
}

function kindOf(device: string): "disk" | "cdrom" | "floppy" | "lun" {
  return device === "cdrom" || device === "floppy" || device === "lun" ? device : "disk";
}

/** The image, of which only a volume of a pool can be chosen; drives can be empty. */
function SourceRow({ values, set }: Pick<Props, "values" | "set">) {
  const t = useT();
  const [browsing, setBrowsing] = useState(false);
  const { source = "", device } = values;
  const isDrive = device === "cdrom" || device === "floppy";
  const choose = (volume: ManagedVolume): void => {
    setBrowsing(false);
    set(sourceOf(volume));
  };
  return (
    <>
      <FixedRow
        id="hw-source"
        label={t("hw.sourcePath")}
        value={source === "" ? t("hw.noMedia") : source}
        beside={
          <>
            <Button variant="secondary" onClick={() => setBrowsing(true)}>
              {t("hw.browse")}
            </Button>
            {isDrive && (
              <Button
                variant="secondary"
                isDisabled={source === ""}
                onClick={() => set({ source: "", type: "file" })}
              >
                {t("hw.eject")}
              </Button>
            )}
          </>
        }
      />
      <StorageBrowser
        isOpen={browsing}
        title={t(isDrive ? "hw.chooseMedia" : "browse.title")}
        onClose={() => setBrowsing(false)}
        onChoose={choose}
      />
    </>
  );
}

/** A disk's values for a volume. */
export function sourceOf({ path, info, definition }: ManagedVolume): Values {
  const format = find(definition, "target", "format")?.attributes.get("type") ?? "raw";
  return {
    source: path,
    type: info.type === StorageVolType.block ? "block" : "file",
    // An ISO image is read as it is.
    format: (FORMATS as readonly string[]).includes(format) ? format : "raw",
  };
}
