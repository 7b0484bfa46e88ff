/** Brings an image into a pool: as the backing image of a new volume, or as a copy. */
import { Checkbox, FormGroup, FormSelect, FormSelectOption, Radio } from "@patternfly/react-core";
import { useState } from "react";
import type { VolumeRequest } from "../../protocol/storage-service.ts";
import type { DomainDefinition } from "../../virt/domain.ts";
import type { GuestManifest } from "../../virt/guest-manifest.ts";
import type { StoragePool } from "../../virt/storage/pool.ts";
import { useApp, useDomains } from "../app/context.tsx";
import { useGuests } from "../common/use-guests.ts";
import { FormDialog, TextField } from "./form-dialog.tsx";
import { freeVolumeName } from "./transfers.ts";
import { useAttempt } from "./use-storage.ts";
import { nameProblem } from "./volume-name.ts";

interface Props {
  readonly pool: StoragePool;
  readonly onClose: () => void;
}

const HOW = ["overlay", "copy"] as const;
type How = (typeof HOW)[number];

export function ImportDialog({ pool, onClose }: Props) {
  const { t } = useApp();
  const guests = useGuests().list.filter(({ boots }) => boots.fast.disk !== undefined);
  const [guestName, setGuestName] = useState("");
  const [url, setUrl] = useState("");
  const [name, setName] = useState("");
  const [how, setHow] = useState<How>("overlay");
  const [makesMachine, setMakesMachine] = useState(true);
  const importImage = useImport(pool);
  const guest = guests.find((each) => each.name === guestName);
  const address = guest ? guestAddress(guest) : absolute(url);
  const problem = nameProblem(name, pool);
  const taken = new Set(pool.volumes.map((volume) => volume.name));
  const rename = (before: string, after: string) => {
    if (name === "" || name === before) setName(after === "" ? "" : freeVolumeName(after, taken));
  };
  const chooseGuest = (value: string) => {
    setGuestName(value);
    setName(value === "" ? "" : freeVolumeName(`${value}.qcow2`, taken));
  };
  const submit = async () => {
    if (address !== null)
      await importImage({ address, name, how, guest: makesMachine ? guest : undefined });
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
          {guests.length > 0 && (
            <FormGroup label={t("import.built")} fieldId="import-guest">
              <FormSelect
                id="import-guest"
                value={guestName}
                onChange={(_, value) => chooseGuest(value)}
              >
                <FormSelectOption value="" label={t("import.other")} />
                {guests.map((each) => (
                  <FormSelectOption key={each.name} value={each.name} label={each.title} />
                ))}
              </FormSelect>
            </FormGroup>
          )}
          {!guest && (
            <TextField
              id="import-url"
              label={t("import.url")}
              value={url}
              onChange={(text) => {
                rename(nameFrom(url), nameFrom(text));
                setUrl(text);
              }}
              hint={t("import.urlHint")}
              problem={shown && address === null ? t("pool.problem.urls") : undefined}
            />
          )}
          <TextField
            id="import-name"
            label={t("volume.name")}
            value={name}
            onChange={setName}
            problem={shown && problem ? t(problem) : undefined}
          />
          <HowField how={how} onChange={setHow} />
          {guest && (
            <Checkbox
              id="import-machine"
              label={t("import.machine")}
              isChecked={makesMachine}
              onChange={(_, checked) => setMakesMachine(checked)}
            />
          )}
        </>
      )}
    </FormDialog>
  );
}

function HowField({ how, onChange }: { readonly how: How; readonly onChange: (how: How) => void }) {
  const { t } = useApp();
  return (
    <FormGroup role="radiogroup" label={t("import.how")} fieldId="import-how">
      {HOW.map((each) => (
        <Radio
          key={each}
          id={`import-${each}`}
          name="import-how"
          label={t(`import.${each}`)}
          description={t(`import.${each}Hint`)}
          isChecked={how === each}
          onChange={() => onChange(each)}
        />
      ))}
    </FormGroup>
  );
}

interface Import {
  readonly address: string;
  readonly name: string;
  readonly how: How;
  /** A machine is made that boots it. */
  readonly guest: GuestManifest | undefined;
}

function useImport(pool: StoragePool): (wanted: Import) => Promise<void> {
  const { t, connection } = useApp();
  const attempt = useAttempt();
  const domains = useDomains();
  const { uuid } = pool.definition;
  return async ({ address, name, how, guest }) => {
    const { storage } = connection;
    const request: VolumeRequest = { name, capacityBytes: 0, format: "qcow2", compat: "1.1" };
    const makeMachine = async (path: string) => {
      const taken = new Set(domains.map(({ definition }) => definition.name));
      if (guest) await connection.define(machineOf(guest, path, taken));
    };
    if (how === "overlay") {
      const made = await storage.createVolume(uuid, { ...request, backing: { path: address } });
      await makeMachine(made.path);
      return;
    }
    // It goes on in the list, where it can be given up.
    void attempt(t("volume.import"), name, async () => {
      const made = await storage.cloneVolume(uuid, request, { url: address });
      await makeMachine(made.path);
    });
  };
}

/** A machine that boots a guest from its disk in a volume. */
function machineOf(
  guest: GuestManifest,
  source: string,
  taken: ReadonlySet<string>,
): DomainDefinition {
  return {
    uuid: crypto.randomUUID(),
    name: freeVolumeName(guest.title, taken),
    memoryBytes: Math.max(guest.usualMemoryBytes, 256 * 2 ** 20),
    vcpus: 1,
    boot: { kind: "guest", guest: guest.name, commandLine: { kind: "fast" } },
    disks: [
      {
        target: "vda",
        device: "disk",
        bus: "virtio",
        source,
        format: "qcow2",
        discard: "unmap",
      },
    ],
  };
}

/** Where the page's own images are served. */
function guestAddress({ name, boots }: GuestManifest): string | null {
  const path = boots.fast.disk?.path;
  return path === undefined ? null : absolute(`guests/${name}/${path}`);
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
