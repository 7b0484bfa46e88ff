/** The fields of any device. */
import type { XmlElement } from "../../../virt/xml/element.ts";
import { useT } from "../../app/context.tsx";
import { DiskFields } from "./disk-fields.tsx";
import { InterfaceFields } from "./interface-fields.tsx";
import type { DomainChoices } from "./model/choices.ts";
import { fieldsOf } from "./model/device-fields.ts";
import type { Values } from "./model/fields.ts";
import { summaryOf } from "./model/summary.ts";
import { FixedRow } from "./rows.tsx";
import { TableFields } from "./table-fields.tsx";

interface Props {
  readonly device: XmlElement;
  readonly values: Values;
  readonly set: (change: Values) => void;
  readonly choices: DomainChoices;
  /** Whether a disk's image is chosen here; it is not where one is made. */
  readonly hasSource?: boolean;
}

export function DeviceFields({ device, values, set, choices, hasSource = true }: Props) {
  if (device.name === "disk") return <DiskFields {...{ values, set, choices, hasSource }} />;
  if (device.name === "interface") return <InterfaceFields values={values} set={set} />;
  const fields = fieldsOf(device.name, device.attributes.get("type"));
  if (fields.length === 0) return <Summary device={device} />;
  return (
    <TableFields
      fields={fields}
      values={values}
      set={set}
      narrowed={{ backend: choices.rngBackends }}
    />
  );
}

/** What is there of a device that there is no form for. */
function Summary({ device }: { readonly device: XmlElement }) {
  const t = useT();
  return (
    <>
      <p>{t("hw.noForm")}</p>
      {summaryOf(device).map(([name, value]) => (
        <FixedRow key={name} id={`hw-${name}`} label={name} value={value} />
      ))}
    </>
  );
}
