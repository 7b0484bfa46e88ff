/** A place for one image: a file that is chosen or dropped, or a volume. */
import { Button } from "@patternfly/react-core";
import TimesIcon from "@patternfly/react-icons/dist/esm/icons/times-icon";
import { type DragEvent, useRef, useState } from "react";
import { useT } from "../app/context.tsx";
import { formatBytes } from "../common/format.ts";
import type { Translate } from "../i18n/catalogue.ts";
import type { ChosenVolume, LocalFile } from "./draft.ts";
import { FieldNote } from "./field-note.tsx";
import type { ImageKind } from "../common/image-kind.ts";
import type { Said } from "./step-props.ts";

interface Props {
  readonly id: string;
  /** What is wanted, for screen readers. */
  readonly label: string;
  readonly picked: LocalFile | ChosenVolume | null;
  readonly said: Said;
  readonly onFiles: (files: readonly File[]) => void;
  readonly onRemove: () => void;
  /** Absent where volumes will not do. */
  readonly onBrowse?: () => void;
}

export function FilePick({ id, label, picked, said, onFiles, onRemove, onBrowse }: Props) {
  const t = useT();
  const input = useRef<HTMLInputElement>(null);
  const drop = useDrop(onFiles);
  return (
    <>
      <div
        {...drop.handlers}
        className={drop.isOver ? "tv-new-vm-drop tv-new-vm-drop-over" : "tv-new-vm-drop"}
      >
        <input
          ref={input}
          id={`${id}-file`}
          type="file"
          className="tv-new-vm-file"
          aria-label={label}
          tabIndex={-1}
          onChange={(event) => {
            onFiles([...(event.currentTarget.files ?? [])]);
            event.currentTarget.value = "";
          }}
        />
        <Button
          id={id}
          variant="secondary"
          aria-label={t("newVm.chooseFor", { what: label })}
          aria-describedby={`${id}-picked ${id}-note`}
          onClick={() => input.current?.click()}
        >
          {t("newVm.choose")}
        </Button>
        {onBrowse && (
          <Button
            variant="secondary"
            aria-label={t("newVm.browseFor", { what: label })}
            onClick={onBrowse}
          >
            {t("newVm.browse")}
          </Button>
        )}
        <span id={`${id}-picked`}>
          {picked ? (
            <Picked picked={picked} />
          ) : (
            <span className="tv-subtle">{t("newVm.drop")}</span>
          )}
        </span>
        {picked && (
          <Button
            variant="plain"
            size="sm"
            icon={<TimesIcon />}
            aria-label={t("newVm.remove", { name: picked.name })}
            onClick={onRemove}
          />
        )}
      </div>
      <FieldNote id={`${id}-note`} said={said} />
    </>
  );
}

function Picked({ picked }: { readonly picked: LocalFile | ChosenVolume }) {
  const t = useT();
  const isFile = picked.from === "computer";
  const facts = [
    isFile ? kindText(picked.kind, t) : picked.format,
    formatBytes(isFile ? picked.file.size : picked.capacityBytes, t),
  ];
  return (
    <>
      <span className="tv-new-vm-picked">{picked.name}</span>{" "}
      <span className="tv-subtle">{facts.join(", ")}</span>
    </>
  );
}

export function kindText(kind: ImageKind, t: Translate): string {
  switch (kind.kind) {
    case "disk":
      return t("newVm.kind.disk", { format: kind.format });
    case "packed":
      return t("newVm.kind.packed", { by: kind.by });
    default:
      return t(`newVm.kind.${kind.kind}`);
  }
}

/** Files can be dropped on what has the handlers. */
export function useDrop(onFiles: (files: readonly File[]) => void) {
  const [isOver, setOver] = useState(false);
  const hasFiles = (event: DragEvent): boolean => event.dataTransfer.types.includes("Files");
  const handlers = {
    onDragOver: (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: (): void => setOver(false),
    onDrop: (event: DragEvent): void => {
      setOver(false);
      if (!hasFiles(event)) return;
      event.preventDefault();
      event.stopPropagation();
      onFiles([...event.dataTransfer.files]);
    },
  };
  return { isOver, handlers };
}
