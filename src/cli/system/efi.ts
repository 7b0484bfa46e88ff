/** `--firmware`: what the flash holds, by a name. */
import type { FlashConfig } from "../../api/types.ts";
import { UsageError } from "./usage-error.ts";
import { onlyKeys, parseKeyed } from "./values.ts";

/** UEFI firmware, and where its variables are kept. */
export interface EfiChoice {
  /** A file; among the user's data when absent. */
  readonly vars?: string;
}

/**
 * @param banks what the command line puts into the flash itself
 * @throws UsageError naming the option
 */
export function parseEfi(
  text: string | undefined,
  banks: readonly FlashConfig[],
): EfiChoice | undefined {
  if (text === undefined) return undefined;
  const list = parseKeyed(text);
  if (list.head !== "efi") throw new UsageError(`--firmware ${text}: there is 'efi' only`);
  onlyKeys("--firmware efi", list, ["vars"]);
  if (banks.length > 0) {
    throw new UsageError(`--firmware ${text}: the flash has drives of its own`);
  }
  const vars = list.keys.get("vars");
  return vars === undefined ? {} : { vars };
}
