/** Keys that the browser, the system or a touch keyboard would keep for itself. */
import { DropdownGroup, DropdownItem, DropdownList } from "@patternfly/react-core";
import KeyboardIcon from "@patternfly/react-icons/dist/esm/icons/keyboard-icon";
import type { ManagedDomain } from "../../../virt/manager/objects.ts";
import { useT } from "../../app/context.tsx";
import { Menu } from "../../common/menu.tsx";
import { CONTROL_KEYS, KEYBOARD_KEYS, OTHER_KEYS, SYSRQ_KEYS, sysRqCodes } from "./keys.ts";
import type { TerminalSession } from "./terminal-session.ts";
import { noKeyboard, useKeyboard } from "./use-keyboard.ts";

interface Props {
  readonly domain: ManagedDomain;
  readonly session: TerminalSession;
  readonly disabled: boolean;
}

export function SendMenu({ domain, session, disabled }: Props) {
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
      <Groups domain={domain} session={session} />
    </Menu>
  );
}

type GroupsProps = Omit<Props, "disabled">;

function Groups({ domain, session }: GroupsProps) {
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
      <KeyboardGroup domain={domain} />
      <SysRqGroup domain={domain} session={session} />
    </>
  );
}

/** Keys of the machine's keyboard; without one they are there to say what is missing. */
function KeyboardGroup({ domain }: Pick<Props, "domain">) {
  const t = useT();
  const press = useKeyboard(domain);
  const why = noKeyboard(domain);
  const shown = why === "none" ? KEYBOARD_KEYS.slice(0, 1) : KEYBOARD_KEYS;
  return (
    <DropdownGroup label={t("console.sendKeyboard")}>
      <DropdownList>
        {shown.map(({ label, codes }) => (
          <DropdownItem
            key={label}
            isDisabled={why !== null}
            {...(why !== null && { description: t(`console.noKeyboard.${why}`) })}
            onClick={() => press(codes)}
          >
            {label}
          </DropdownItem>
        ))}
      </DropdownList>
    </DropdownGroup>
  );
}

/** By a break where the console has such: it works without a driver in the guest. Else by the keyboard. */
function SysRqGroup({ domain, session }: GroupsProps) {
  const t = useT();
  const press = useKeyboard(domain);
  if (!session.hasBreak && noKeyboard(domain) !== null) return null;
  return (
    <DropdownGroup label={t("console.sendSysRq")}>
      <DropdownList>
        {SYSRQ_KEYS.map((key) => (
          <DropdownItem
            key={key}
            description={t(`console.sysrq.${key}`)}
            onClick={() => {
              if (session.hasBreak) void session.sendSysRq(key);
              else press(sysRqCodes(key));
            }}
          >
            {`SysRq+${key.toUpperCase()}`}
          </DropdownItem>
        ))}
      </DropdownList>
    </DropdownGroup>
  );
}
