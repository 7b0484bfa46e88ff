/** Keeps what is not applied yet from being lost: asks before another view is shown. */
import { createContext, useContext, useEffect } from "react";

/** A form that is being filled in. */
export interface Edits {
  readonly isDirty: boolean;
  /** Whether it worked; what is wrong is shown in the form. */
  apply(): Promise<boolean>;
  revert(): void;
}

export class EditGuard {
  /** The form that is shown; null where nothing is typed into one. */
  #current: Edits | null = null;
  #onLeave: (proceed: () => void) => void = (proceed) => proceed();

  get isDirty(): boolean {
    return this.#current?.isDirty === true;
  }

  /** Watches a form until the returned function is called. */
  readonly watch = (edits: Edits): (() => void) => {
    this.#current = edits;
    return () => {
      if (this.#current === edits) this.#current = null;
    };
  };

  /** Forgets what was typed: it is applied, or about something that is gone. */
  readonly forget = (): void => {
    this.#current = null;
  };

  /** Calls back where somebody wants to go while something is not applied. */
  readonly listen = (onLeave: (proceed: () => void) => void): void => {
    this.#onLeave = onLeave;
  };

  /** Goes at once, or after a question. */
  readonly leave = (proceed: () => void): void => {
    if (this.isDirty) this.#onLeave(proceed);
    else proceed();
  };

  /** Whether it worked. */
  readonly apply = async (): Promise<boolean> => (await this.#current?.apply()) ?? true;

  readonly discard = (): void => {
    this.#current?.revert();
    this.#current = null;
  };
}

const Context = createContext<EditGuard | null>(null);

export const EditGuardProvider = Context.Provider;

export function useEditGuard(): EditGuard {
  const guard = useContext(Context);
  if (!guard) throw new Error("a form stands outside of EditGuardProvider");
  return guard;
}

/** Holds links, the browser's buttons and the closing of the page up while something is not applied. */
export function useHeldNavigation(guard: EditGuard): void {
  useEffect(() => {
    let here = location.href;
    const clicked = (event: MouseEvent): void => {
      const link = event.target instanceof Element ? event.target.closest("a") : null;
      const hash = link?.getAttribute("href");
      const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
      if (!guard.isDirty || !isPlain || hash?.startsWith("#/") !== true) return;
      event.preventDefault();
      event.stopPropagation();
      guard.leave(() => {
        location.hash = hash;
      });
    };
    const moved = (event: Event): void => {
      const there = location.hash;
      if (!guard.isDirty) here = location.href;
      if (location.href === here) return;
      // Nobody else is told: the address is the old one again.
      event.stopImmediatePropagation();
      history.replaceState(null, "", here);
      guard.leave(() => {
        location.hash = there;
      });
    };
    const unload = (event: BeforeUnloadEvent): void => {
      if (guard.isDirty) event.preventDefault();
    };
    const capture = { capture: true };
    document.addEventListener("click", clicked, capture);
    addEventListener("popstate", moved, capture);
    addEventListener("hashchange", moved, capture);
    addEventListener("beforeunload", unload);
    return () => {
      document.removeEventListener("click", clicked, capture);
      removeEventListener("popstate", moved, capture);
      removeEventListener("hashchange", moved, capture);
      removeEventListener("beforeunload", unload);
    };
  }, [guard]);
}
