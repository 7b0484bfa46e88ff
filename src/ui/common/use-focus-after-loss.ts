/** Where the focus goes when what had it is gone. */
import { type RefObject, useEffect, useRef } from "react";

/**
 * A row that is deleted takes the focus with it, and who uses the keyboard would begin at the page's
 * start again: the list takes it then.
 *
 * @param count of what is listed
 */
export function useFocusAfterLoss(list: RefObject<HTMLElement | null>, count: number): void {
  const before = useRef(count);
  useEffect(() => {
    const isLess = count < before.current;
    before.current = count;
    if (!isLess) return undefined;
    // Dialogs give the focus back first, if they can.
    const frame = requestAnimationFrame(() => {
      if (document.activeElement === document.body) list.current?.focus();
    });
    return () => cancelAnimationFrame(frame);
  }, [list, count]);
}
