/** Whether an element can be seen: what cannot be is not drawn anew. */
import { type RefObject, useEffect, useState } from "react";

const watched = new Map<Element, (isVisible: boolean) => void>();

/** One for all: each has its own cost. */
const observer = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) watched.get(target)?.(isIntersecting);
  },
  // A little ahead, so that scrolling uncovers what is drawn already.
  { rootMargin: "200px" },
);

export function useVisible(ref: RefObject<Element | null>): boolean {
  const [isVisible, setVisible] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (!element) return undefined;
    watched.set(element, setVisible);
    observer.observe(element);
    return () => {
      watched.delete(element);
      observer.unobserve(element);
    };
  }, [ref]);
  return isVisible;
}
