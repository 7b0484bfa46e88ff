/** One device's form. */
import type { ReactNode } from "react";
import type { ManagedDomain } from "../../../virt/manager/objects.ts";
import { find, type XmlElement } from "../../../virt/xml/element.ts";
import { useT } from "../../app/context.tsx";
import type { Translate } from "../../i18n/catalogue.ts";
import { go } from "../../shell/route.ts";
import { isRemovable, type LiveRefusal, updateLive } from "./actions.ts";
import { DeviceFields } from "./device-fields.tsx";
import { FormFrame } from "./form-frame.tsx";
import { fieldsOf } from "./model/device-fields.ts";
import { editedDevice, readDevice, withReplaced } from "./model/devices.ts";
import { type Values, wrongNumber } from "./model/fields.ts";
import { deviceAt, idAt, placeOf } from "./model/hardware.ts";
import { FixedRow } from "./rows.tsx";
import { useChoices } from "./use-capabilities.ts";
import { type FormCalls, type FormModel, useForm } from "./use-form.ts";

interface Props {
  readonly domain: ManagedDomain;
  readonly id: string;
  /** As the definition has it; as it runs where the definition lacks it. */
  readonly device: XmlElement;
  readonly actions: ReactNode;
}

export function DeviceForm({ domain, id, device, actions }: Props) {
  const choices = useChoices(domain);
  const t = useT();
  const form = useForm<Values>(domain, modelOf(domain, id, device, t));
  return (
    <FormFrame form={form} actions={actions}>
      <DeviceFields device={device} values={form.values} set={form.set} choices={choices} />
      <LiveEnd domain={domain} id={id} />
    </FormFrame>
  );
}

/** Where the host finds the other end of a running machine's device. */
function LiveEnd({ domain, id }: Pick<Props, "domain" | "id">) {
  const t = useT();
  const device = domain.live && deviceAt(domain.live, id);
  if (device?.attributes.get("type") !== "pty") return null;
  const path = find(device, "source")?.attributes.get("path");
  return path === undefined ? null : <FixedRow id="hw-pty" label={t("hw.pty")} value={path} />;
}

function modelOf(
  domain: ManagedDomain,
  id: string,
  shown: XmlElement,
  t: Translate,
): FormModel<Values> {
  return {
    read: (definition) => readDevice(deviceAt(definition, id) ?? shown),
    edit: (definition, _change, values) => {
      const device = deviceAt(definition, id);
      if (!device) return definition;
      return withReplaced(definition, id, editedDevice(definition, device, values));
    },
    problem: (values) => {
      const wrong = wrongNumber(fieldsOf(shown.name, shown.attributes.get("type")), values);
      return wrong ? t("hw.problem.number", { field: t(wrong.label) }) : null;
    },
    live: (context) => changeLive(context, id),
    applied: (values) => follow(domain, id, values),
  };
}

/** Media, and what an interface is connected to, can change while the machine runs. */
async function changeLive(
  { manager, domain, change }: FormCalls<Values>,
  id: string,
): Promise<LiveRefusal> {
  const device = domain.live && deviceAt(domain.live, id);
  if (!domain.live || !device) return null;
  const keys = liveKeys(device).filter((key) => change[key] !== undefined);
  if (keys.length === 0) return null;
  const values = { ...readDevice(device) };
  for (const key of keys) values[key] = change[key] ?? "";
  return updateLive(manager, domain, editedDevice(domain.live, device, values));
}

function liveKeys(device: XmlElement): readonly string[] {
  if (isRemovable(device)) return ["source", "type", "format"];
  return device.name === "interface" ? ["type", "source", "link"] : [];
}

/** Another bus, or another MAC address, is another address of what is shown. */
function follow({ definition, uuid }: ManagedDomain, id: string, values: Values): void {
  const device = deviceAt(definition, id);
  if (!device) return;
  const edited = withReplaced(definition, id, editedDevice(definition, device, values));
  const item = idAt(edited, placeOf(definition, id));
  if (item !== undefined && item !== id) go({ view: "vm", uuid, tab: "details", item });
}
