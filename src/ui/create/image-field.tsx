/** A place for one file: chosen with a button or dropped on it. */
import { Button, FormGroup } from "@patternfly/react-core";
import TimesIcon from "@patternfly/react-icons/dist/esm/icons/times-icon";
import UploadIcon from "@patternfly/react-icons/dist/esm/icons/upload-icon";
import { type DragEvent, useRef, useState } from "react";
import { useT } from "../app/context.tsx";
import { formatBytes } from "../common/format.ts";
import type { Picked, Role } from "./draft.ts";

interface Props {
  readonly role: Role;
  readonly picked: Picked | undefined;
  /** Several when they were dropped together. */
  readonly onPick: (files: readonly File[]) => void;
  readonly onRemove: () => void;
}

export function ImageField({ role, picked, onPick, onRemove }: Props) {
  const t = useT();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const id = `create-${role}`;
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    onPick([...event.dataTransfer.files]);
  };
  const onDragOver = (event: DragEvent) => {
    event.preventDefault();
    setOver(true);
  };
  return (
    <FormGroup label={t(`create.${role}`)} fieldId={id}>
      <div
        className={over ? "tv-drop tv-drop-over" : "tv-drop"}
        onDragOver={onDragOver}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
      >
        <input
          ref={input}
          id={id}
          type="file"
          className="tv-hidden-file"
          aria-describedby={`${id}-hint`}
          tabIndex={-1}
          onChange={(event) => {
            onPick([...(event.currentTarget.files ?? [])]);
            event.currentTarget.value = "";
          }}
        />
        <Button
          variant="secondary"
          size="sm"
          icon={<UploadIcon />}
          aria-label={`${t(picked ? "create.replace" : "create.choose")}: ${t(`create.${role}`)}`}
          onClick={() => input.current?.click()}
        >
          {t(picked ? "create.replace" : "create.choose")}
        </Button>
        {picked ? (
          <PickedFile picked={picked} onRemove={onRemove} />
        ) : (
          <span>{t("create.dropHint")}</span>
        )}
      </div>
      <div id={`${id}-hint`} className="tv-hint">
        {t(`create.${role}Hint`)}
      </div>
    </FormGroup>
  );
}

function PickedFile({
  picked,
  onRemove,
}: {
  readonly picked: Picked;
  readonly onRemove: () => void;
}) {
  const t = useT();
  const sizeBytes = picked instanceof File ? picked.size : picked.sizeBytes;
  return (
    <>
      <span className="tv-picked">
        {picked.name} <span className="tv-hint">{formatBytes(sizeBytes, t)}</span>
      </span>
      <Button
        variant="plain"
        size="sm"
        icon={<TimesIcon />}
        aria-label={t("create.remove", { name: picked.name })}
        onClick={onRemove}
      />
    </>
  );
}
