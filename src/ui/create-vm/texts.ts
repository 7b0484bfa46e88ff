/** What was chosen, in words. */
import { formatBytes } from "../common/format.ts";
import type { Translate } from "../i18n/catalogue.ts";
import { bringsDisk, chosenDisk, type Settled, wantedBytes } from "./draft.ts";
import { guestTitle } from "../common/guest-title.ts";

/** The system and where it comes from. */
export function sourceText(settled: Settled, t: Translate): string {
  const { source, guest, image, url, volume, kernel } = settled;
  const name = {
    guest: guest && guestTitle(guest, t),
    file: image?.name,
    url: url.trim(),
    import: volume?.path,
    kernel: kernel?.name,
  }[source];
  return name ?? "";
}

export function storageText(settled: Settled, t: Translate): string {
  const chosen = chosenDisk(settled);
  if (chosen) return chosen.path;
  const { pool } = settled;
  const bytes = wantedBytes(settled);
  if (bringsDisk(settled)) {
    const what = bytes === undefined ? sourceText(settled, t) : formatBytes(bytes, t);
    return t("newVm.summary.sourceDisk", { what, pool });
  }
  if (settled.storage !== "new") return t("newVm.storage.none");
  return t("newVm.summary.newDisk", { size: formatBytes(bytes ?? 0, t), pool });
}
