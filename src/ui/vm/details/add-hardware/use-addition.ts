/** What is being added: its draft, what is wrong with it, and the work that adds it. */
import { useState } from "react";
import type { VmError } from "../../../../protocol/vm-error.ts";
import type { ManagedDomain } from "../../../../virt/manager/objects.ts";
import type { XmlElement } from "../../../../virt/xml/element.ts";
import { parseXml } from "../../../../virt/xml/parse.ts";
import { useApp } from "../../../app/context.tsx";
import { errorText } from "../../../common/error-text.ts";
import type { Translate } from "../../../i18n/catalogue.ts";
import { useManager, useNetworks, usePools, useShell } from "../../../shell/context.tsx";
import { go } from "../../../shell/route.ts";
import { addedId } from "../actions.ts";
import { definitionProblem } from "../model/definition-problem.ts";
import { fieldsOf } from "../model/device-fields.ts";
import { editedDevice, readDevice, withAdded } from "../model/devices.ts";
import { type Values, wrongNumber } from "../model/fields.ts";
import { newDevice, type NewKind } from "../model/new-device.ts";
import { imageBytes, type NewImage, proposedImage } from "../model/new-image.ts";
import { addWithImage } from "./create-image.ts";

/** What was typed of one kind of device. */
interface Typed {
  readonly values: Values;
  /** The XML where that was edited: then it is what counts. */
  readonly xml: string | null;
  /** The image that is to be made for a disk; null where one is there. */
  readonly image: NewImage | null;
}

export interface Addition extends Typed {
  /** The device as it would be added. */
  readonly device: XmlElement;
  readonly set: (change: Partial<Typed>) => void;
  /** What is wrong in the user's words; null while Finish may be pressed. */
  readonly problem: string | null;
  /** What libvirt would say. */
  readonly refusal: VmError | null;
  readonly isBusy: boolean;
  readonly error: string | null;
  readonly finish: () => Promise<void>;
}

export function useAddition(domain: ManagedDomain, kind: NewKind, onDone: () => void): Addition {
  const { t } = useApp();
  const manager = useManager();
  const network = useNetworks()[0]?.name;
  const pools = usePools();
  const [typed, setTyped] = useState<Partial<Record<NewKind, Typed>>>({});
  const work = useWork(domain, kind, onDone);
  const { definition } = domain;
  const current = typed[kind] ?? {
    values: {},
    xml: null,
    image: kind === "disk" ? proposedImage(pools) : null,
  };
  const template = newDevice(kind, { definition, network });
  const values = { ...readDevice(template), ...current.values };
  const device = editedDevice(definition, template, values);
  const make = (): XmlElement =>
    current.xml === null ? device : parseXml(current.xml, "device_definition", template.name);
  return {
    ...current,
    values,
    device,
    set: (change) => {
      work.forgive();
      setTyped({ ...typed, [kind]: { ...current, ...change } });
    },
    problem: problemOf({ ...current, values }, kind, device, t),
    refusal: definitionProblem(() => withAdded(definition, make()), manager.host.type),
    isBusy: work.isBusy,
    error: work.error,
    finish: () => work.run(make, current.image),
  };
}

/** The work that adds it, and what became of it. */
function useWork(domain: ManagedDomain, kind: NewKind, onDone: () => void) {
  const { t, notices } = useApp();
  const { tasks } = useShell();
  const manager = useManager();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const { uuid } = domain;
  const run = async (make: () => XmlElement, image: NewImage | null): Promise<void> => {
    setBusy(true);
    setError(null);
    const name = t(`hw.kind.${kind}`);
    try {
      const attempt = { title: t("hw.adding", { name }), subject: uuid, errorText };
      const refused = await tasks.run(attempt, () => addWithImage(manager, domain, make(), image));
      if (refused) {
        const title = t("hw.addedLater", { name });
        notices.add({ variant: "info", title, text: errorText(refused) });
      }
      onDone();
      const after = manager.domain(uuid);
      const item = after && addedId(domain, after);
      if (item !== undefined) go({ view: "vm", uuid, tab: "details", item });
    } catch (cause) {
      setError(errorText(cause));
      setBusy(false);
    }
  };
  return { isBusy, error, run, forgive: () => setError(null) };
}

function problemOf(
  { values, image, xml }: Typed,
  kind: NewKind,
  { name, attributes }: XmlElement,
  t: Translate,
): string | null {
  if (xml !== null) return null;
  const wrong = wrongNumber(fieldsOf(name, attributes.get("type")), values);
  if (wrong) return t("hw.problem.number", { field: t(wrong.label) });
  if (kind !== "disk") return null;
  if (image) return Number.isNaN(imageBytes(image)) ? t("hw.problem.size") : null;
  return values["source"] === "" ? t("hw.problem.source") : null;
}
