/** The machine's state: an icon and a word, what is being done to it, and what went wrong. */
import InProgressIcon from "@patternfly/react-icons/dist/esm/icons/in-progress-icon";
import type { ManagedDomain } from "../../virt/manager/objects.ts";
import { useT } from "../app/context.tsx";
import { stateWord, troubleText } from "../common/domain-state.ts";
import { StateIcon } from "../common/state-icon.tsx";
import { bytesText } from "../shell/task-progress.tsx";
import { useDoing } from "./use-doing.ts";

export function VmState({ domain }: { readonly domain: ManagedDomain }) {
  const t = useT();
  const doing = useDoing(domain.uuid);
  const word = stateWord(domain);
  const trouble = troubleText(domain, t);
  return (
    <span className="tv-vm-state">
      {doing ? <InProgressIcon className="tv-spin" /> : <StateIcon state={word} />}
      {doing && <span>{doing.title}</span>}
      {doing?.progress && <span className="tv-subtle">{bytesText(doing.progress, t)}</span>}
      {/* The task log tells of what is under way. */}
      <output>{doing ? "" : t(`domainState.${word}`)}</output>
      {trouble !== "" && <span className="tv-subtle">{trouble}</span>}
    </span>
  );
}
