/** Above the terminal of a machine that is not active: why, what it said last, and how to go on. */
import { Alert, AlertActionLink } from "@patternfly/react-core";
import { useEffect, useState } from "react";
import type { DomainConsole } from "../../../virt/console.ts";
import { DomainShutoffReason, DomainState } from "../../../virt/driver/domain-flags.ts";
import type { DomainEnd } from "../../../virt/driver/tabvisor-calls.ts";
import { followStart } from "../../../virt/manager/follow-start.ts";
import type { ManagedDomain } from "../../../virt/manager/objects.ts";
import { useApp } from "../../app/context.tsx";
import { save } from "../../common/save.ts";
import { useDoing } from "../use-doing.ts";
import { DoingPanel } from "./doing-panel.tsx";
import { lastLines } from "./last-lines.ts";
import { useManager, useTask } from "../../shell/context.tsx";

/** Enough for a kernel's panic message with its first lines. */
const LINES = 6;

interface Props {
  readonly domain: ManagedDomain;
  readonly console: DomainConsole;
}

export function EndedPanel({ domain, console }: Props) {
  const { t } = useApp();
  const start = useStart(domain);
  const end = useEnd(domain);
  const { name, state, reason, uuid } = domain;
  const doing = useDoing(uuid);
  if (state !== DomainState.shutoff && state !== DomainState.crashed) return null;
  if (doing?.cancel) return <DoingPanel task={doing} />;
  const crashed = state === DomainState.crashed || reason === DomainShutoffReason.crashed;
  const failed = reason === DomainShutoffReason.failed && !crashed;
  const variant = crashed || failed ? "danger" : "info";
  const title = t(
    failed ? "domain.failedTitle" : crashed ? "domain.crashedTitle" : "domain.shutoffTitle",
    { name },
  );
  const said = console.backlog().length > 0;
  return (
    <Alert
      className="tv-ended"
      isInline
      component="h2"
      variant={variant}
      variantLabel={t(`alert.${variant}`)}
      title={title}
      actionLinks={
        <>
          <AlertActionLink onClick={start}>
            {t(crashed ? "console.restart" : said ? "action.runAgain" : "action.run")}
          </AlertActionLink>
          {(said || crashed) && (
            <AlertActionLink onClick={() => save(`${name}.log`, logOf(console, end))}>
              {t("console.downloadLog")}
            </AlertActionLink>
          )}
        </>
      }
    >
      {endText(domain, end, t)}
      {crashed && <Trace console={console} end={end} />}
    </Alert>
  );
}

function useStart({ ref, uuid, state, name }: ManagedDomain): () => void {
  const { t } = useApp();
  const manager = useManager();
  const run = useTask();
  return () =>
    void run(
      { title: t("console.starting", { name }), subject: uuid, canCancel: true },
      async (control) => {
        // A crashed one that was kept is still there.
        if (state === DomainState.crashed) await manager.connect.domainDestroyFlags(ref, 0);
        try {
          await followStart(manager.connect, uuid, control, () =>
            manager.connect.domainCreateWithFlags(ref, 0),
          );
        } finally {
          // A start that fails makes no event.
          await manager.refreshDomain(uuid);
        }
      },
    );
}

/** How its last run ended; null while that is not known, or where drivers do not tell. */
function useEnd({ ref, uuid, state, reason }: ManagedDomain): DomainEnd | null {
  const { connect } = useManager();
  const [end, setEnd] = useState<DomainEnd | null>(null);
  useEffect(() => {
    let wanted = true;
    const show = (found: DomainEnd | null): void => {
      if (wanted) setEnd(found);
    };
    connect.domainGetEnd(ref).then(show, () => show(null));
    return () => {
      wanted = false;
    };
    // The reference is a new object with every snapshot.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [connect, uuid, state, reason]);
  return end;
}

function endText(
  { reason, state }: ManagedDomain,
  end: DomainEnd | null,
  t: ReturnType<typeof useApp>["t"],
): string {
  const message = end?.message ?? "";
  if (state === DomainState.crashed || reason === DomainShutoffReason.crashed) {
    return message === "" ? t("console.crashed") : t("reason.crashed", { message });
  }
  switch (reason) {
    case DomainShutoffReason.failed:
      return message === "" ? "" : t("reason.failed", { message });
    case DomainShutoffReason.destroyed:
      return t("reason.destroyed");
    case DomainShutoffReason.shutdown:
      return t("reason.shutdown");
    default:
      return "";
  }
}

function Trace({
  console,
  end,
}: {
  readonly console: DomainConsole;
  readonly end: DomainEnd | null;
}) {
  const { t } = useApp();
  const lines = lastLines(console.backlog(), LINES);
  const { remarks, registers } = end ?? { remarks: [], registers: "" };
  return (
    <>
      <Fold title={t("domain.lastLines")} text={lines.join("\n")} />
      <Fold title={t("console.trace")} text={remarks.join("\n")} />
      <Fold title={t("console.registers")} text={registers} />
    </>
  );
}

/** Nothing where there is no text. */
function Fold({ title, text }: { readonly title: string; readonly text: string }) {
  if (text === "") return null;
  return (
    <details className="tv-last-lines">
      <summary>{title}</summary>
      {/* What scrolls must be reached with the keyboard (WCAG 2.1.1). */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre tabIndex={0} aria-label={title}>
        {text}
      </pre>
    </details>
  );
}

function logOf(console: DomainConsole, end: DomainEnd | null): string {
  const output = new TextDecoder().decode(console.backlog());
  const { remarks, registers } = end ?? { remarks: [], registers: "" };
  return [output.trimEnd(), ...remarks, registers].join("\n").trimEnd() + "\n";
}
