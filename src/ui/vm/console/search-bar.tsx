/** Finds text in scrollback and screen. */
import { SearchInput } from "@patternfly/react-core";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useT } from "../../app/context.tsx";
import type { TerminalSession } from "./terminal-session.ts";

interface Props {
  readonly session: TerminalSession;
  readonly onClose: () => void;
}

/** Marks every match; xterm reports how many there are only with decorations on. */
const DECORATIONS = {
  matchBackground: "#5c4a00",
  activeMatchBackground: "#9a6b00",
  matchOverviewRuler: "#dca614",
  activeMatchColorOverviewRuler: "#ffcc17",
} as const;

interface Found {
  /** From 0; -1 when there are too many to tell. */
  readonly index: number;
  readonly count: number;
}

const OPTIONS = { decorations: DECORATIONS };

export function SearchBar({ session, onClose }: Props) {
  const t = useT();
  const [text, setText] = useState("");
  const [found, setFound] = useState<Found>({ index: 0, count: 0 });
  const input = useRef<HTMLInputElement>(null);

  useEffect(() => {
    input.current?.focus();
    const listening = session.search.onDidChangeResults(({ resultIndex, resultCount }) =>
      setFound({ index: resultIndex, count: resultCount }),
    );
    return () => {
      listening.dispose();
      session.search.clearDecorations();
    };
  }, [session]);

  const change = (value: string) => {
    setText(value);
    if (value === "") session.search.clearDecorations();
    else session.search.findPrevious(value, { ...OPTIONS, incremental: true });
  };
  const close = () => {
    onClose();
    session.terminal.focus();
  };
  const previous = () => void session.search.findPrevious(text, OPTIONS);
  const next = () => void session.search.findNext(text, OPTIONS);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") close();
    if (event.key === "Enter") (event.shiftKey ? previous : next)();
  };
  const none = found.count === 0;
  const count = none
    ? t("console.findNone")
    : t("console.findCount", { index: found.index + 1, count: found.count });
  return (
    <search className="tv-search">
      <SearchInput
        ref={input}
        onKeyDown={onKeyDown}
        aria-label={t("console.findPlaceholder")}
        placeholder={t("console.findPlaceholder")}
        previousNavigationButtonAriaLabel={t("console.findPrevious")}
        nextNavigationButtonAriaLabel={t("console.findNext")}
        resetButtonLabel={t("console.findClose")}
        value={text}
        onChange={(_, value) => change(value)}
        onClear={close}
        {...(text !== "" && { resultsCount: count })}
        {...(text !== "" && !none && { onPreviousClick: previous, onNextClick: next })}
      />
    </search>
  );
}
