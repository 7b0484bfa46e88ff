/** A serial line cannot tell the guest how large the terminal is: this types it. */
import { Button, Tooltip } from "@patternfly/react-core";
import ExpandArrowsAltIcon from "@patternfly/react-icons/dist/esm/icons/expand-arrows-alt-icon";
import { useApp } from "../../app/context.tsx";
import type { TerminalSession } from "./terminal-session.ts";
import { useTerminalSize } from "./use-terminal-size.ts";

interface Props {
  readonly session: TerminalSession;
  readonly disabled: boolean;
}

export function FitTool({ session, disabled }: Props) {
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
