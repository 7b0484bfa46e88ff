/** Takes a device away, after a question: at once where it can be unplugged, else after the next shut off. */
import {
  Button,
  Checkbox,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
} from "@patternfly/react-core";
import { useState } from "react";
import { diskSource } from "../../../virt/conf/domain/view.ts";
import type { ManagedDomain } from "../../../virt/manager/objects.ts";
import { useApp, useT } from "../../app/context.tsx";
import { errorText } from "../../common/error-text.ts";
import { replace } from "../../shell/route.ts";
import { useManager, useTask } from "../../shell/context.tsx";
import { removeDevice } from "./actions.ts";
import { useEditGuard } from "./edit-guard.ts";
import type { Device } from "./model/hardware.ts";

interface Props {
  readonly domain: ManagedDomain;
  readonly device: Device;
  readonly label: string;
}

export function RemoveButton({ domain, device, label }: Props) {
  const t = useT();
  const [asking, setAsking] = useState(false);
  const remove = useRemove(domain, device, label);
  return (
    <>
      <Button variant="link" isDanger className="tv-hw-remove" onClick={() => setAsking(true)}>
        {t("hw.remove")}
      </Button>
      {asking && (
        <RemoveDialog
          device={device}
          label={label}
          onCancel={() => setAsking(false)}
          onRemove={(withFile) => {
            setAsking(false);
            void remove(withFile);
          }}
        />
      )}
    </>
  );
}

function useRemove(domain: ManagedDomain, device: Device, label: string) {
  const { t, notices } = useApp();
  const manager = useManager();
  const guard = useEditGuard();
  const run = useTask();
  return async (withFile: boolean): Promise<void> => {
    const file = withFile ? diskSource(device.element) : undefined;
    const done = await run(
      { title: t("hw.removing", { name: label }), subject: domain.uuid },
      async () => {
        // What was typed about it is about nothing now.
        guard.forget();
        const refusal = await removeDevice(manager, domain, device.id);
        if (refusal) {
          const title = t("hw.removedLater", { name: label });
          notices.add({ variant: "info", title, text: errorText(refusal) });
        } else if (file !== undefined) {
          const volume = await manager.connect.storageVolLookupByPath(file);
          await manager.connect.storageVolDelete(volume, 0);
        }
        return refusal;
      },
    );
    const after = manager.domain(domain.uuid);
    if (done && after) replace({ view: "vm", uuid: domain.uuid, tab: "details", item: "overview" });
  };
}

interface DialogProps {
  readonly device: Device;
  readonly label: string;
  readonly onCancel: () => void;
  readonly onRemove: (withFile: boolean) => void;
}

function RemoveDialog({ device, label, onCancel, onRemove }: DialogProps) {
  const t = useT();
  const [withFile, setWithFile] = useState(false);
  const file = device.element.name === "disk" ? diskSource(device.element) : undefined;
  return (
    <Modal
      isOpen
      variant="small"
      aria-labelledby="remove-title"
      aria-describedby="remove-text"
      elementToFocus="#remove-cancel"
      onEscapePress={onCancel}
    >
      <ModalHeader labelId="remove-title" title={t("hw.removeTitle", { name: label })} />
      <ModalBody id="remove-text">
        <p>{t("hw.removeText")}</p>
        {file !== undefined && (
          <Checkbox
            id="remove-file"
            label={t("hw.removeFile", { path: file })}
            isChecked={withFile}
            onChange={(_, checked) => setWithFile(checked)}
          />
        )}
      </ModalBody>
      <ModalFooter>
        <Button variant="danger" onClick={() => onRemove(withFile)}>
          {t("hw.remove")}
        </Button>
        <Button id="remove-cancel" variant="link" onClick={onCancel}>
          {t("action.cancel")}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
