/** Keys that touch keyboards lack, on narrow screens: Ctrl holds for the next key. */
import { Button } from "@patternfly/react-core";
import { useEffect, useState } from "react";
import { useApp } from "../../app/context.tsx";
import type { TerminalSession } from "./terminal-session.ts";
import { controlOf } from "./control-of.ts";

const KEYS = [
  { id: "esc", label: "Esc", text: "\x1b" },
  { id: "tab", label: "Tab", text: "\t" },
  { id: "up", label: "↑", text: "\x1b[A" },
  { id: "down", label: "↓", text: "\x1b[B" },
  { id: "left", label: "←", text: "\x1b[D" },
  { id: "right", label: "→", text: "\x1b[C" },
  { id: "pipe", label: "|", text: "|" },
  { id: "slash", label: "/", text: "/" },
  { id: "minus", label: "-", text: "-" },
] as const;

interface Props {
  readonly session: TerminalSession;
  readonly disabled: boolean;
}

export function KeyBar({ session, disabled }: Props) {
  const { t } = useApp();
  const [ctrl, setCtrl] = useState(false);
  useEffect(() => {
    if (!ctrl) return undefined;
    return session.replaceNext((text) => {
      setCtrl(false);
      return controlOf(text);
    });
  }, [session, ctrl]);
  const send = (text: string) => () => {
    void session.sendText(text);
    session.terminal.focus();
  };
  return (
    <div className="tv-key-bar" role="toolbar" aria-label={t("console.keys")}>
      <Button
        variant={ctrl ? "primary" : "control"}
        size="sm"
        aria-pressed={ctrl}
        isDisabled={disabled}
        onClick={() => {
          setCtrl(!ctrl);
          session.terminal.focus();
        }}
      >
        Ctrl
      </Button>
      {KEYS.map(({ id, label, text }) => (
        <Button
          key={id}
          variant="control"
          size="sm"
          aria-label={t(`console.key.${id}`)}
          isDisabled={disabled}
          onClick={send(text)}
        >
          {label}
        </Button>
      ))}
    </div>
  );
}
