/** Deletes machines, and of their storage what is ticked. */
import {
  Alert,
  Button,
  List,
  ListItem,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  Spinner,
} from "@patternfly/react-core";
import { useState } from "react";
import { deleteDomain } from "../../virt/manager/deletion.ts";
import type { ManagedDomain } from "../../virt/manager/objects.ts";
import { useApp, usePreferences } from "../app/context.tsx";
import { useManager, useTask } from "../shell/context.tsx";
import { StorageTable } from "./storage-table.tsx";
import { type DoomedStorage, useStorageOf } from "./use-storage-of.ts";

interface Props {
  readonly domains: readonly ManagedDomain[];
  readonly onClose: () => void;
}

export function DeleteDialog({ domains, onClose }: Props) {
  const { t } = useApp();
  const { confirmDeleteStorage } = usePreferences();
  const storage = useStorageOf(domains);
  const [changed, setChanged] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [isSure, setSure] = useState(false);
  const doom = useDelete(onClose);
  const isTicked = (each: DoomedStorage) => changed.get(each.id) ?? each.isDoomed;
  const doomed = storage?.filter(isTicked) ?? [];
  const submit = () => {
    if (doomed.length > 0 && confirmDeleteStorage && !isSure) setSure(true);
    else doom(domains, doomed);
  };
  const [first] = domains;
  const title =
    domains.length === 1
      ? t("delete.title", { name: first?.name ?? "" })
      : t("delete.titleMany", { count: domains.length });
  return (
    <Modal
      isOpen
      variant="medium"
      aria-labelledby="delete-title"
      elementToFocus="#delete-cancel"
      onEscapePress={onClose}
    >
      <ModalHeader title={title} labelId="delete-title" titleIconVariant="warning" />
      <ModalBody tabIndex={0} aria-labelledby="delete-title">
        {isSure ? (
          <Sure doomed={doomed} />
        ) : (
          <div className="tv-dialog-parts">
            <WhatGoes domains={domains} />
            {storage === null ? (
              <Spinner aria-label={t("app.loading")} />
            ) : (
              <StorageTable
                {...{ storage, isTicked }}
                hasOwners={domains.length > 1}
                onTick={(id, tick) => setChanged(new Map(changed).set(id, tick))}
              />
            )}
          </div>
        )}
      </ModalBody>
      <ModalFooter>
        <Button variant="danger" isDisabled={storage === null} onClick={submit}>
          {t("delete.delete")}
        </Button>
        <Button id="delete-cancel" variant="link" onClick={onClose}>
          {t("action.cancel")}
        </Button>
      </ModalFooter>
    </Modal>
  );
}

function WhatGoes({ domains }: { readonly domains: readonly ManagedDomain[] }) {
  const { t } = useApp();
  const running = domains.filter(({ ref }) => ref.id > 0);
  return (
    <>
      {domains.length > 1 && (
        <List className="tv-names">
          {domains.map(({ uuid, name }) => (
            <ListItem key={uuid}>{name}</ListItem>
          ))}
        </List>
      )}
      {running.length > 0 && (
        <Alert
          isInline
          isPlain
          variant="warning"
          variantLabel={t("alert.warning")}
          title={t("delete.running", { names: running.map(({ name }) => name).join(", ") })}
        />
      )}
    </>
  );
}

function Sure({ doomed }: { readonly doomed: readonly DoomedStorage[] }) {
  const { t } = useApp();
  return (
    <div role="alert">
      <p>{t("delete.sure")}</p>
      <List className="tv-names">
        {doomed.map(({ id, path }) => (
          <ListItem key={id}>
            <code>{path}</code>
          </ListItem>
        ))}
      </List>
    </div>
  );
}

type Doom = (domains: readonly ManagedDomain[], storage: readonly DoomedStorage[]) => void;

/** Each machine goes as a task of its own. */
function useDelete(onClose: () => void): Doom {
  const { t } = useApp();
  const manager = useManager();
  const run = useTask();
  return (domains, storage) => {
    onClose();
    for (const domain of domains) {
      const volumes = storage.flatMap(({ owner, volume }) =>
        owner === domain.uuid && volume ? [volume] : [],
      );
      const title = t("doing.undefine", { name: domain.name });
      void run({ title, subject: domain.uuid }, async () => {
        try {
          await deleteDomain(manager.connect, domain, volumes);
        } finally {
          await refreshPools(
            manager,
            volumes.map(({ pool }) => pool),
          );
        }
      });
    }
  };
}

/** No event tells of volumes. */
async function refreshPools(
  manager: ReturnType<typeof useManager>,
  names: readonly string[],
): Promise<void> {
  const touched = manager.pools().filter(({ name }) => names.includes(name));
  await Promise.all(touched.map(({ uuid }) => manager.refreshPool(uuid)));
}
