/** A domain's state as an icon with text: never by colour alone. */
import { Label, type LabelProps } from "@patternfly/react-core";
import ExclamationCircleIcon from "@patternfly/react-icons/dist/esm/icons/exclamation-circle-icon";
import InProgressIcon from "@patternfly/react-icons/dist/esm/icons/in-progress-icon";
import PauseCircleIcon from "@patternfly/react-icons/dist/esm/icons/pause-circle-icon";
import PlayCircleIcon from "@patternfly/react-icons/dist/esm/icons/play-circle-icon";
import PowerOffIcon from "@patternfly/react-icons/dist/esm/icons/power-off-icon";
import type { ComponentType } from "react";
import type { Domain } from "../../virt/domain.ts";
import { useT } from "../app/context.tsx";
import type { Translate } from "../i18n/catalogue.ts";

/** The verb in progress and how far it is; empty while there is none. */
export function jobText({ job, progress }: Domain, t: Translate): string {
  if (job === undefined) return "";
  if (progress === undefined) return t(`job.${job}`);
  return t("job.progress", { job: t(`job.${job}`), percent: Math.floor(progress * 100) });
}

interface Look {
  readonly color: NonNullable<LabelProps["color"]>;
  readonly Icon: ComponentType;
}

const LOOKS: { readonly [State in Domain["state"]]: Look } = {
  shutoff: { color: "grey", Icon: PowerOffIcon },
  running: { color: "green", Icon: PlayCircleIcon },
  paused: { color: "orange", Icon: PauseCircleIcon },
  crashed: { color: "red", Icon: ExclamationCircleIcon },
};

export function StateLabel({ domain }: { readonly domain: Domain }) {
  const t = useT();
  if (domain.job) {
    return (
      <Label color="blue" icon={<InProgressIcon className="tv-spin" />}>
        {jobText(domain, t)}
      </Label>
    );
  }
  const { color, Icon } = LOOKS[domain.state];
  return (
    <Label color={color} icon={<Icon />}>
      {t(`state.${domain.state}`)}
    </Label>
  );
}
