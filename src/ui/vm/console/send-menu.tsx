/** Keys that the browser, the system or a touch keyboard would keep for itself. */
import { DropdownGroup, DropdownItem, DropdownList } from "@patternfly/react-core";
import KeyboardIcon from "@patternfly/react-icons/dist/esm/icons/keyboard-icon";
import { useT } from "../../app/context.tsx";
import { Menu } from "../../common/menu.tsx";
import { CONTROL_KEYS, OTHER_KEYS, SYSRQ_KEYS } from "./keys.ts";
import type { TerminalSession } from "./terminal-session.ts";

interface Props {
  readonly session: TerminalSession;
  readonly disabled: boolean;
}

export function SendMenu({ session, disabled }: Props) {
  const t = useT();
  return (
    <Menu
      label={t("console.send")}
      icon={<KeyboardIcon />}
      variant="default"
      size="sm"
      disabled={disabled}
      grouped
      onChosen={() => session.terminal.focus()}
    >
      <Groups session={session} />
    </Menu>
  );
}

function Groups({ session }: { readonly session: TerminalSession }) {
  const t = useT();
  return (
    <>
      <DropdownGroup label={t("console.sendCtrl")}>
        <DropdownList>
          {CONTROL_KEYS.map(({ id, label, text }) => (
            <DropdownItem
              key={id}
              description={t(`console.ctrl.${id}`)}
              onClick={() => void session.sendText(text)}
            >
              {label}
            </DropdownItem>
          ))}
        </DropdownList>
      </DropdownGroup>
      <DropdownGroup label={t("console.sendOther")}>
        <DropdownList>
          {OTHER_KEYS.map(({ id, label, text }) => (
            <DropdownItem key={id} onClick={() => void session.sendText(text)}>
              {label}
            </DropdownItem>
          ))}
          {session.hasBreak && (
            <DropdownItem onClick={() => void session.sendBreak()}>
              {t("console.break")}
            </DropdownItem>
          )}
        </DropdownList>
      </DropdownGroup>
      {session.hasBreak && <SysRqGroup session={session} />}
    </>
  );
}

function SysRqGroup({ session }: { readonly session: TerminalSession }) {
  const t = useT();
  return (
    <DropdownGroup label={t("console.sendSysRq")}>
      <DropdownList>
        {SYSRQ_KEYS.map((key) => (
          <DropdownItem
            key={key}
            description={t(`console.sysrq.${key}`)}
            onClick={() => void session.sendSysRq(key)}
          >
            {`SysRq+${key.toUpperCase()}`}
          </DropdownItem>
        ))}
      </DropdownList>
    </DropdownGroup>
  );
}
