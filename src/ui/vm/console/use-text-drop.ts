/** Text files that are dropped on the terminal are typed into the guest. */
import type { DragEvent } from "react";
import { useApp } from "../../app/context.tsx";
import type { TerminalSession } from "./terminal-session.ts";

/** Longer ones would take minutes over a serial line. */
const MOST_BYTES = 1 << 20;

interface DropHandlers {
  onDragOver(event: DragEvent): void;
  onDrop(event: DragEvent): void;
}

export function useTextDrop(session: TerminalSession): DropHandlers {
  const send = useSendText(session);
  return {
    onDragOver: (event) => {
      if (event.dataTransfer.types.includes("Files")) event.preventDefault();
    },
    onDrop: (event) => {
      const [file] = event.dataTransfer.files;
      if (!file) return;
      event.preventDefault();
      send(file);
    },
  };
}

/** @returns a function that types a text file into the guest */
export function useSendText(session: TerminalSession): (file: File) => void {
  const { t, notices } = useApp();
  return (file) => {
    const type = async (): Promise<void> => {
      if (file.size > MOST_BYTES) throw new Error(t("console.tooLong"));
      const text = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
      // As a paste: programs that ask for brackets get them.
      session.terminal.paste(text);
    };
    type().catch((error: unknown) => {
      const isText = !(error instanceof TypeError);
      const why = isText && error instanceof Error ? error.message : t("console.noText");
      notices.add({
        variant: "danger",
        title: t("console.sendFailed", { name: file.name }),
        text: why,
      });
    });
    session.terminal.focus();
  };
}
