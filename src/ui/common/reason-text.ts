/** Why a domain is in its state, as one sentence; empty where there is nothing to say. */
import type { Domain } from "../../virt/domain.ts";
import type { Translate } from "../i18n/catalogue.ts";

export function reasonText(domain: Domain, t: Translate): string {
  const { state, reason, exitCode, message = "" } = domain;
  if (state === "crashed") return t("reason.crashed", { message });
  if (state === "paused" && reason === "user") return t("reason.user");
  if (state === "paused" && reason === "ioerror") return t("reason.ioerror", { message });
  if (state !== "shutoff") return "";
  if (reason === "failed") return t("reason.failed", { message });
  if (reason === "destroyed") return t("reason.destroyed");
  if (reason !== "shutdown") return "";
  if (exitCode) return t("reason.shutdownCode", { code: exitCode });
  return t("reason.shutdown");
}
