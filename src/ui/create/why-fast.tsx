/** Explains every option that the fast command line adds to the stock one. */
import { ExpandableSection } from "@patternfly/react-core";
import { useState } from "react";
import { addedOptions } from "../../virt/command-line.ts";
import type { GuestBoot, GuestManifest } from "../../virt/guest-manifest.ts";
import { useT } from "../app/context.tsx";
import type { MessageKey, Translate } from "../i18n/catalogue.ts";

const REASONS: readonly (readonly [begins: string, reason: MessageKey & `option.${string}`])[] = [
  ["console=", "option.console"],
  ["quiet", "option.quiet"],
  ["cryptomgr.notests", "option.cryptomgr.notests"],
  ["initcall_blacklist=jent_mod_init", "option.jent_mod_init"],
  ["initcall_blacklist=load_system_certificate_list", "option.load_system_certificate_list"],
  ["initcall_blacklist=trace_eval", "option.trace_eval"],
];

/** The page's own words where it has them, else the image's. */
function reasonText(option: string, notes: GuestBoot["notes"], t: Translate): string {
  const key = REASONS.find(([begins]) => option.startsWith(begins))?.[1];
  if (key) return t(key);
  return notes.find((note) => option.startsWith(note.option))?.why ?? t("option.other");
}

export function WhyFast({ guest }: { readonly guest: GuestManifest }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const { fast, stock } = guest.boots;
  return (
    <ExpandableSection
      toggleText={t("create.whyFast")}
      isExpanded={open}
      onToggle={(_, expanded) => setOpen(expanded)}
      isIndented
    >
      <dl className="tv-options">
        {addedOptions(fast.append, stock.append).map((option) => (
          <div key={option}>
            <dt>
              <code>{option}</code>
            </dt>
            <dd>{reasonText(option, fast.notes, t)}</dd>
          </div>
        ))}
      </dl>
    </ExpandableSection>
  );
}
