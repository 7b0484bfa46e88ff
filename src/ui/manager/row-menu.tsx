/** The menu of a row, opened by its button or at the pointer: one for all rows. */
import { Dropdown, DropdownList } from "@patternfly/react-core";
import { type RefObject, useLayoutEffect, useRef } from "react";
import type { ManagedDomain } from "../../virt/manager/objects.ts";
import { useApp } from "../app/context.tsx";
import { menuRoomPx } from "../common/menu-room.ts";
import { AllItems } from "../verbs/verb-items.tsx";
import type { MenuAnchor } from "./use-table-events.ts";

interface Props {
  /** Null while no menu is open. */
  readonly anchor: MenuAnchor | null;
  readonly domains: readonly ManagedDomain[];
  readonly onClose: () => void;
}

export function RowMenu({ anchor, domains, onClose }: Props) {
  const { t } = useApp();
  const point = useRef<HTMLSpanElement>(null);
  const opener = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    opener.current = anchor?.kind === "button" ? anchor.button : point.current;
  }, [anchor]);
  const at = anchor?.kind === "point" ? { left: anchor.x, top: anchor.y } : {};
  const close = () => {
    // What opens next returns the focus to where it is then.
    (anchor?.kind === "button" ? anchor.button : anchor?.row)?.focus();
    onClose();
  };
  return (
    <Dropdown
      isOpen={anchor !== null}
      shouldFocusFirstItemOnOpen
      onOpenChange={(isOpen) => !isOpen && close()}
      onSelect={close}
      role="menu"
      isScrollable
      {...(anchor && { maxMenuHeight: `${roomOf(anchor)}px` })}
      aria-label={t("manager.menu")}
      popperProps={{ position: anchor?.kind === "button" ? "end" : "start" }}
      toggle={{
        toggleNode: <span ref={point} className="tv-menu-point" style={at} />,
        toggleRef: opener as RefObject<HTMLButtonElement | null>,
      }}
    >
      <DropdownList>{anchor && <AllItems domains={domains} />}</DropdownList>
    </Dropdown>
  );
}

function roomOf(anchor: MenuAnchor): number {
  if (anchor.kind === "button") return menuRoomPx(anchor.button.getBoundingClientRect());
  return menuRoomPx({ top: anchor.y, bottom: anchor.y });
}
