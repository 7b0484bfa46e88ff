/** Runs verbs on domains and reports failures: the page's only caller of them. */
import { useMemo } from "react";
import { ErrorCode, VmError } from "../../protocol/vm-error.ts";
import type { Domain } from "../../virt/domain.ts";
import type { Connection } from "../../virt/connection.ts";
import { useApp } from "../app/context.tsx";
import { errorText } from "../common/error-text.ts";
import type { MessageKey } from "../i18n/catalogue.ts";

/** Verbs that the user can give, with their labels. */
export const VERB_LABELS = {
  create: "action.run",
  suspend: "action.pause",
  resume: "action.resume",
  reset: "action.reset",
  shutdown: "action.shutdown",
  destroy: "action.forceOff",
  undefine: "action.delete",
} as const satisfies Partial<Record<keyof Connection, MessageKey>>;

export type UserVerb = keyof typeof VERB_LABELS;

export type RunVerb = (verb: UserVerb, domain: Domain) => Promise<boolean>;

/** @returns a function that runs a verb, shows its error if it fails, and tells whether it worked */
export function useVerbs(): RunVerb {
  const { connection, notices, t } = useApp();
  return useMemo(
    () => async (verb, domain) => {
      const { uuid, name } = domain.definition;
      try {
        await connection[verb](uuid);
        return true;
      } catch (error) {
        // Whoever gave it up knows.
        if (error instanceof VmError && error.code === ErrorCode.operationAborted) return false;
        // A failed start is said in the machine's own view, which Run has opened.
        if (verb === "create" && reasonOf(connection, uuid) === "failed") return false;
        const title = t("error.failed", { action: t(VERB_LABELS[verb]), name });
        notices.add({ variant: "danger", title, text: errorText(error) });
        return false;
      }
    },
    [connection, notices, t],
  );
}

function reasonOf(connection: Connection, uuid: string): string | undefined {
  return connection.domains().find(({ definition }) => definition.uuid === uuid)?.reason;
}
