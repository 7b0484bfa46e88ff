/** The XML of what is chosen, to be edited: a device's, else the whole definition. */
import { type ReactNode, useEffect, useState } from "react";
import { vmError } from "../../../protocol/vm-error.ts";
import { domainUuid } from "../../../virt/conf/domain/view.ts";
import type { ManagedDomain } from "../../../virt/manager/objects.ts";
import type { XmlElement } from "../../../virt/xml/element.ts";
import { formatXml } from "../../../virt/xml/format.ts";
import { parseXml } from "../../../virt/xml/parse.ts";
import { useT } from "../../app/context.tsx";
import { XmlText } from "../../common/xml-text.tsx";
import { useManager } from "../../shell/context.tsx";
import { wholeDefinition } from "./actions.ts";
import { FormFrame } from "./form-frame.tsx";
import { withReplaced } from "./model/devices.ts";
import { deviceAt } from "./model/hardware.ts";
import { errorLineOf } from "../../common/error-line.ts";
import { type FormModel, useForm } from "./use-form.ts";

type Xml = { readonly xml: string };

interface Props {
  readonly domain: ManagedDomain;
  /** A device's id; the whole definition without one. */
  readonly id: string | null;
  readonly label: string;
  /** What is shown where the definition lacks the device. */
  readonly device: XmlElement | null;
  readonly actions?: ReactNode;
}

export function XmlForm({ domain, id, label, device, actions }: Props) {
  const t = useT();
  const definition = useWholeDefinition(domain);
  const model = id === null ? WHOLE : deviceModel(id, device);
  const form = useForm<Xml>(domain, model, definition);
  return (
    <FormFrame form={form} actions={actions} isWide>
      <XmlText
        label={t("hw.xmlOf", { name: label })}
        value={form.values.xml}
        errorLine={form.refusal && errorLineOf(form.refusal.message)}
        onChange={(xml) => form.set({ xml })}
      />
    </FormFrame>
  );
}

/** The manager's snapshots are without passwords; what is defined anew must not lose them. */
function useWholeDefinition(domain: ManagedDomain): XmlElement {
  const manager = useManager();
  const [whole, setWhole] = useState<{ of: XmlElement; tree: XmlElement } | null>(null);
  useEffect(() => {
    let wanted = true;
    wholeDefinition(manager, domain).then(
      (tree) => wanted && setWhole({ of: domain.definition, tree }),
      () => {
        // A connection that may not see secrets shows what it may.
      },
    );
    return () => void (wanted = false);
  }, [manager, domain]);
  return whole?.of === domain.definition ? whole.tree : domain.definition;
}

const WHOLE: FormModel<Xml> = {
  read: (definition) => ({ xml: formatXml(definition) }),
  edit: (definition, _change, { xml }) => {
    const edited = parseXml(xml, "domain_definition", "domain");
    // Another UUID would be another machine.
    if (domainUuid(edited) !== domainUuid(definition)) {
      throw vmError("operationInvalid", "Cannot change the UUID of a domain");
    }
    return edited;
  },
};

function deviceModel(id: string, shown: XmlElement | null): FormModel<Xml> {
  return {
    read: (definition) => {
      const device = deviceAt(definition, id) ?? shown;
      return { xml: device ? formatXml(device) : "" };
    },
    edit: (definition, _change, { xml }) => {
      const name = deviceAt(definition, id)?.name;
      return withReplaced(definition, id, parseXml(xml, "device_definition", name));
    },
  };
}
