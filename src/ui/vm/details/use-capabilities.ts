/** What the driver can give a domain of this kind: virConnectGetDomainCapabilities. */
import { useEffect, useState } from "react";
import type { ManagedDomain } from "../../../virt/manager/objects.ts";
import { parseXml } from "../../../virt/xml/parse.ts";
import { useManager } from "../../shell/context.tsx";
import { type DomainChoices, NO_CHOICES, readChoices } from "./model/choices.ts";
import { platformOf } from "./model/overview.ts";

/** Nothing is known until the driver has answered, or where it has no such call. */
export function useChoices(domain: ManagedDomain): DomainChoices {
  const { connect } = useManager();
  const { type, arch, machine, emulator } = platformOf(domain.definition);
  const [choices, setChoices] = useState(NO_CHOICES);
  useEffect(() => {
    let wanted = true;
    const some = (text: string): string | null => (text === "" ? null : text);
    connect
      .connectGetDomainCapabilities(some(emulator), some(arch), some(machine), some(type), 0)
      .then(
        (text) => {
          if (wanted) setChoices(readChoices(parseXml(text, "(domain_capabilities)")));
        },
        () => {
          // Then there is nothing to choose from but what libvirt knows.
        },
      );
    return () => void (wanted = false);
  }, [connect, type, arch, machine, emulator]);
  return choices;
}
