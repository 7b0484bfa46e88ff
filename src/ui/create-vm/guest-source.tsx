/** The images that are served beside the page. */
import { Alert, Radio } from "@patternfly/react-core";
import type { GuestManifest } from "../../virt/guest-manifest.ts";
import { useT } from "../app/context.tsx";
import { errorText } from "../common/error-text.ts";
import { formatBytes } from "../common/format.ts";
import type { MessageKey, Translate } from "../i18n/catalogue.ts";
import { guestTitle, knownName } from "../common/guest-title.ts";
import type { StepProps } from "./step-props.ts";

interface Props extends StepProps {
  readonly guestsError: unknown;
  readonly areGuestsKnown: boolean;
}

export function GuestSource({ settled, around, change, guestsError, areGuestsKnown }: Props) {
  const t = useT();
  if (!areGuestsKnown) return <p className="tv-subtle">{t("newVm.guestsLoading")}</p>;
  if (guestsError !== null) {
    return (
      <Alert
        variant="warning"
        variantLabel={t("alert.warning")}
        isInline
        title={t("newVm.guestsFailed")}
      >
        {errorText(guestsError)}
      </Alert>
    );
  }
  return (
    <div role="radiogroup" aria-label={t("newVm.guests")} className="tv-new-vm-choices">
      {around.guests.map((guest) => (
        <Radio
          key={guest.name}
          id={`new-vm-guest-${guest.name}`}
          name="new-vm-guest"
          label={guestTitle(guest, t)}
          description={guestFacts(guest, t)}
          isChecked={guest.name === settled.guest?.name}
          onChange={() => change({ guest: guest.name })}
        />
      ))}
    </div>
  );
}

function guestFacts(guest: GuestManifest, t: Translate): string {
  const { kernel, initrd, disk } = guest.boots.fast;
  const bytes = kernel.sizeBytes + initrd.sizeBytes + (disk?.sizeBytes ?? 0);
  const facts = t("newVm.guestFacts", {
    size: formatBytes(bytes, t),
    memory: formatBytes(guest.usualMemoryBytes, t),
  });
  const known = knownName(guest);
  const key: MessageKey | undefined = known && `newVm.guest.${known}Hint`;
  return key ? `${t(key)} · ${facts}` : facts;
}
