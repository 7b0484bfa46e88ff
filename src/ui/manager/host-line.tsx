/** The connection in a line: where it leads to, and what its host has and has left. */
import { useEffect, useState } from "react";
import type { Manager } from "../../virt/manager/manager.ts";
import { useApp } from "../app/context.tsx";
import { formatBytes } from "../common/format.ts";
import { useManager } from "../shell/context.tsx";

/** Between two looks at free memory. */
const PERIOD_MS = 5000;

export function HostLine({ count }: { readonly count: number }) {
  const { t } = useApp();
  const manager = useManager();
  const { uri, cpus, memoryKib } = manager.host;
  const free = useFreeMemory(manager);
  const total = memoryKib * 1024;
  return (
    <span className="tv-host-line">
      <span>{uri}</span>
      <span>{t("manager.count", { count })}</span>
      <span>{t("manager.cpus", { count: cpus })}</span>
      <span>
        {free === null
          ? t("manager.memory", { total: formatBytes(total, t) })
          : t("manager.memoryUsed", {
              used: formatBytes(Math.max(0, total - free), t),
              total: formatBytes(total, t),
            })}
      </span>
    </span>
  );
}

/** Bytes; null where the driver does not tell. */
function useFreeMemory(manager: Manager): number | null {
  const [free, setFree] = useState<number | null>(null);
  useEffect(() => {
    let isWanted = true;
    const look = async () => {
      const bytes = await manager.connect.nodeGetFreeMemory().catch(() => null);
      if (isWanted) setFree(bytes === null ? null : Number(bytes));
    };
    void look();
    const timer = setInterval(() => !document.hidden && void look(), PERIOD_MS);
    return () => {
      isWanted = false;
      clearInterval(timer);
    };
  }, [manager]);
  return free;
}
