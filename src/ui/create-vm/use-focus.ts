/** Where the keyboard is after something changed. */
import { useLayoutEffect, useRef } from "react";
import { BACKGROUND_ID } from "../shell/task-in-dialog.tsx";
import type { Step } from "./draft.ts";
import type { Field } from "./problems.ts";

/** What is typed into at first. */
export const FIRST_FIELD =
  "#new-vm-form :is(input:not([type=file], [type=radio]), input:checked, select)";

interface Shown {
  readonly step: Step;
  /** The field that kept somebody from going on; another object each time. */
  readonly fault: { readonly field: Field } | null;
  /** Whether the machine is being made. */
  readonly isBusy: boolean;
  readonly error: string | null;
}

/**
 * Another step: its first field, or the one where something is wrong. It is moved before the browser
 * notices that what had it is gone: the dialog's trap would not know where to put it.
 */
export function useFocus(shown: Shown): void {
  const { step, fault, isBusy, error } = shown;
  const before = useRef(shown);
  useLayoutEffect(() => {
    const last = before.current;
    const now = { step, fault, isBusy, error };
    before.current = now;
    const place = placeOf(last, now);
    if (place !== null) document.querySelector<HTMLElement>(place)?.focus();
  }, [step, fault, isBusy, error]);
}

function placeOf(last: Shown, now: Shown): string | null {
  if (now.isBusy) return last.isBusy ? null : `#${BACKGROUND_ID}`;
  if (last.isBusy) return now.error === null ? FIRST_FIELD : "#new-vm-error";
  if (now.fault && now.fault !== last.fault) return `#new-vm-${now.fault.field}`;
  return now.step === last.step ? null : FIRST_FIELD;
}
