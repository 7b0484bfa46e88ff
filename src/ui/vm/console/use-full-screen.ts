/** Full screen for one element. */
import { type RefObject, useSyncExternalStore } from "react";

export interface FullScreen {
  readonly isFull: boolean;
  readonly toggle: () => void;
}

export function useFullScreen(element: RefObject<HTMLElement | null>): FullScreen {
  const isFull = useSyncExternalStore(
    (changed) => {
      document.addEventListener("fullscreenchange", changed);
      return () => document.removeEventListener("fullscreenchange", changed);
    },
    () => document.fullscreenElement !== null && document.fullscreenElement === element.current,
  );
  const toggle = (): void => {
    const change = isFull ? document.exitFullscreen() : element.current?.requestFullscreen();
    // Where the browser refuses, nothing is lost.
    change?.catch(() => {});
  };
  return { isFull, toggle };
}
