/** Commands as on a host's terminal: virsh, virt-install, qemu-img. */
// A separator that can be moved is a control (ARIA 1.2 §5.4, "separator"); the rules know only the other kind.
/* oxlint-disable jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/no-noninteractive-tabindex */
import "@xterm/xterm/css/xterm.css";
import "./terminal.css";
import { Button } from "@patternfly/react-core";
import TimesIcon from "@patternfly/react-icons/dist/esm/icons/times-icon";
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from "react";
import { useApp } from "../app/context.tsx";
import { EditDialog } from "./edit-dialog.tsx";
import { useTerminal } from "./use-terminal.ts";

/** Parts of the window's height. */
const HEIGHT = { least: 15, most: 85, usual: 40, step: 5 } as const;

export default function TerminalPanel({ onClose }: { readonly onClose: () => void }) {
  const { t } = useApp();
  const { terminal, edit, background } = useTerminal();
  const [height, setHeight] = useState<number>(HEIGHT.usual);
  const place = useRef<HTMLDivElement>(null);
  const closing = useRef<HTMLButtonElement>(null);

  useEffect(() => (place.current ? terminal.mount(place.current) : undefined), [terminal]);
  useEffect(
    () => terminal.follow({ left: onClose, leave: () => closing.current?.focus() }),
    [terminal, onClose],
  );

  return (
    <section
      className="tv-terminal-panel"
      aria-label={t("shell.terminal")}
      style={{ blockSize: `${height}%` }}
    >
      <Splitter height={height} onHeight={setHeight} />
      <header className="tv-terminal-head">
        <h2>{t("shell.terminal")}</h2>
        <span className="tv-subtle">{t("terminal.leave")}</span>
        <Button
          ref={closing}
          variant="plain"
          size="sm"
          icon={<TimesIcon />}
          aria-label={t("terminal.close")}
          onClick={onClose}
        />
      </header>
      <div ref={place} className="tv-terminal" style={{ background }} />
      {edit && <EditDialog text={edit.text} onSave={edit.finish} onCancel={edit.cancel} />}
    </section>
  );
}

interface SplitterProps {
  readonly height: number;
  readonly onHeight: (height: number) => void;
}

function Splitter({ height, onHeight }: SplitterProps) {
  const { t } = useApp();
  const set = (wanted: number): void =>
    onHeight(Math.round(Math.min(HEIGHT.most, Math.max(HEIGHT.least, wanted))));
  const onKeyDown = ({ key }: KeyboardEvent): void => {
    if (key === "ArrowUp") set(height + HEIGHT.step);
    if (key === "ArrowDown") set(height - HEIGHT.step);
  };
  const onPointerMove = (event: PointerEvent): void => {
    if (event.buttons === 1) set(100 - (event.clientY / innerHeight) * 100);
  };
  return (
    <hr
      className="tv-splitter"
      tabIndex={0}
      aria-orientation="horizontal"
      aria-label={t("terminal.height")}
      aria-valuenow={height}
      aria-valuemin={HEIGHT.least}
      aria-valuemax={HEIGHT.most}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={onPointerMove}
    />
  );
}
