/** The host check: what this browser gives to machines, and what to do about the rest. */
/* oxlint-disable jsx-a11y/no-redundant-roles, jsx-a11y/no-interactive-element-to-noninteractive-role */
import "../table.css";
import { Alert, Button, Label, type LabelProps, Spinner } from "@patternfly/react-core";
import CopyIcon from "@patternfly/react-icons/dist/esm/icons/copy-icon";
import SyncIcon from "@patternfly/react-icons/dist/esm/icons/sync-alt-icon";
import { useEffect, useState } from "react";
import { useApp, useT } from "../../app/context.tsx";
import { errorText } from "../../common/error-text.ts";
import { type CheckLevel, checkText, type HostCheck, hostChecks } from "./checks.ts";
import { hostReport } from "./report.ts";
import { askToPersist, thisHost } from "./this-host.ts";

export function HostCheckTab() {
  const t = useT();
  const [checks, setChecks] = useState<readonly HostCheck[] | null>(null);
  const again = () => void thisHost().then((host) => setChecks(hostChecks(host)));
  useEffect(again, []);
  if (checks === null) return <Spinner className="tv-centre" aria-label={t("app.loading")} />;
  return (
    <div className="tv-pane">
      <p>{t("host.intro")}</p>
      <Summary checks={checks} />
      <div className="tv-toolbar">
        <CopyReport checks={checks} />
        <Button variant="link" icon={<SyncIcon />} onClick={again}>
          {t("host.again")}
        </Button>
      </div>
      <CheckTable checks={checks} onChanged={again} />
    </div>
  );
}

const VARIANTS = { pass: "success", warn: "warning", fail: "danger" } as const;

function Summary({ checks }: { readonly checks: readonly HostCheck[] }) {
  const t = useT();
  const count = (level: CheckLevel) => checks.filter((check) => check.level === level).length;
  const worst = count("fail") > 0 ? "fail" : count("warn") > 0 ? "warn" : "pass";
  const variant = VARIANTS[worst];
  const title =
    worst === "pass" ? t("host.summary.pass") : t(`host.summary.${worst}`, { count: count(worst) });
  return (
    <Alert
      variant={variant}
      variantLabel={t(`alert.${variant}`)}
      isInline
      isLiveRegion
      component="h2"
      title={title}
    />
  );
}

function CopyReport({ checks }: { readonly checks: readonly HostCheck[] }) {
  const { t, notices } = useApp();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(hostReport(checks, t));
      notices.add({ variant: "success", title: t("host.copied") });
    } catch (error) {
      notices.add({ variant: "danger", title: t("console.copyDenied"), text: errorText(error) });
    }
  };
  return (
    <Button variant="secondary" icon={<CopyIcon />} onClick={() => void copy()}>
      {t("host.copy")}
    </Button>
  );
}

interface TableProps {
  readonly checks: readonly HostCheck[];
  readonly onChanged: () => void;
}

const COLUMNS = ["what", "result", "found", "fixTitle"] as const;

function CheckTable({ checks, onChanged }: TableProps) {
  const t = useT();
  return (
    <table className="tv-table" role="table" aria-label={t("host.list")}>
      <thead role="rowgroup">
        <tr role="row">
          {COLUMNS.map((column) => (
            <th key={column} role="columnheader" scope="col">
              {t(`host.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {checks.map((check) => (
          <CheckRow key={check.id} check={check} onChanged={onChanged} />
        ))}
      </tbody>
    </table>
  );
}

const COLORS: Readonly<Record<CheckLevel, NonNullable<LabelProps["color"]>>> = {
  pass: "green",
  warn: "orange",
  fail: "red",
};

interface RowProps {
  readonly check: HostCheck;
  readonly onChanged: () => void;
}

function CheckRow({ check, onChanged }: RowProps) {
  const t = useT();
  const { id, level } = check;
  const text = checkText(id, t);
  return (
    <tr role="row" aria-label={text}>
      <th role="rowheader" scope="row">
        {text}
      </th>
      <td role="cell" className="tv-cell-state">
        <Label color={COLORS[level]}>{t(`host.level.${level}`)}</Label>
      </td>
      <td role="cell">{check.value(t)}</td>
      <td role="cell">
        {check.fix(t)}
        {id === "persisted" && level !== "pass" && <PersistButton onChanged={onChanged} />}
      </td>
    </tr>
  );
}

function PersistButton({ onChanged }: { readonly onChanged: () => void }) {
  const { t, notices } = useApp();
  const ask = async () => {
    if (!(await askToPersist())) {
      const title = t("host.persistRefused");
      notices.add({ variant: "danger", title, text: t("host.persistRefusedHint") });
    }
    onChanged();
  };
  return (
    <Button variant="link" isInline className="tv-host-ask" onClick={() => void ask()}>
      {t("host.persist")}
    </Button>
  );
}
