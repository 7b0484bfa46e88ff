/** Pools for views, and calls whose failures are shown. */
import { useMemo, useSyncExternalStore } from "react";
import { ErrorCode, VmError } from "../../protocol/vm-error.ts";
import type { StoragePool } from "../../virt/storage/pool.ts";
import { useApp } from "../app/context.tsx";
import { errorText } from "../common/error-text.ts";

/** All pools by name, fresh after every change. */
export function usePools(): readonly StoragePool[] {
  const { storage } = useApp().connection;
  return useSyncExternalStore(
    (changed) => storage.subscribe(changed),
    () => storage.pools(),
  );
}

export type Attempt = (
  action: string,
  name: string,
  work: () => Promise<unknown>,
) => Promise<boolean>;

/** @returns a function that does work, shows its error if it fails, and tells whether it worked */
export function useAttempt(): Attempt {
  const { notices, t } = useApp();
  return useMemo(
    () => async (action, name, work) => {
      try {
        await work();
        return true;
      } catch (error) {
        // Whoever gave it up knows.
        if (error instanceof VmError && error.code === ErrorCode.operationAborted) return false;
        const title = t("error.failed", { action, name });
        notices.add({ variant: "danger", title, text: errorText(error) });
        return false;
      }
    },
    [notices, t],
  );
}
