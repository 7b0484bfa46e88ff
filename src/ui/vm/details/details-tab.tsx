/** The machine's hardware: a list, and the form of what is chosen. */
import "./details.css";
import { useEffect, useMemo, useRef, useState } from "react";
import type { ManagedDomain } from "../../../virt/manager/objects.ts";
import { EditGuard, EditGuardProvider, useHeldNavigation } from "./edit-guard.ts";
import { HardwareList } from "./hardware-list.tsx";
import { ItemPanel, type PanelTab } from "./item-panel.tsx";
import { LeaveDialog } from "./leave-dialog.tsx";

interface Props {
  readonly domain: ManagedDomain;
  readonly item: string | undefined;
}

export default function DetailsTab({ domain, item = "overview" }: Props) {
  const guard = useMemo(() => new EditGuard(), []);
  const [leaving, setLeaving] = useState<(() => void) | null>(null);
  const [tab, setTab] = useState<PanelTab>("form");
  useEffect(() => {
    guard.listen((proceed) => setLeaving(() => proceed));
  }, [guard]);
  useHeldNavigation(guard);
  useFocusKept(item);
  return (
    <EditGuardProvider value={guard}>
      <div className="tv-details">
        <HardwareList domain={domain} shown={item} />
        <ItemPanel
          key={`${domain.uuid} ${item} ${tab}`}
          domain={domain}
          item={item}
          tab={tab}
          onTab={(next) => guard.leave(() => setTab(next))}
        />
      </div>
      {leaving && (
        <LeaveDialog
          guard={guard}
          onStay={() => setLeaving(null)}
          onLeave={() => {
            setLeaving(null);
            leaving();
          }}
        />
      )}
    </EditGuardProvider>
  );
}

/** Where what had the focus is gone with what was shown, the list's entry gets it. */
function useFocusKept(item: string): void {
  const before = useRef(item);
  useEffect(() => {
    if (before.current === item) return;
    before.current = item;
    if (document.activeElement !== document.body) return;
    document.querySelector<HTMLElement>(".tv-hw-list [aria-current]")?.focus();
  }, [item]);
}
