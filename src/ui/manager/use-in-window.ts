/** Which rows of a long list are drawn: those that can be seen, and some around them. */
import { type RefObject, useEffect, useState } from "react";

export interface InWindow {
  readonly isDrawn: boolean;
  /** Pixels that a row took when it was last drawn; null before. What is not drawn keeps its place. */
  readonly height: number | null;
}

const watched = new Map<Element, (entry: IntersectionObserverEntry) => void>();

/** One for all: each has its own cost. */
const observer = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) watched.get(entry.target)?.(entry);
  },
  // A little ahead, so that scrolling uncovers what is drawn already.
  { rootMargin: "400px", scrollMargin: "400px" },
);

/** @param begin whether it is drawn before the browser has told where it is */
export function useInWindow(ref: RefObject<Element | null>, begin: boolean): InWindow {
  const [state, setState] = useState<InWindow>({ isDrawn: begin, height: null });
  useEffect(() => {
    const element = ref.current;
    if (!element) return undefined;
    watched.set(element, ({ isIntersecting, boundingClientRect }) =>
      setState((before) => {
        if (before.isDrawn === isIntersecting) return before;
        const height = isIntersecting ? before.height : boundingClientRect.height;
        return { isDrawn: isIntersecting, height };
      }),
    );
    observer.observe(element);
    return () => {
      watched.delete(element);
      observer.unobserve(element);
    };
  }, [ref]);
  return state;
}
