/** The console's tools. */
import { Button, ToggleGroup, ToggleGroupItem, Tooltip } from "@patternfly/react-core";
import CopyIcon from "@patternfly/react-icons/dist/esm/icons/copy-icon";
import DownloadIcon from "@patternfly/react-icons/dist/esm/icons/download-icon";
import ExpandArrowsAltIcon from "@patternfly/react-icons/dist/esm/icons/expand-arrows-alt-icon";
import PasteIcon from "@patternfly/react-icons/dist/esm/icons/paste-icon";
import SearchIcon from "@patternfly/react-icons/dist/esm/icons/search-icon";
import SearchMinusIcon from "@patternfly/react-icons/dist/esm/icons/search-minus-icon";
import SearchPlusIcon from "@patternfly/react-icons/dist/esm/icons/search-plus-icon";
import type { ReactElement, Ref } from "react";
import type { ConsoleDevice } from "../../virt/console.ts";
import type { Domain } from "../../virt/domain.ts";
import { useApp, usePreferences } from "../app/context.tsx";
import { FONT_SIZE } from "../preferences/preferences.ts";
import { SendMenu } from "./send-menu.tsx";
import type { TerminalSession } from "./terminal-session.ts";
import { useTerminalSize } from "./use-terminal-size.ts";

interface Props {
  readonly ref: Ref<HTMLDivElement>;
  readonly domain: Domain;
  readonly session: TerminalSession;
  readonly device: ConsoleDevice;
  readonly onDevice: (device: ConsoleDevice) => void;
  readonly finding: boolean;
  readonly onFind: () => void;
  readonly onCopy: () => void;
}

export function ConsoleToolbar(props: Props) {
  const { ref, domain, session, finding, onFind, onCopy } = props;
  const { t } = useApp();
  const running = domain.state === "running";
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
      <Tool label={t("console.paste")} icon={<PasteIcon />} disabled={!running} onClick={paste} />
      <FontSizeTools />
      <Tool
        label={t("console.save")}
        icon={<DownloadIcon />}
        onClick={() => save(`${domain.definition.name}.txt`, session.text())}
      />
      <span className="tv-tools-gap" />
      <DeviceChoice {...props} />
      {!session.tellsSize && <FitTool session={session} disabled={!running} />}
      <SendMenu session={session} disabled={!running} />
    </div>
  );
}

/** Which console is shown, where a machine has several. */
function DeviceChoice({ domain, device, onDevice }: Props) {
  const { t, connection } = useApp();
  const devices = connection.consoles(domain.definition.uuid);
  if (devices.length < 2) return null;
  return (
    <ToggleGroup isCompact aria-label={t("console.device")}>
      {devices.map((each) => (
        <ToggleGroupItem
          key={each}
          text={t(`console.device.${each}`)}
          isSelected={each === device}
          onChange={() => onDevice(each)}
        />
      ))}
    </ToggleGroup>
  );
}

interface FitProps {
  readonly session: TerminalSession;
  readonly disabled: boolean;
}

/** A serial line cannot tell the guest how large the terminal is: this types it. */
function FitTool({ session, disabled }: FitProps) {
  const { t } = useApp();
  const size = useTerminalSize(session);
  const fit = () => {
    void session.sendText(`stty rows ${size.rows} cols ${size.columns}\r`);
    session.terminal.focus();
  };
  return (
    <Tooltip content={t("console.fitHint", size)} position="bottom">
      <Button
        variant="control"
        size="sm"
        className="tv-tool-text"
        aria-label={t("console.fit")}
        icon={<ExpandArrowsAltIcon />}
        isDisabled={disabled}
        onClick={fit}
      >
        {t("console.fit")}
      </Button>
    </Tooltip>
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

/** Hands text to the user as a file. */
function save(fileName: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(url);
}
