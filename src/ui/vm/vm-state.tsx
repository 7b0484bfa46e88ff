/** The machine's state: an icon and a word, what is being done to it, and what went wrong. */
import InProgressIcon from "@patternfly/react-icons/dist/esm/icons/in-progress-icon";
import { useSyncExternalStore } from "react";
import type { ManagedDomain } from "../../virt/manager/objects.ts";
import { useT } from "../app/context.tsx";
import { stateWord, troubleText } from "../common/domain-state.ts";
import { StateIcon } from "../common/state-icon.tsx";
import { useShell } from "../shell/context.tsx";

export function VmState({ domain }: { readonly domain: ManagedDomain }) {
  const t = useT();
  const { tasks } = useShell();
  const doing = useSyncExternalStore(tasks.subscribe, tasks.get).find(
    ({ subject, state }) => subject === domain.uuid && state === "running",
  );
  const word = stateWord(domain);
  const trouble = troubleText(domain, t);
  return (
    <output className="tv-vm-state">
      {doing ? <InProgressIcon className="tv-spin" /> : <StateIcon state={word} />}
      <span>{doing ? doing.title : t(`domainState.${word}`)}</span>
      {trouble !== "" && <span className="tv-subtle">{trouble}</span>}
    </output>
  );
}
