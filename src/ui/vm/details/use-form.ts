/** A form over a definition: what was typed, what is wrong with it, and Apply and Revert. */
import { useEffect, useState } from "react";
import type { VmError } from "../../../protocol/vm-error.ts";
import type { Manager } from "../../../virt/manager/manager.ts";
import type { ManagedDomain } from "../../../virt/manager/objects.ts";
import type { XmlElement } from "../../../virt/xml/element.ts";
import { useApp } from "../../app/context.tsx";
import { errorText } from "../../common/error-text.ts";
import { useManager, useShell } from "../../shell/context.tsx";
import { type LiveRefusal, redefine } from "./actions.ts";
import { type EditGuard, type Edits, useEditGuard } from "./edit-guard.ts";
import { definitionProblem } from "./model/definition-problem.ts";
import type { Values } from "./model/fields.ts";

/** What a form reads and writes. */
export interface FormModel<V extends Values> {
  read(definition: XmlElement): V;
  /** The definition with other values. @throws VmError where they make none */
  edit(definition: XmlElement, change: Partial<V>, values: V): XmlElement;
  /** What is wrong with the values that the definition does not tell. */
  problem?(values: V): string | null;
  /** What is not in the definition's XML, or has a call of its own. @throws VmError */
  calls?(context: FormCalls<V>): Promise<void>;
  /** Whether anything is left for the definition after that; yes without it. */
  isInDefinition?(change: Partial<V>): boolean;
  /** Changes what runs, as far as the driver can. */
  live?(context: FormCalls<V>): Promise<LiveRefusal>;
  /** Told after all went well. */
  applied?(values: V): void;
}

export interface FormCalls<V> {
  readonly manager: Manager;
  readonly domain: ManagedDomain;
  readonly change: Partial<V>;
  readonly values: V;
}

export interface Form<V extends Values> {
  readonly values: V;
  readonly set: (change: Partial<V>) => void;
  readonly isDirty: boolean;
  readonly isBusy: boolean;
  /** What is wrong with what was typed. */
  readonly problem: string | null;
  /** The same as an error where it is libvirt's. */
  readonly refusal: VmError | null;
  /** Why Apply failed. */
  readonly error: string | null;
  /** Why what runs did not change; null where there is nothing to say. */
  readonly liveRefusal: string | null;
  readonly apply: () => Promise<boolean>;
  readonly revert: () => void;
}

interface Outcome {
  readonly isBusy: boolean;
  readonly error: string | null;
  readonly liveRefusal: string | null;
}

const NOTHING: Outcome = { isBusy: false, error: null, liveRefusal: null };

/** @param definition what is shown: that of the next start without it */
export function useForm<V extends Values>(
  domain: ManagedDomain,
  model: FormModel<V>,
  definition = domain.definition,
): Form<V> {
  const { t } = useApp();
  const { tasks } = useShell();
  const manager = useManager();
  const guard = useEditGuard();
  const [typed, setTyped] = useState<Partial<V>>({});
  const [outcome, setOutcome] = useState<Outcome>(NOTHING);
  const stored = model.read(definition);
  const change = differences(stored, typed);
  const values = { ...stored, ...change };
  const isDirty = Object.keys(change).length > 0;
  const { problem, refusal } = problemOf(model, { definition, change, values }, manager.host.type);
  const revert = (): void => {
    setTyped({});
    setOutcome(NOTHING);
  };
  const apply = async (): Promise<boolean> => {
    setOutcome({ ...NOTHING, isBusy: true });
    const attempt = { title: t("hw.applying", { name: domain.name }), errorText };
    try {
      const context = { manager, domain, change, values };
      const live = await tasks.run(attempt, () => applyForm(model, context));
      // What follows may lead elsewhere.
      guard.forget();
      setTyped({});
      setOutcome({ ...NOTHING, liveRefusal: live && errorText(live) });
      model.applied?.(values);
      return true;
    } catch (error) {
      setOutcome({ ...NOTHING, error: errorText(error) });
      return false;
    }
  };
  useEdits(guard, { isDirty, apply, revert });
  const set = (next: Partial<V>): void => {
    setTyped({ ...typed, ...next });
    setOutcome(NOTHING);
  };
  return { values, set, isDirty, problem, refusal, ...outcome, apply, revert };
}

/** Tells the guard of the form while it is shown. */
function useEdits(guard: EditGuard, edits: Edits): void {
  useEffect(() => guard.watch(edits), [guard, edits]);
}

/** What was typed and differs from what is stored. */
function differences<V extends Values>(stored: V, typed: Partial<V>): Partial<V> {
  const changed = Object.entries(typed).filter(([key, value]) => stored[key] !== value);
  return Object.fromEntries(changed) as Partial<V>;
}

function problemOf<V extends Values>(
  model: FormModel<V>,
  { definition, change, values }: { definition: XmlElement; change: Partial<V>; values: V },
  hostType: string,
): { readonly problem: string | null; readonly refusal: VmError | null } {
  if (Object.keys(change).length === 0) return { problem: null, refusal: null };
  const own = model.problem?.(values) ?? null;
  if (own !== null) return { problem: own, refusal: null };
  const refusal = definitionProblem(() => model.edit(definition, change, values), hostType);
  return { problem: refusal && errorText(refusal), refusal };
}

async function applyForm<V extends Values>(
  model: FormModel<V>,
  context: FormCalls<V>,
): Promise<LiveRefusal> {
  const { manager, domain, change, values } = context;
  await model.calls?.(context);
  if (model.isInDefinition?.(change) ?? true) {
    await redefine(manager, domain, (whole) => model.edit(whole, change, values));
  }
  if (!domain.live || !model.live) return null;
  return model.live(context);
}
