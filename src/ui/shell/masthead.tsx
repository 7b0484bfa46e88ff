/** The bar at the top: where home is, the connection, the terminal, the preferences. */
import { Button, Label, Tooltip } from "@patternfly/react-core";
import CogIcon from "@patternfly/react-icons/dist/esm/icons/cog-icon";
import NetworkIcon from "@patternfly/react-icons/dist/esm/icons/network-icon";
import TerminalIcon from "@patternfly/react-icons/dist/esm/icons/terminal-icon";
import { useApp } from "../app/context.tsx";
import { Logo } from "../app/logo.tsx";
import { useManager } from "./context.tsx";
import { hrefOf } from "./route.ts";
import { TaskButton } from "./task-button.tsx";

interface Props {
  /** Whether the terminal is open. */
  readonly terminal: boolean;
  readonly onTerminal: () => void;
  /** Whether the task log is open. */
  readonly taskLog: boolean;
  readonly onTaskLog: () => void;
}

export function ShellMasthead({ terminal, onTerminal, taskLog, onTaskLog }: Props) {
  const { t } = useApp();
  const { host } = useManager();
  return (
    <header className="tv-masthead">
      <a href={hrefOf({ view: "manager" })} aria-label={t("app.home")} className="tv-logo">
        <Logo />
        <span className="tv-brand">{t("app.name")}</span>
      </a>
      <span className="tv-tagline">{t("app.tagline")}</span>
      <span className="tv-masthead-tools">
        {host.type === "TEST" && (
          <Tooltip content={t("app.testConnection")}>
            <Label color="yellow" tabIndex={0}>
              {t("app.test")}
            </Label>
          </Tooltip>
        )}
        <Button
          variant="plain"
          component="a"
          href={hrefOf({ view: "connection", tab: "overview" })}
          className="tv-tool-text"
          aria-label={t("shell.connection")}
          icon={<NetworkIcon />}
        >
          {t("shell.connection")}
        </Button>
        <Button
          variant="plain"
          className="tv-tool-text"
          aria-label={t("shell.terminal")}
          aria-expanded={terminal}
          onClick={onTerminal}
          icon={<TerminalIcon />}
        >
          {t("shell.terminal")}
        </Button>
        <TaskButton isOpen={taskLog} onToggle={onTaskLog} />
        <Button
          variant="plain"
          component="a"
          href={hrefOf({ view: "preferences" })}
          icon={<CogIcon />}
          aria-label={t("app.preferences")}
        />
      </span>
    </header>
  );
}
