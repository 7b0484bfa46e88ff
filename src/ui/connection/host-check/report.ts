/** The checks as text, in virt-host-validate's format. */
import type { Translate } from "../../i18n/catalogue.ts";
import { checkText, type HostCheck } from "./checks.ts";

const PREFIX_WIDTH = 6;
const TEXT_WIDTH = 60;

/** A line for each check, with a line feed at its end. */
export function hostReport(checks: readonly HostCheck[], t: Translate): string {
  return checks.map((check) => `${line(check, t)}\n`).join("");
}

function line(check: HostCheck, t: Translate): string {
  const prefix = "QEMU".padStart(PREFIX_WIDTH);
  const text = checkText(check.id, t).padEnd(TEXT_WIDTH);
  const hint = check.fix(t);
  const result = t(`host.level.${check.level}`);
  return `${prefix}: ${t("host.checking", { text })}: ${result}${hint === "" ? "" : ` (${hint})`}`;
}
