/** Verbs for every view: one place asks before them, does them as tasks, and opens their dialogs. */
import {
  createContext,
  lazy,
  type ReactNode,
  Suspense,
  useContext,
  useMemo,
  useRef,
  useState,
} from "react";
import { isLegal, type Verb } from "../../virt/manager/legal-verbs.ts";
import type { ManagedDomain } from "../../virt/manager/objects.ts";
import { useApp } from "../app/context.tsx";
import { useManager, useTask } from "../shell/context.tsx";
import type { Asked } from "./verb-dialogs.tsx";
import { type CallVerb, isDialogVerb, isInTurn, QUESTIONS } from "./verb-words.ts";

const VerbDialogs = lazy(() => import("./verb-dialogs.tsx"));

/** `labels` edits title, description, group and tags. */
export type UserVerb = Verb | "labels";

/** Their dialogs are about one machine. */
const SINGLE: ReadonlySet<UserVerb> = new Set(["clone", "rename"]);

export interface Verbs {
  /** Does the verb to those of the domains that it is legal for, after a question where one is due. */
  ask(verb: UserVerb, domains: readonly ManagedDomain[]): void;
  /** Whether it is legal for at least one, and the driver has it. */
  canAsk(verb: UserVerb, domains: readonly ManagedDomain[]): boolean;
}

const Context = createContext<Verbs | null>(null);

export function useVerbs(): Verbs {
  const verbs = useContext(Context);
  if (!verbs) throw new Error("a view stands outside of VerbsProvider");
  return verbs;
}

export function VerbsProvider({ children }: { readonly children: ReactNode }) {
  const { preferences } = useApp();
  const manager = useManager();
  const run = useRun();
  const [asked, setAsked] = useState<Asked | null>(null);
  const before = useRef<Element | null>(null);
  const verbs = useMemo<Verbs>(() => {
    const legalOf = (verb: UserVerb, domains: readonly ManagedDomain[]) =>
      SINGLE.has(verb) && domains.length > 1
        ? []
        : domains.filter((domain) => isAllowed(verb, domain, manager.host.canSave));
    const open = (next: Asked) => {
      before.current = document.activeElement;
      setAsked(next);
    };
    return {
      canAsk: (verb, domains) => legalOf(verb, domains).length > 0,
      ask: (verb, domains) => {
        const legal = legalOf(verb, domains);
        const uuids = legal.map(({ uuid }) => uuid);
        if (uuids.length === 0) return;
        if (verb === "labels" || isDialogVerb(verb)) return open({ verb, uuids });
        const question = QUESTIONS[verb];
        const isDue =
          question && (question.preference === null || preferences.get()[question.preference]);
        if (isDue === true) open({ verb, uuids });
        else void run(verb, legal);
      },
    };
  }, [manager, preferences, run]);
  const close = () => {
    setAsked(null);
    returnFocus(before.current);
  };
  return (
    <Context value={verbs}>
      {children}
      {asked && (
        <Suspense>
          <VerbDialogs asked={asked} onRun={run} onClose={close} />
        </Suspense>
      )}
    </Context>
  );
}

function isAllowed(verb: UserVerb, domain: ManagedDomain, canSave: boolean): boolean {
  if (verb === "labels") return true;
  if ((verb === "managedSave" || verb === "managedSaveRemove") && !canSave) return false;
  return isLegal(verb, domain);
}

/** To where it was; to the page's content where that is gone. */
function returnFocus(to: Element | null): void {
  const target = to?.isConnected === true ? to : document.querySelector("main");
  // After the dialog has left.
  setTimeout(() => {
    if (target instanceof HTMLElement) target.focus();
  });
}

export type RunVerb = (verb: CallVerb, domains: readonly ManagedDomain[]) => Promise<void>;

/** @returns a function that does a verb to domains, each as a task of its own */
function useRun(): RunVerb {
  const { t } = useApp();
  const manager = useManager();
  const task = useTask();
  return useMemo(
    () => async (verb, domains) => {
      const one = (domain: ManagedDomain) => {
        const { uuid: subject, name } = domain;
        const doing = verb === "create" && domain.hasManagedSave ? "restore" : verb;
        const title = t(`doing.${doing}`, { name });
        const canCancel = verb === "managedSave" || verb === "create";
        return task({ title, subject, canCancel }, async (control) => {
          const { act } = await import("./act.ts");
          await act(manager, verb, domain, control);
        });
      };
      if (!isInTurn(verb)) await Promise.all(domains.map(one));
      else for (const domain of domains) await one(domain);
    },
    [manager, t, task],
  );
}
