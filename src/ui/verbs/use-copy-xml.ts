/** Puts a machine's XML on the clipboard: what runs, or would run. */
import { useMemo } from "react";
import type { ManagedDomain } from "../../virt/manager/objects.ts";
import { formatXml } from "../../virt/xml/format.ts";
import { useApp } from "../app/context.tsx";

export function useCopyXml(): (domain: ManagedDomain) => Promise<void> {
  const { notices, t } = useApp();
  return useMemo(
    () =>
      async ({ name, live, definition }) => {
        try {
          await navigator.clipboard.writeText(formatXml(live ?? definition));
          notices.add({ variant: "success", title: t("verb.copied", { name }) });
        } catch {
          notices.add({ variant: "danger", title: t("console.copyDenied") });
        }
      },
    [notices, t],
  );
}
