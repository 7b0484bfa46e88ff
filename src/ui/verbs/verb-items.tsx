/** A menu's items: all verbs for some machines, each enabled exactly when it is legal for one. */
import { Divider, DropdownItem } from "@patternfly/react-core";
import type { ReactNode } from "react";
import type { ManagedDomain } from "../../virt/manager/objects.ts";
import { useApp } from "../app/context.tsx";
import { useManager } from "../shell/context.tsx";
import { go } from "../shell/route.ts";
import { useCopyXml } from "./use-copy-xml.ts";
import { type UserVerb, useVerbs } from "./verbs.tsx";

const DANGEROUS: ReadonlySet<UserVerb> = new Set(["destroy", "undefine"]);

/** Those that end what runs: virt-manager's "Shut Down" menu. */
const POWER_VERBS = ["shutdown", "reboot", "reset", "destroy"] as const;

interface Props {
  readonly domains: readonly ManagedDomain[];
}

/** Items of verbs; several in a row of a menu. */
function useItem(domains: readonly ManagedDomain[]): (verb: UserVerb) => ReactNode {
  const { t } = useApp();
  const verbs = useVerbs();
  return (verb) => {
    const legal = verbs.canAsk(verb, domains);
    return (
      <DropdownItem
        key={verb}
        isDisabled={!legal}
        isDanger={legal && DANGEROUS.has(verb)}
        onClick={() => verbs.ask(verb, domains)}
      >
        {t(labelOf(verb, domains))}
      </DropdownItem>
    );
  };
}

function labelOf(verb: UserVerb, domains: readonly ManagedDomain[]) {
  if (verb === "create" && domains.length > 0 && domains.every((each) => each.hasManagedSave)) {
    return "verb.restore";
  }
  if (verb === "setAutostart") {
    return domains.every(({ autostart }) => autostart) ? "verb.autostartOff" : "verb.autostartOn";
  }
  return `verb.${verb}` as const;
}

export function PowerItems({ domains }: Props) {
  const { host } = useManager();
  const item = useItem(domains);
  return (
    <>
      {POWER_VERBS.map(item)}
      {host.canSave && item("managedSave")}
    </>
  );
}

/** What is done to a machine besides its power. */
export function MoreItems({ domains }: Props) {
  const { t } = useApp();
  const { host } = useManager();
  const copyXml = useCopyXml();
  const item = useItem(domains);
  const [first] = domains;
  const single = domains.length === 1 ? first : undefined;
  return (
    <>
      {item("labels")}
      {item("rename")}
      {item("clone")}
      {item("setAutostart")}
      {host.canSave && item("managedSaveRemove")}
      <DropdownItem key="xml" isDisabled={!single} onClick={() => single && void copyXml(single)}>
        {t("verb.copyXml")}
      </DropdownItem>
      <Divider component="li" key="before-delete" />
      {item("undefine")}
    </>
  );
}

/** All of a machine's menu. */
export function AllItems({ domains }: Props) {
  const { t } = useApp();
  const item = useItem(domains);
  const [first] = domains;
  const single = domains.length === 1 ? first : undefined;
  return (
    <>
      {single && (
        <DropdownItem
          key="open"
          onClick={() => go({ view: "vm", uuid: single.uuid, tab: "console" })}
        >
          {t("verb.open")}
        </DropdownItem>
      )}
      {item("create")}
      {item("suspend")}
      {item("resume")}
      <Divider component="li" key="before-power" />
      <PowerItems domains={domains} />
      <Divider component="li" key="before-more" />
      <MoreItems domains={domains} />
    </>
  );
}
