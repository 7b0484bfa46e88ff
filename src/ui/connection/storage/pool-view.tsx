/** One pool: what it holds, what it is, and its definition. */
import {
  Label,
  type LabelProps,
  Progress,
  ProgressMeasureLocation,
  Title,
} from "@patternfly/react-core";
import { useEffect } from "react";
import { isActivePool, poolState } from "../../../virt/manager/legal-pool-verbs.ts";
import type { ManagedPool } from "../../../virt/manager/objects.ts";
import type { PoolState } from "../../../virt/storage/words.ts";
import { formatXml } from "../../../virt/xml/format.ts";
import { useT } from "../../app/context.tsx";
import { formatBytes } from "../../common/format.ts";
import { XmlEditor } from "../../common/xml-editor.tsx";
import { useManager } from "../../shell/context.tsx";
import type { ConnectionRoute } from "../../shell/route.ts";
import { Facts } from "../facts.tsx";
import { RoutedTabs } from "../routed-tabs.tsx";
import { useDialogTask } from "../use-dialog-task.ts";
import { PoolActions } from "./pool-actions.tsx";
import { poolPath, poolSources, poolTypeText, usedPart, usedText } from "./pool-facts.ts";
import { VolumeSection } from "./volume-section.tsx";

const ITEMS = ["volumes", "details", "xml"] as const;

interface Props {
  readonly pool: ManagedPool;
  readonly route: ConnectionRoute;
}

export function PoolView({ pool, route }: Props) {
  const t = useT();
  const item = ITEMS.find((each) => each === route.item) ?? "volumes";
  useFreshPool(pool);
  return (
    <>
      <header className="tv-detail-head">
        <div className="tv-detail-title">
          <Title headingLevel="h2">{pool.name}</Title>
          <output>
            <PoolStateLabel pool={pool} />
          </output>
        </div>
        <PoolActions pool={pool} />
      </header>
      {isActivePool(pool) && <Usage pool={pool} />}
      <RoutedTabs
        id="pool"
        label={t("pool.views", { name: pool.name })}
        items={ITEMS.map((each) => [each, t(`pool.view.${each}`)] as const)}
        shown={item}
        routeOf={(each) => ({ view: "connection", tab: "storage", uuid: pool.uuid, item: each })}
        isSubtab
      >
        {item === "volumes" && isActivePool(pool) && (
          <VolumeSection pool={pool} name={route.name} />
        )}
        {item === "volumes" && !isActivePool(pool) && <p>{t("pool.inactiveHint")}</p>}
        {item === "details" && <Details pool={pool} />}
        {item === "xml" && <Definition pool={pool} />}
      </RoutedTabs>
    </>
  );
}

/** Machines and other tabs change volumes without a word: what is shown is looked at anew. */
function useFreshPool(pool: ManagedPool): void {
  const { connect } = useManager();
  const { uuid } = pool;
  const isActive = isActivePool(pool);
  useEffect(() => {
    if (!isActive) return;
    const refresh = async () =>
      connect.storagePoolRefresh(await connect.storagePoolLookupByUUID(uuid), 0);
    // What keeps it from being looked at is told by its state, and by the button.
    refresh().catch(() => {});
  }, [connect, uuid, isActive]);
}

const COLORS: { readonly [State in PoolState]: NonNullable<LabelProps["color"]> } = {
  inactive: "grey",
  building: "blue",
  running: "green",
  degraded: "orange",
  inaccessible: "red",
};

function PoolStateLabel({ pool }: { readonly pool: ManagedPool }) {
  const t = useT();
  const state = poolState(pool);
  return <Label color={COLORS[state]}>{t(`pool.state.${state}`)}</Label>;
}

function Usage({ pool }: { readonly pool: ManagedPool }) {
  const t = useT();
  const used = usedText(pool, t);
  if (used === "") return null;
  const free = t("pool.free", { free: formatBytes(pool.available, t) });
  return (
    <div className="tv-usage">
      <Progress
        value={Math.round(usedPart(pool) * 100)}
        measureLocation={ProgressMeasureLocation.outside}
        aria-label={t("pool.usage", { name: pool.name })}
        size="sm"
      />
      <span className="tv-subtle">{`${used} · ${free}`}</span>
    </div>
  );
}

function Details({ pool }: { readonly pool: ManagedPool }) {
  const t = useT();
  const yesNo = (is: boolean) => t(is ? "pool.yes" : "pool.no");
  return (
    <Facts
      facts={[
        [t("pool.type"), poolTypeText(pool, t)],
        [t("pool.path"), poolPath(pool)],
        [t("pool.source"), poolSources(pool).join(" ")],
        [t("pool.space"), usedText(pool, t)],
        [t("pool.autostart"), yesNo(pool.autostart)],
        [t("pool.persistent"), yesNo(pool.isPersistent)],
        [t("pool.uuid"), pool.uuid],
      ]}
    />
  );
}

function Definition({ pool }: { readonly pool: ManagedPool }) {
  const t = useT();
  const manager = useManager();
  const run = useDialogTask();
  const apply = async (xml: string) => {
    await run(t("pool.task.define", { name: pool.name }), () =>
      manager.connect.storagePoolDefineXML(xml, 0),
    );
    await manager.refreshPool(pool.uuid);
  };
  return (
    <XmlEditor
      label={t("pool.xmlOf", { name: pool.name })}
      xml={formatXml(pool.definition)}
      what="storage_pool_definition"
      root="pool"
      onApply={apply}
    />
  );
}
