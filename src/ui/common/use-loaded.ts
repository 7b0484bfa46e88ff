/** What has to be asked for, for views. */
import { useEffect, useState } from "react";

export interface Loaded<T> {
  /** Null until it is there. The answer of before stays until there is a newer one. */
  readonly value: T | null;
  /** Why it could not be had; null when it could. */
  readonly error: unknown;
}

/** @param load asked again when it is another function: wrap it in `useCallback` */
export function useLoaded<T>(load: () => Promise<T>): Loaded<T> {
  const [loaded, setLoaded] = useState<Loaded<T>>({ value: null, error: null });
  useEffect(() => {
    let wanted = true;
    load().then(
      (value) => wanted && setLoaded({ value, error: null }),
      (error: unknown) => wanted && setLoaded({ value: null, error }),
    );
    return () => {
      wanted = false;
    };
  }, [load]);
  return loaded;
}
