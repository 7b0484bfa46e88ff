/** The volumes of the pool that is shown, one of which is picked. */
import {
  Alert,
  Button,
  EmptyState,
  EmptyStateBody,
  EmptyStateFooter,
  SearchInput,
  Spinner,
} from "@patternfly/react-core";
import SyncAltIcon from "@patternfly/react-icons/dist/esm/icons/sync-alt-icon";
import { useState } from "react";
import { lookAtVolume } from "../../../virt/manager/look.ts";
import type { ManagedPool, ManagedVolume } from "../../../virt/manager/objects.ts";
import { useT } from "../../app/context.tsx";
import { isReadOnly } from "../../connection/storage/pool-facts.ts";
import { useUpload } from "../../connection/storage/uploads.tsx";
import { VolumeMakers } from "../../connection/storage/volume-makers.tsx";
import { useManager, useTask } from "../../shell/context.tsx";
import { errorText } from "../error-text.ts";
import { isActivePool, useVolumes } from "../use-volumes.ts";
import { VolumeTable } from "./volume-table.tsx";

interface Props {
  readonly pool: ManagedPool;
  readonly chosen: ManagedVolume | null;
  readonly onPick: (volume: ManagedVolume) => void;
  readonly onChoose: (volume: ManagedVolume) => void;
}

export function PoolVolumes({ pool, chosen, onPick, onChoose }: Props) {
  const t = useT();
  const run = useTask();
  const manager = useManager();
  const [filter, setFilter] = useState("");
  if (!isActivePool(pool)) return <InactivePool pool={pool} />;
  const refresh = (): void =>
    void run({ title: t("browse.refreshing", { pool: pool.name }) }, async () => {
      await manager.connect.storagePoolRefresh(pool.ref, 0);
      await manager.refreshPool(pool.uuid);
    });
  return (
    <div className="tv-browser-volumes">
      {!isReadOnly(pool) && <Makers pool={pool} onPick={onPick} />}
      <div className="tv-browser-tools">
        <SearchInput
          aria-label={t("browse.filter")}
          placeholder={t("browse.filter")}
          value={filter}
          onChange={(_, text) => setFilter(text)}
          onClear={() => setFilter("")}
        />
        <Button
          variant="plain"
          icon={<SyncAltIcon />}
          aria-label={t("browse.refresh", { pool: pool.name })}
          onClick={refresh}
        />
      </div>
      <Volumes {...{ pool, chosen, onPick, onChoose, filter }} />
    </div>
  );
}

/** What is made here is picked. */
function Makers({ pool, onPick }: Pick<Props, "pool" | "onPick">) {
  const { connect } = useManager();
  const { volumes } = useVolumes(pool);
  const upload = useUpload(pool, volumes ?? []);
  return (
    <VolumeMakers
      pool={pool}
      volumes={volumes ?? []}
      onFiles={upload}
      onMade={(volume) => void lookAtVolume(connect, volume).then(onPick)}
    />
  );
}

function Volumes({ pool, filter, ...picking }: Props & { readonly filter: string }) {
  const t = useT();
  const { volumes, error } = useVolumes(pool);
  if (error !== null) {
    return (
      <Alert variant="danger" variantLabel={t("alert.danger")} isInline title={t("browse.failed")}>
        {errorText(error)}
      </Alert>
    );
  }
  if (!volumes) return <Spinner className="tv-centre" aria-label={t("app.loading")} />;
  const wanted = filter.trim().toLowerCase();
  const shown = volumes.filter(({ name }) => name.toLowerCase().includes(wanted));
  if (shown.length > 0) return <VolumeTable pool={pool} volumes={shown} {...picking} />;
  const title =
    volumes.length === 0 ? t("browse.noVolumes") : t("browse.noMatch", { filter: filter.trim() });
  return <EmptyState headingLevel="h2" titleText={title} variant="sm" />;
}

function InactivePool({ pool }: { readonly pool: ManagedPool }) {
  const t = useT();
  const run = useTask();
  const { connect } = useManager();
  const start = (): void =>
    void run({ title: t("browse.starting", { pool: pool.name }) }, () =>
      connect.storagePoolCreate(pool.ref, 0),
    );
  return (
    <EmptyState headingLevel="h2" titleText={t("browse.inactive")} variant="sm">
      <EmptyStateBody>{t("browse.inactiveHint")}</EmptyStateBody>
      <EmptyStateFooter>
        <Button variant="secondary" onClick={start}>
          {t("browse.start")}
        </Button>
      </EmptyStateFooter>
    </EmptyState>
  );
}
