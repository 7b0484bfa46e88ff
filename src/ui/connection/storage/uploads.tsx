/** Files of the user on their way into a pool: chosen, or dropped. */
import { Button } from "@patternfly/react-core";
import UploadIcon from "@patternfly/react-icons/dist/esm/icons/upload-icon";
import { type DragEvent, type ReactNode, useRef, useState } from "react";
import type { ManagedPool, ManagedVolume } from "../../../virt/manager/objects.ts";
import { freeFileName } from "../../../virt/manager/free-file-name.ts";
import { useT } from "../../app/context.tsx";
import { fileContent } from "../../common/file-content.ts";
import { useManager, useTask } from "../../shell/context.tsx";
import { poolType } from "./pool-facts.ts";
import { uploadVolume } from "./transfers.ts";

/** @returns a function that stores files as volumes of their names, or of free ones like them */
export function useUpload(
  pool: ManagedPool,
  volumes: readonly ManagedVolume[],
): (files: readonly File[]) => void {
  const t = useT();
  const manager = useManager();
  const run = useTask();
  // Those under way are in the list when they are done.
  const taken = useRef(new Set<string>());
  const { ref, uuid } = pool;
  const store = async (file: File, name: string): Promise<void> => {
    const attempt = { title: t("volume.task.upload", { name }), subject: uuid, canCancel: true };
    const upload = {
      pool: ref,
      poolType: poolType(pool),
      name,
      content: fileContent(file),
    };
    await run(attempt, async (control) => {
      try {
        await uploadVolume(manager.connect, upload, control);
      } finally {
        await manager.connect.storagePoolRefresh(ref, 0).catch(() => {});
        await manager.refreshPool(uuid);
      }
    });
    taken.current.delete(name);
  };
  return (files) => {
    for (const file of files) {
      const known = new Set([...taken.current, ...volumes.map((volume) => volume.name)]);
      const name = freeFileName(file.name, known);
      taken.current.add(name);
      void store(file, name);
    }
  };
}

export function UploadButton({ onFiles }: { readonly onFiles: (files: readonly File[]) => void }) {
  const t = useT();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button variant="secondary" icon={<UploadIcon />} onClick={() => input.current?.click()}>
        {t("volume.upload")}
      </Button>
      <input
        ref={input}
        type="file"
        multiple
        className="tv-hidden-file"
        aria-label={t("volume.upload")}
        tabIndex={-1}
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = "";
        }}
      />
    </>
  );
}

interface DropProps {
  /** Null where nothing can be taken. */
  readonly onFiles: ((files: readonly File[]) => void) | null;
  readonly children: ReactNode;
}

/** Takes files that are dropped anywhere on it. */
export function DropArea({ onFiles, children }: DropProps) {
  const [over, setOver] = useState(false);
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    onFiles?.([...event.dataTransfer.files]);
  };
  const onDragOver = (event: DragEvent) => {
    // Else the browser would leave the page for the file.
    event.preventDefault();
    setOver(onFiles !== null);
  };
  return (
    <div
      className={over ? "tv-volumes tv-drop-over" : "tv-volumes"}
      onDragOver={onDragOver}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      {children}
    </div>
  );
}
