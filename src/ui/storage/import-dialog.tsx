/** Brings an image from the web into a pool: as the backing image of a new volume, or as a copy. */
import { FormGroup, Radio } from "@patternfly/react-core";
import { useState } from "react";
import type { VolumeRequest } from "../../protocol/storage-service.ts";
import type { StoragePool } from "../../virt/storage/pool.ts";
import { useApp } from "../app/context.tsx";
import { FormDialog, TextField } from "./form-dialog.tsx";
import { useAttempt } from "./use-storage.ts";
import { nameProblem } from "./volume-name.ts";

interface Props {
  readonly pool: StoragePool;
  readonly onClose: () => void;
}

const HOW = ["overlay", "copy"] as const;

export function ImportDialog({ pool, onClose }: Props) {
  const { t, connection } = useApp();
  const attempt = useAttempt();
  const [url, setUrl] = useState("");
  const [name, setName] = useState("");
  const [how, setHow] = useState<(typeof HOW)[number]>("overlay");
  const address = absolute(url);
  const problem = nameProblem(name, pool);
  const { uuid } = pool.definition;
  const submit = async () => {
    if (address === null) return;
    const { storage } = connection;
    const request: VolumeRequest = { name, capacityBytes: 0, format: "qcow2", compat: "1.1" };
    const from = { url: address };
    if (how === "overlay") {
      await storage.createVolume(uuid, { ...request, backing: { path: address } });
    } else {
      // It goes on in the list, where it can be given up.
      void attempt(t("volume.import"), name, () => storage.cloneVolume(uuid, request, from));
    }
  };
  const changeUrl = (text: string) => {
    setUrl(text);
    if (name === "" || name === nameFrom(url)) setName(nameFrom(text));
  };
  return (
    <FormDialog
      id="import"
      title={t("import.title")}
      submitLabel={t("import.start")}
      isValid={problem === null && address !== null}
      onSubmit={submit}
      onClose={onClose}
    >
      {(shown) => (
        <>
          <TextField
            id="import-url"
            label={t("import.url")}
            value={url}
            onChange={changeUrl}
            hint={t("import.urlHint")}
            problem={shown && address === null ? t("pool.problem.urls") : undefined}
          />
          <TextField
            id="import-name"
            label={t("volume.name")}
            value={name}
            onChange={setName}
            problem={shown && problem ? t(problem) : undefined}
          />
          <FormGroup role="radiogroup" label={t("import.how")} fieldId="import-how">
            {HOW.map((each) => (
              <Radio
                key={each}
                id={`import-${each}`}
                name="import-how"
                label={t(`import.${each}`)}
                description={t(`import.${each}Hint`)}
                isChecked={how === each}
                onChange={() => setHow(each)}
              />
            ))}
          </FormGroup>
        </>
      )}
    </FormDialog>
  );
}

/** An address of the web, also one beside this page; null for anything else. */
function absolute(text: string): string | null {
  if (text.trim() === "") return null;
  const url = URL.parse(text.trim(), document.baseURI);
  return url && /^https?:$/.test(url.protocol) ? url.href : null;
}

/** What the volume is called when nobody says otherwise. */
function nameFrom(text: string): string {
  const url = URL.parse(text.trim(), document.baseURI);
  const last = url?.pathname.split("/").at(-1) ?? "";
  return last === "" ? "" : `${last.replace(/\.(?:qcow2|img|raw)$/, "")}.qcow2`;
}
