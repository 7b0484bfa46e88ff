/** A button that opens a menu. */
import {
  Dropdown,
  DropdownList,
  MenuToggle,
  type MenuToggleElement,
  type MenuToggleProps,
} from "@patternfly/react-core";
import { type MouseEvent, type ReactNode, type Ref, useState } from "react";
import { menuRoomPx } from "./menu-room.ts";

interface Props {
  readonly label?: string;
  /** Where the label does not say enough. */
  readonly accessibleName?: string;
  readonly icon: ReactNode;
  readonly variant: "secondary" | "plain" | "plainText" | "default";
  readonly size?: "sm";
  readonly disabled?: boolean;
  /** Long menus bring their own lists. */
  readonly grouped?: boolean;
  readonly children: ReactNode;
  /** Called with the item's value after one was chosen. */
  readonly onChosen?: (value: unknown) => void;
}

export function Menu({ grouped = false, onChosen, children, ...look }: Props) {
  const [open, setOpen] = useState(false);
  const [roomPx, setRoomPx] = useState(0);
  const turn = ({ currentTarget }: MouseEvent): void => {
    setRoomPx(menuRoomPx(currentTarget.getBoundingClientRect()));
    setOpen(!open);
  };
  const toggle = (ref: Ref<MenuToggleElement>): ReactNode =>
    menuToggle({ ...look, ref, open, onClick: turn });
  return (
    <Dropdown
      isOpen={open}
      onOpenChange={setOpen}
      shouldFocusToggleOnSelect={!onChosen}
      isScrollable
      {...(!grouped && { maxMenuHeight: `${roomPx}px` })}
      popperProps={{ position: "end" }}
      toggle={toggle}
      onSelect={(_, value) => {
        setOpen(false);
        onChosen?.(value);
      }}
    >
      {grouped ? children : <DropdownList>{children}</DropdownList>}
    </Dropdown>
  );
}

interface ToggleLook extends Omit<Props, "children" | "grouped" | "onChosen"> {
  readonly ref: Ref<MenuToggleElement>;
  readonly open: boolean;
  readonly onClick: (event: MouseEvent) => void;
}

function menuToggle({ label, accessibleName, disabled = false, open, size, ...rest }: ToggleLook) {
  const more: MenuToggleProps = {
    ...(size && { size }),
    ...(accessibleName !== undefined && { "aria-label": accessibleName }),
  };
  return (
    <MenuToggle {...rest} {...more} isExpanded={open} isDisabled={disabled}>
      {label}
    </MenuToggle>
  );
}
