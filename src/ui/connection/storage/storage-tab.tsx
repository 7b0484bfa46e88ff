/** Storage: the pools, and the one that is shown. */
import { Button } from "@patternfly/react-core";
import DatabaseIcon from "@patternfly/react-icons/dist/esm/icons/database-icon";
import PlusCircleIcon from "@patternfly/react-icons/dist/esm/icons/plus-circle-icon";
import { useState } from "react";
import { poolState } from "../../../virt/manager/legal-pool-verbs.ts";
import type { ManagedPool } from "../../../virt/manager/objects.ts";
import { useT } from "../../app/context.tsx";
import { usePools } from "../../shell/context.tsx";
import { type ConnectionRoute, go } from "../../shell/route.ts";
import { MasterDetail, Nothing } from "../master-detail.tsx";
import { NewPoolDialog } from "./new-pool-dialog.tsx";
import { usedPart, usedText } from "./pool-facts.ts";
import { PoolView } from "./pool-view.tsx";

export function StorageTab({ route }: { readonly route: ConnectionRoute }) {
  const t = useT();
  const pools = usePools();
  const [making, setMaking] = useState(false);
  const { uuid } = route;
  const pool = uuid === undefined ? pools[0] : pools.find((each) => each.uuid === uuid);
  const items = pools.map((each) => ({
    uuid: each.uuid,
    name: each.name,
    note: <PoolNote pool={each} />,
  }));
  return (
    <MasterDetail
      tab="storage"
      title={t("storage.pools")}
      items={items}
      uuid={uuid}
      shown={pool?.uuid}
      backLabel={t("storage.pools")}
      tools={
        <Button variant="secondary" icon={<PlusCircleIcon />} onClick={() => setMaking(true)}>
          {t("storage.newPool")}
        </Button>
      }
    >
      {pool && <PoolView key={pool.uuid} pool={pool} route={route} />}
      {!pool && uuid !== undefined && (
        <Nothing title={t("pool.gone")} hint={t("pool.goneHint")} icon={DatabaseIcon} />
      )}
      {!pool && uuid === undefined && (
        <Nothing title={t("storage.empty")} hint={t("storage.emptyHint")} icon={DatabaseIcon} />
      )}
      {making && (
        <NewPoolDialog
          onClose={() => setMaking(false)}
          onMade={(made) => go({ view: "connection", tab: "storage", uuid: made.uuid })}
        />
      )}
    </MasterDetail>
  );
}

function PoolNote({ pool }: { readonly pool: ManagedPool }) {
  const t = useT();
  const used = usedText(pool, t);
  const percent = Math.round(usedPart(pool) * 100);
  return (
    <>
      <span className="tv-object-note">
        {used === "" ? t(`pool.state.${poolState(pool)}`) : used}
      </span>
      <span className="tv-bar" aria-hidden="true">
        <span style={{ inlineSize: `${percent}%` }} />
      </span>
    </>
  );
}
