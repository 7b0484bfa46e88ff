/** Defines a pool, makes what it needs and starts it. */
import { Button, FormGroup, FormSelect, FormSelectOption, TextArea } from "@patternfly/react-core";
import { useState } from "react";
import { StoragePoolCreateFlags } from "../../virt/driver/storage-flags.ts";
import type { PoolDefinition } from "../../virt/storage/pool.ts";
import { useApp } from "../app/context.tsx";
import { isSize, type Size, sizeBytes, SizeField, sizeOf } from "./size-field.tsx";
import { FieldNote, FormDialog, TextField } from "./form-dialog.tsx";

const TYPES = ["dir", "logical", "http"] as const;
/** Where the files of volume groups are. */
const GROUPS = "/var/lib/tabvisor/volume-groups";

export function NewPoolDialog({ onClose }: { readonly onClose: () => void }) {
  const { t, connection } = useApp();
  const [name, setName] = useState("");
  const [type, setType] = useState<(typeof TYPES)[number]>("dir");
  const [path, setPath] = useState("/var/lib/libvirt/");
  const [urls, setUrls] = useState("");
  const [size, setSize] = useState<Size>(sizeOf(2 ** 30));
  const addresses = urls
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const { pickFolder } = connection.storage;
  const isPlace = {
    dir: path.startsWith("/"),
    logical: isSize(size),
    http: addresses.length > 0,
  };
  const problems = {
    name: name.trim() === "" || name.includes("/"),
    place: !isPlace[type],
  };
  const places = {
    dir: { targetPath: path.trim(), source: {} },
    logical: {
      targetPath: `/dev/${name.trim()}`,
      source: { devices: [`${GROUPS}/${name.trim()}.pv`], deviceBytes: sizeBytes(size) },
    },
    http: { targetPath: "", source: sourceOf(addresses) },
  };
  const submit = async () => {
    const { storage } = connection;
    const uuid = crypto.randomUUID();
    const definition = { uuid, name: name.trim(), type, ...places[type], autostart: true };
    await storage.definePool(definition);
    try {
      await storage.startPool(uuid, StoragePoolCreateFlags.withBuild);
    } catch (error) {
      // What cannot start at once was mistyped, most likely.
      await storage.undefinePool(uuid);
      throw error;
    }
  };
  return (
    <FormDialog
      id="new-pool"
      title={t("pool.newTitle")}
      submitLabel={t("create.create")}
      isValid={!problems.name && !problems.place}
      onSubmit={submit}
      onClose={onClose}
    >
      {(shown) => (
        <>
          <TextField
            id="new-pool-name"
            label={t("pool.name")}
            value={name}
            onChange={setName}
            problem={shown && problems.name ? t("pool.problem.name") : undefined}
          />
          <FormGroup label={t("pool.type")} fieldId="new-pool-type">
            <FormSelect
              id="new-pool-type"
              value={type}
              onChange={(_, value) => setType(value as typeof type)}
            >
              {TYPES.map((each) => (
                <FormSelectOption key={each} value={each} label={t(`pool.type.${each}`)} />
              ))}
            </FormSelect>
          </FormGroup>
          {type === "logical" && (
            <SizeField id="new-pool-size" size={size} onChange={setSize} shown={shown} />
          )}
          {type === "dir" && (
            <TextField
              id="new-pool-path"
              label={t("pool.path")}
              value={path}
              onChange={setPath}
              hint={t("pool.dirHint")}
              problem={shown && problems.place ? t("pool.problem.path") : undefined}
            />
          )}
          {type === "dir" && pickFolder && (
            <Button
              variant="secondary"
              onClick={() => void pickFolder().then((chosen) => chosen && setPath(chosen))}
            >
              {t("pool.pickFolder")}
            </Button>
          )}
          {type === "http" && (
            <FormGroup label={t("pool.urls")} fieldId="new-pool-urls" isRequired>
              <TextArea
                id="new-pool-urls"
                value={urls}
                rows={4}
                aria-describedby="new-pool-urls-note"
                onChange={(_, value) => setUrls(value)}
              />
              <FieldNote
                id="new-pool-urls-note"
                hint={t("pool.urlsHint")}
                problem={shown && problems.place ? t("pool.problem.urls") : undefined}
              />
            </FormGroup>
          )}
        </>
      )}
    </FormDialog>
  );
}

/** Addresses that look like images are images; others are lists, of which there can be one. */
function sourceOf(addresses: readonly string[]): PoolDefinition["source"] {
  const [only, ...more] = addresses;
  const isList = only !== undefined && more.length === 0 && /(?:\/|\.json|\.html?)$/.test(only);
  return isList ? { url: only } : { urls: addresses };
}
