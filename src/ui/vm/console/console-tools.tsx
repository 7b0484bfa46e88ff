/** The console's tools. */
import { Button, ToggleGroup, ToggleGroupItem, Tooltip } from "@patternfly/react-core";
import CompressIcon from "@patternfly/react-icons/dist/esm/icons/compress-icon";
import CopyIcon from "@patternfly/react-icons/dist/esm/icons/copy-icon";
import DownloadIcon from "@patternfly/react-icons/dist/esm/icons/download-icon";
import ExpandIcon from "@patternfly/react-icons/dist/esm/icons/expand-icon";
import ExternalLinkAltIcon from "@patternfly/react-icons/dist/esm/icons/external-link-alt-icon";
import PasteIcon from "@patternfly/react-icons/dist/esm/icons/paste-icon";
import SearchIcon from "@patternfly/react-icons/dist/esm/icons/search-icon";
import SearchMinusIcon from "@patternfly/react-icons/dist/esm/icons/search-minus-icon";
import SearchPlusIcon from "@patternfly/react-icons/dist/esm/icons/search-plus-icon";
import UploadIcon from "@patternfly/react-icons/dist/esm/icons/upload-icon";
import { type ReactElement, type Ref, type RefObject, useRef } from "react";
import type { ManagedDomain } from "../../../virt/manager/objects.ts";
import { useApp, usePreferences } from "../../app/context.tsx";
import { save } from "../../common/save.ts";
import type { TerminalSession } from "./terminal-session.ts";
import { FONT_SIZE } from "../../preferences/preferences.ts";
import type { ConsoleDevice } from "./devices.ts";
import { FitTool } from "./fit-tool.tsx";
import { popOut } from "./pop-out.ts";
import { SendMenu } from "./send-menu.tsx";
import { useFullScreen } from "./use-full-screen.ts";
import { useSendText } from "./use-text-drop.ts";

interface Props {
  readonly ref: Ref<HTMLDivElement>;
  readonly domain: ManagedDomain;
  readonly devices: readonly ConsoleDevice[];
  readonly shown: ConsoleDevice;
  readonly session: TerminalSession;
  /** The guest listens. */
  readonly open: boolean;
  readonly alone: boolean;
  /** What full screen shows. */
  readonly whole: RefObject<HTMLDivElement | null>;
  readonly finding: boolean;
  readonly onDevice: (alias: string) => void;
  readonly onFind: () => void;
  readonly onCopy: () => void;
}

export function ConsoleTools(props: Props) {
  const { ref, domain, session, open, finding, onFind, onCopy } = props;
  const { t } = useApp();
  const paste = usePaste(session);
  return (
    <div className="tv-tools" role="toolbar" aria-label={t("console.toolbar")} ref={ref}>
      <Tool label={t("console.find")} icon={<SearchIcon />} pressed={finding} onClick={onFind} />
      <Tool
        label={t("console.copy")}
        hint={t("console.copyHint")}
        icon={<CopyIcon />}
        onClick={onCopy}
      />
      <Tool label={t("console.paste")} icon={<PasteIcon />} disabled={!open} onClick={paste} />
      <UploadTool session={session} disabled={!open} />
      <Tool
        label={t("console.save")}
        icon={<DownloadIcon />}
        onClick={() => save(`${domain.name}.txt`, session.text())}
      />
      <FontSizeTools />
      <WindowTools {...props} />
      <span className="tv-tools-gap" />
      <DeviceChoice {...props} />
      {!session.tellsSize && <FitTool session={session} disabled={!open} />}
      <SendMenu domain={domain} session={session} disabled={!open} />
    </div>
  );
}

/** Which console is shown, where a machine has several. */
function DeviceChoice({ devices, shown, onDevice }: Props) {
  const { t } = useApp();
  if (devices.length < 2) return null;
  return (
    <ToggleGroup isCompact aria-label={t("console.device")}>
      {devices.map(({ alias, name }) => (
        <ToggleGroupItem
          key={alias}
          text={name}
          isSelected={alias === shown.alias}
          onChange={() => onDevice(alias)}
        />
      ))}
    </ToggleGroup>
  );
}

function WindowTools({ domain, shown, alone, whole }: Props) {
  const { t } = useApp();
  const { isFull, toggle } = useFullScreen(whole);
  return (
    <>
      <Tool
        label={t(isFull ? "console.leaveFull" : "console.full")}
        icon={isFull ? <CompressIcon /> : <ExpandIcon />}
        onClick={toggle}
      />
      {!alone && (
        <Tool
          label={t("console.popOut")}
          icon={<ExternalLinkAltIcon />}
          onClick={() => popOut(domain.uuid, shown.alias)}
        />
      )}
    </>
  );
}

function UploadTool({
  session,
  disabled,
}: {
  readonly session: TerminalSession;
  readonly disabled: boolean;
}) {
  const { t } = useApp();
  const input = useRef<HTMLInputElement>(null);
  const send = useSendText(session);
  return (
    <>
      <Tool
        label={t("console.sendFile")}
        hint={t("console.sendFileHint")}
        icon={<UploadIcon />}
        disabled={disabled}
        onClick={() => input.current?.click()}
      />
      <input
        ref={input}
        type="file"
        hidden
        aria-label={t("console.sendFile")}
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          if (file) send(file);
          target.value = "";
        }}
      />
    </>
  );
}

function FontSizeTools() {
  const { t, preferences } = useApp();
  const { fontSize } = usePreferences();
  const change = (by: number) => () => preferences.change({ fontSize: fontSize + by });
  return (
    <>
      <Tool
        label={t("console.smaller")}
        icon={<SearchMinusIcon />}
        disabled={fontSize <= FONT_SIZE.min}
        onClick={change(-1)}
      />
      <Tool
        label={t("console.larger")}
        icon={<SearchPlusIcon />}
        disabled={fontSize >= FONT_SIZE.max}
        onClick={change(1)}
      />
    </>
  );
}

interface ToolProps {
  readonly label: string;
  readonly hint?: string;
  readonly icon: ReactElement;
  readonly disabled?: boolean;
  readonly pressed?: boolean;
  readonly onClick: () => void;
}

function Tool({ label, hint, icon, disabled = false, pressed, onClick }: ToolProps) {
  return (
    <Tooltip content={hint ?? label} aria="none" position="bottom">
      <Button
        variant="plain"
        size="sm"
        aria-label={label}
        {...(pressed !== undefined && { "aria-pressed": pressed, isClicked: pressed })}
        icon={icon}
        isDisabled={disabled}
        onClick={onClick}
      />
    </Tooltip>
  );
}

function usePaste(session: TerminalSession): () => void {
  const { t, notices } = useApp();
  return () => {
    const read = async () => {
      try {
        session.terminal.paste(await navigator.clipboard.readText());
      } catch {
        notices.add({ variant: "danger", title: t("console.pasteDenied") });
      }
      session.terminal.focus();
    };
    void read();
  };
}
