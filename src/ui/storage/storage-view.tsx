/** Storage: all pools, or one with its volumes. */
/* oxlint-disable jsx-a11y/no-redundant-roles, jsx-a11y/no-interactive-element-to-noninteractive-role */
import { Button, EmptyState, EmptyStateBody, Title } from "@patternfly/react-core";
import DatabaseIcon from "@patternfly/react-icons/dist/esm/icons/database-icon";
import PlusCircleIcon from "@patternfly/react-icons/dist/esm/icons/plus-circle-icon";
import { useState } from "react";
import type { StoragePool } from "../../virt/storage/pool.ts";
import { useApp, useT } from "../app/context.tsx";
import { poolHref } from "../app/route.ts";
import { NewPoolDialog } from "./new-pool-dialog.tsx";
import { PoolActions, PoolState, usedText } from "./pool-parts.tsx";
import { PoolView } from "./pool-view.tsx";
import { usePools } from "./use-storage.ts";

export default function StorageView({ uuid }: { readonly uuid: string | undefined }) {
  return uuid === undefined ? <PoolList /> : <PoolView uuid={uuid} />;
}

function PoolList() {
  const { t } = useApp();
  const pools = usePools();
  const [making, setMaking] = useState(false);
  return (
    <div className="tv-list">
      <div className="tv-list-head">
        <Title headingLevel="h1">{t("storage.pools")}</Title>
        <Button variant="secondary" icon={<PlusCircleIcon />} onClick={() => setMaking(true)}>
          {t("storage.newPool")}
        </Button>
      </div>
      {pools.length === 0 ? (
        <EmptyState titleText={t("storage.empty")} icon={DatabaseIcon} headingLevel="h2">
          <EmptyStateBody>{t("storage.emptyHint")}</EmptyStateBody>
        </EmptyState>
      ) : (
        <PoolTable pools={pools} />
      )}
      <p className="tv-subtle">{t("storage.footnote")}</p>
      {making && <NewPoolDialog onClose={() => setMaking(false)} />}
    </div>
  );
}

function PoolTable({ pools }: { readonly pools: readonly StoragePool[] }) {
  const t = useT();
  const columns = ["name", "state", "type", "space", "actions"] as const;
  return (
    <table className="tv-table" role="table" aria-label={t("storage.pools")}>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((column) => (
            <th key={column} role="columnheader" scope="col">
              {t(`pool.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {pools.map((pool) => (
          <PoolRow key={pool.definition.uuid} pool={pool} />
        ))}
      </tbody>
    </table>
  );
}

function PoolRow({ pool }: { readonly pool: StoragePool }) {
  const t = useT();
  const { uuid, name, type } = pool.definition;
  return (
    <tr role="row" aria-label={name}>
      <th role="rowheader" scope="row">
        <a className="tv-name" href={poolHref(uuid)}>
          {name}
        </a>
      </th>
      <td role="cell" className="tv-cell-state">
        <PoolState pool={pool} />
      </td>
      <td role="cell" data-label={t("pool.type")}>
        {t(`pool.type.${type}`)}
      </td>
      <td role="cell" data-label={t("pool.space")}>
        {usedText(pool, t)}
      </td>
      <td role="cell" className="tv-cell-actions">
        <PoolActions pool={pool} />
      </td>
    </tr>
  );
}
