/** The keyboard of a machine, for menus that press its keys. */
import { DomainState, KeycodeSet } from "../../../virt/driver/domain-flags.ts";
import { devicesOf } from "../../../virt/conf/domain/view.ts";
import type { ManagedDomain } from "../../../virt/manager/objects.ts";
import { useApp } from "../../app/context.tsx";
import { useManager } from "../../shell/context.tsx";

/** Why no key can be pressed. */
export type NoKeyboard = "none" | "paused";

/** @returns null where keys can be pressed */
export function noKeyboard({ live, definition, state }: ManagedDomain): NoKeyboard | null {
  const inputs = devicesOf(live ?? definition, "input");
  if (!inputs.some((each) => each.attributes.get("type") === "keyboard")) return "none";
  // A machine that stands would not hear them.
  return state === DomainState.running ? null : "paused";
}

/** @returns a function that presses keys, by Linux's codes, and says so when that fails */
export function useKeyboard({ ref, name }: ManagedDomain): (codes: readonly number[]) => void {
  const { t, notices } = useApp();
  const { connect } = useManager();
  return (codes) => {
    connect.domainSendKey(ref, KeycodeSet.linux, 0, codes, 0).catch((error: unknown) => {
      const text = error instanceof Error ? error.message : String(error);
      notices.add({ variant: "danger", title: t("console.keyFailed", { name }), text });
    });
  };
}
