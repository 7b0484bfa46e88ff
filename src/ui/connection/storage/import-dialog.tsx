/** Brings an image of the web into a pool: read as it is needed, or as a copy. */
import { FormGroup, Radio } from "@patternfly/react-core";
import { useState } from "react";
import { vmError } from "../../../protocol/vm-error.ts";
import type { GuestManifest } from "../../../virt/guest-manifest.ts";
import type { ManagedPool, ManagedVolume } from "../../../virt/manager/objects.ts";
import { freeFileName } from "../../../virt/manager/free-file-name.ts";
import { newVolume } from "../../../virt/manager/new-volume.ts";
import { guestVolume } from "../../../virt/manager/served-guest.ts";
import type { XmlElement } from "../../../virt/xml/element.ts";
import { formatXml } from "../../../virt/xml/format.ts";
import { useT } from "../../app/context.tsx";
import { ChoiceField, TextField } from "../../common/fields.tsx";
import { FormDialog } from "../../common/form-dialog.tsx";
import { guestTitle } from "../../common/guest-title.ts";
import { useLoaded } from "../../common/use-loaded.ts";
import { lookAtWeb, webContent, type WebImage } from "../../common/web-image.ts";
import { webRefusalText } from "../../common/web-refusal-text.ts";
import type { Translate } from "../../i18n/catalogue.ts";
import { useManager, useShell, useTask } from "../../shell/context.tsx";
import { useDialogTask } from "../use-dialog-task.ts";
import { placeOf } from "./new-volume-dialog.tsx";
import { poolType } from "./pool-facts.ts";
import { uploadVolume } from "./transfers.ts";
import { volumeProblems } from "./volume-draft.ts";
import { baseName } from "./volume-facts.ts";

interface Props {
  readonly pool: ManagedPool;
  readonly volumes: readonly ManagedVolume[];
  readonly onClose: () => void;
}

const HOW = ["overlay", "copy"] as const;
type How = (typeof HOW)[number];

export function ImportDialog({ pool, volumes, onClose }: Props) {
  const t = useT();
  const guests = useGuestsWithDisks();
  const [guestName, setGuestName] = useState("");
  const [url, setUrl] = useState("");
  const [typedName, setName] = useState<string | null>(null);
  const [how, setHow] = useState<How>("overlay");
  const importImage = useImport(pool);
  const guest = guests.find((each) => each.name === guestName);
  const address = guest ? guestAddress(guest) : absolute(url);
  const taken = new Set(volumes.map((volume) => volume.name));
  const name = typedName ?? freeFileName(usualName(guest, address, how), taken);
  const draft = { ...SOUND, name };
  const problem = volumeProblems(draft, placeOf(pool, volumes)).name;
  const submit = async () => {
    if (address !== null) await importImage({ address, name, how, guest });
  };
  return (
    <FormDialog
      id="import"
      title={t("import.title")}
      submitLabel={t("import.start")}
      isValid={problem === undefined && address !== null}
      onSubmit={submit}
      onClose={onClose}
    >
      {(shown) => (
        <>
          {guests.length > 0 && (
            <ChoiceField
              id="import-guest"
              label={t("import.built")}
              value={guestName}
              options={[
                ["", t("import.other")] as const,
                ...guests.map((each) => [each.name, guestTitle(each, t)] as const),
              ]}
              onChange={setGuestName}
            />
          )}
          {!guest && (
            <TextField
              id="import-url"
              label={t("import.url")}
              value={url}
              onChange={setUrl}
              hint={t("import.urlHint")}
              problem={address === null ? t("import.problem.url") : undefined}
              shown={shown}
            />
          )}
          <TextField
            id="import-name"
            label={t("volume.name")}
            value={name}
            onChange={setName}
            problem={problem}
            shown={shown}
          />
          <HowField how={how} onChange={setHow} />
        </>
      )}
    </FormDialog>
  );
}

const SOUND = {
  format: "raw",
  size: { text: "1", unit: 0 },
  allocates: false,
  backing: null,
} as const;

function HowField({ how, onChange }: { readonly how: How; readonly onChange: (how: How) => void }) {
  const t = useT();
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

/** Guests that are served with a disk; none where no guests are served. */
function useGuestsWithDisks(): readonly GuestManifest[] {
  const { guests } = useShell();
  const all = useLoaded(guests).value ?? [];
  return all.filter(({ boots }) => boots.fast.disk !== undefined);
}

interface Import {
  readonly address: string;
  readonly name: string;
  readonly how: How;
  readonly guest: GuestManifest | undefined;
}

function useImport(pool: ManagedPool): (wanted: Import) => Promise<void> {
  const t = useT();
  const manager = useManager();
  const inDialog = useDialogTask();
  const inLog = useTask();
  const { ref, uuid } = pool;
  return async ({ address, name, how, guest }) => {
    const title = t("volume.task.import", { name });
    if (how === "overlay") {
      await inDialog(title, async () => {
        const xml = (guest && guestVolume(guest, name)) ?? overlay(await look(address, t), name);
        await manager.connect.storageVolCreateXML(ref, formatXml(xml), 0);
      });
      return manager.refreshPool(uuid);
    }
    const image = await look(address, t);
    if (image.hasBacking) throw vmError("operationUnsupported", t("import.problem.standsOnOther"));
    // It takes long, and goes on in the task log.
    void inLog({ title, subject: uuid, canCancel: true }, async (control) => {
      try {
        const content = webContent(address, image.sizeBytes);
        await uploadVolume(
          manager.connect,
          { pool: ref, poolType: poolType(pool), name, content },
          control,
        );
      } finally {
        await manager.connect.storagePoolRefresh(ref, 0).catch(() => {});
        await manager.refreshPool(uuid);
      }
    });
  };
}

/** Its error is told in the page's language. */
async function look(address: string, t: Translate): Promise<WebImage> {
  try {
    return await lookAtWeb(address, fetch);
  } catch (cause) {
    throw new Error(webRefusalText(cause, t), { cause });
  }
}

function overlay({ url, kind }: WebImage, name: string): XmlElement {
  const format = kind.kind === "disk" ? kind.format : "raw";
  return newVolume({ name, format: "qcow2", backing: { path: url, format } });
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

/** What the volume is called when nobody says otherwise: a copy keeps the image's own name. */
function usualName(guest: GuestManifest | undefined, address: string | null, how: How): string {
  const last = address === null ? "" : decodeURIComponent(baseName(new URL(address).pathname));
  if (guest) return `${guest.name}.qcow2`;
  if (last === "" || how === "copy") return last;
  return `${last.replace(/\.(?:qcow2|img|raw|iso)$/, "")}.qcow2`;
}
