/** The connection's pools, one of which is shown. */
import { EmptyState, EmptyStateBody, SimpleList, SimpleListItem } from "@patternfly/react-core";
import type { ManagedPool } from "../../../virt/manager/objects.ts";
import { useT } from "../../app/context.tsx";
import { formatBytes } from "../format.ts";
import { isActivePool } from "../use-volumes.ts";

interface Props {
  readonly pools: readonly ManagedPool[];
  readonly shown: ManagedPool | undefined;
  readonly onShow: (uuid: string) => void;
}

export function PoolList({ pools, shown, onShow }: Props) {
  const t = useT();
  if (pools.length === 0) {
    return (
      <EmptyState headingLevel="h2" titleText={t("browse.noPools")} variant="sm">
        <EmptyStateBody>{t("browse.noPoolsHint")}</EmptyStateBody>
      </EmptyState>
    );
  }
  return (
    <SimpleList
      className="tv-browser-pools"
      aria-label={t("browse.pools")}
      isControlled={false}
      onSelect={(_, { itemId }) => onShow(String(itemId))}
    >
      {pools.map((pool) => (
        <SimpleListItem
          key={pool.uuid}
          itemId={pool.uuid}
          isActive={pool.uuid === shown?.uuid}
          componentProps={{ "aria-current": pool.uuid === shown?.uuid }}
        >
          <span className="tv-browser-pool">{pool.name}</span>
          <span className="tv-subtle">
            {isActivePool(pool)
              ? t("browse.free", { size: formatBytes(pool.available, t) })
              : t("browse.isInactive")}
          </span>
        </SimpleListItem>
      ))}
    </SimpleList>
  );
}
