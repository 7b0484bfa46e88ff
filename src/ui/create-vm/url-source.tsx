/** An image of a web server: its address, what is there, and how it is used. */
import { FormGroup, Radio, TextInput } from "@patternfly/react-core";
import { useT } from "../app/context.tsx";
import { formatBytes } from "../common/format.ts";
import type { Translate } from "../i18n/catalogue.ts";
import type { WebImage } from "../common/web-image.ts";
import { webRefusalText } from "../common/web-refusal-text.ts";
import { WAYS } from "./draft.ts";
import { FieldNote } from "./field-note.tsx";
import { kindText } from "./file-pick.tsx";
import type { StepProps } from "./step-props.ts";
import type { WebLook } from "./use-web-image.ts";

interface Props extends StepProps {
  readonly look: WebLook;
}

export function UrlSource({ settled, change, said, look }: Props) {
  const t = useT();
  const { problem, warning } = said("url");
  const error = look.error === null ? undefined : webRefusalText(look.error, t);
  const isWrong = error ?? problem;
  return (
    <>
      <FormGroup label={t("newVm.url")} fieldId="new-vm-url" isRequired>
        <TextInput
          id="new-vm-url"
          type="url"
          isRequired
          autoComplete="off"
          spellCheck={false}
          value={settled.url}
          validated={isWrong === undefined ? "default" : "error"}
          aria-describedby="new-vm-url-note"
          onChange={(_, url) => change({ url })}
        />
        <FieldNote
          id="new-vm-url-note"
          said={{ problem: isWrong, warning }}
          hint={lookText(look, t)}
        />
      </FormGroup>
      <FormGroup label={t("newVm.way")} role="radiogroup" fieldId="new-vm-way" isStack>
        {WAYS.map((way) => (
          <Radio
            key={way}
            id={`new-vm-way-${way}`}
            name="new-vm-way"
            label={t(`newVm.way.${way}`)}
            description={t(`newVm.way.${way}Hint`)}
            isChecked={settled.way === way}
            onChange={() => change({ way })}
          />
        ))}
      </FormGroup>
    </>
  );
}

function lookText({ image, isLooking }: WebLook, t: Translate): string {
  if (isLooking) return t("newVm.urlLooking");
  return image ? webText(image, t) : t("newVm.urlHint");
}

function webText({ kind, sizeBytes }: WebImage, t: Translate): string {
  const what = kindText(kind, t);
  if (sizeBytes === null) return t("newVm.urlFoundUnsized", { kind: what });
  return t("newVm.urlFound", { kind: what, size: formatBytes(sizeBytes, t) });
}
