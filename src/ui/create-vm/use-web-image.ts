/** Looks at what is at an address while it is typed. */
import { useEffect, useState } from "react";
import { lookAtWeb, type WebImage } from "../common/web-image.ts";
import { webAddress } from "./problems.ts";

export interface WebLook {
  readonly image: WebImage | null;
  readonly isLooking: boolean;
  /** Why it cannot be read; null when it can, or nobody knows yet. */
  readonly error: unknown;
}

/** Between the last key and the question to the server. */
const PAUSE_MS = 400;

interface Known {
  readonly url: string;
  readonly image: WebImage | null;
  readonly error: unknown;
}

/** @param text as typed; empty while nothing is to be asked */
export function useWebImage(text: string): WebLook {
  const url = webAddress(text)?.href ?? null;
  const [known, setKnown] = useState<Known | null>(null);
  useEffect(() => {
    if (url === null) return undefined;
    const abort = new AbortController();
    const tell = (found: Omit<Known, "url">): void => {
      if (!abort.signal.aborted) setKnown({ url, ...found });
    };
    const timer = setTimeout(() => {
      lookAtWeb(url, fetch, abort.signal).then(
        (image) => tell({ image, error: null }),
        (error: unknown) => tell({ image: null, error }),
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [url]);
  if (url === null) return { image: null, isLooking: false, error: null };
  if (known?.url !== url) return { image: null, isLooking: true, error: null };
  return { image: known.image, isLooking: false, error: known.error };
}
