/** Step 1: where the system comes from. */
import { FormGroup, Radio } from "@patternfly/react-core";
import { useT } from "../app/context.tsx";
import { type LocalFile, type Source, SOURCES } from "./draft.ts";
import { FilePick } from "./file-pick.tsx";
import { GuestSource } from "./guest-source.tsx";
import { KernelSource } from "./kernel-source.tsx";
import { localFile } from "./local-file.ts";
import type { StepProps } from "./step-props.ts";
import { UrlSource } from "./url-source.tsx";
import type { WebLook } from "./use-web-image.ts";
import { VolumePick } from "./volume-pick.tsx";

interface Props extends StepProps {
  readonly guestsError: unknown;
  readonly areGuestsKnown: boolean;
  readonly look: WebLook;
}

export function SourceStep(props: Props) {
  const t = useT();
  const { settled, change } = props;
  return (
    <FormGroup label={t("newVm.source")} role="radiogroup" fieldId="new-vm-source" isStack>
      {SOURCES.map((source) => (
        <Radio
          key={source}
          id={`new-vm-source-${source}`}
          name="new-vm-source"
          label={t(`newVm.source.${source}`)}
          description={t(`newVm.source.${source}Hint`)}
          isChecked={settled.source === source}
          onChange={() => change({ source })}
          body={
            settled.source === source && (
              <div className="tv-new-vm-fields">
                <Chosen {...props} source={source} />
              </div>
            )
          }
        />
      ))}
    </FormGroup>
  );
}

function Chosen({ source, ...props }: Props & { readonly source: Source }) {
  switch (source) {
    case "guest":
      return <GuestSource {...props} />;
    case "file":
      return <FileSource {...props} />;
    case "url":
      return <UrlSource {...props} />;
    case "import":
      return (
        <VolumePick
          {...props}
          field="volume"
          picked={props.settled.volume}
          onPick={(volume) => props.change({ volume })}
        />
      );
    case "kernel":
      return <KernelSource {...props} />;
  }
}

function FileSource({ settled, change, said }: StepProps) {
  const t = useT();
  return (
    <FormGroup label={t("newVm.image")} fieldId="new-vm-image" isRequired>
      <FilePick
        id="new-vm-image"
        label={t("newVm.image")}
        picked={settled.image}
        said={said("image")}
        onFiles={(files) => void recognized(files).then(change)}
        onRemove={() => change({ image: null })}
      />
    </FormGroup>
  );
}

/** Where files belong: a kernel or initramfs is not an image to install from. */
export async function recognized(
  files: readonly File[],
): Promise<{ source?: Source; image?: LocalFile; kernel?: LocalFile; initrd?: LocalFile }> {
  const all = await Promise.all(files.map(localFile));
  const kernel = all.find(({ kind }) => kind.kind === "kernel" || kind.kind === "foreign");
  const initrd = all.find(({ kind }) => kind.kind === "initrd");
  if (kernel || initrd) {
    return { source: "kernel", ...(kernel && { kernel }), ...(initrd && { initrd }) };
  }
  const [image] = all;
  return image ? { source: "file", image } : {};
}
