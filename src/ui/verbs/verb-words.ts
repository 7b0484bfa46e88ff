/** What each verb is called, and what is asked before it. */
import type { Verb } from "../../virt/manager/legal-verbs.ts";
import type { MessageKey } from "../i18n/catalogue.ts";
import type { Preferences } from "../preferences/preferences.ts";

/** Verbs that open a dialog of their own instead of a question. */
export const DIALOG_VERBS = ["clone", "undefine", "rename"] as const satisfies readonly Verb[];
export type DialogVerb = (typeof DIALOG_VERBS)[number];

/** Verbs of one call, with what the task log calls them. */
export type CallVerb = Exclude<Verb, DialogVerb>;

export const isDialogVerb = (verb: Verb): verb is DialogVerb =>
  (DIALOG_VERBS as readonly Verb[]).includes(verb);

export interface Question {
  /** The preference that it is asked by; null is always asked. */
  readonly preference:
    | {
        [K in keyof Preferences]: Preferences[K] extends boolean ? K : never;
      }[keyof Preferences]
    | null;
  readonly one: MessageKey & `ask.${string}.one`;
  readonly many: MessageKey & `ask.${string}.many`;
  readonly text: MessageKey & `ask.${string}.text`;
  /** Data may be lost by it. */
  readonly isDanger: boolean;
}

export const QUESTIONS: Partial<Record<CallVerb, Question>> = {
  suspend: {
    preference: "confirmPause",
    one: "ask.suspend.one",
    many: "ask.suspend.many",
    text: "ask.suspend.text",
    isDanger: false,
  },
  shutdown: {
    preference: "confirmPowerOff",
    one: "ask.shutdown.one",
    many: "ask.shutdown.many",
    text: "ask.shutdown.text",
    isDanger: false,
  },
  reboot: {
    preference: "confirmPowerOff",
    one: "ask.reboot.one",
    many: "ask.reboot.many",
    text: "ask.reboot.text",
    isDanger: false,
  },
  managedSave: {
    preference: "confirmPowerOff",
    one: "ask.managedSave.one",
    many: "ask.managedSave.many",
    text: "ask.managedSave.text",
    isDanger: false,
  },
  managedSaveRemove: {
    preference: null,
    one: "ask.managedSaveRemove.one",
    many: "ask.managedSaveRemove.many",
    text: "ask.managedSaveRemove.text",
    isDanger: true,
  },
  reset: {
    preference: "confirmReset",
    one: "ask.reset.one",
    many: "ask.reset.many",
    text: "ask.reset.text",
    isDanger: true,
  },
  destroy: {
    preference: "confirmForceOff",
    one: "ask.destroy.one",
    many: "ask.destroy.many",
    text: "ask.destroy.text",
    isDanger: true,
  },
};

/** Verbs that go one after the other: each wants the processors for itself. */
const IN_TURN: ReadonlySet<CallVerb> = new Set(["create", "managedSave"]);

export const isInTurn = (verb: CallVerb): boolean => IN_TURN.has(verb);
