/** A state as an icon beside its word: never by colour alone. */
import "./state-icon.css";
import SaveIcon from "@patternfly/react-icons/dist/esm/icons/save-icon";
import ExclamationCircleIcon from "@patternfly/react-icons/dist/esm/icons/exclamation-circle-icon";
import InProgressIcon from "@patternfly/react-icons/dist/esm/icons/in-progress-icon";
import MoonIcon from "@patternfly/react-icons/dist/esm/icons/moon-icon";
import PauseCircleIcon from "@patternfly/react-icons/dist/esm/icons/pause-circle-icon";
import PlayCircleIcon from "@patternfly/react-icons/dist/esm/icons/play-circle-icon";
import PowerOffIcon from "@patternfly/react-icons/dist/esm/icons/power-off-icon";
import type { SVGIconProps } from "@patternfly/react-icons/dist/esm/createIcon";
import type { ComponentType } from "react";
import type { StateWord } from "./domain-state.ts";

const ICONS: Readonly<Record<StateWord, ComponentType<SVGIconProps>>> = {
  running: PlayCircleIcon,
  paused: PauseCircleIcon,
  shutdown: InProgressIcon,
  shutoff: PowerOffIcon,
  saved: SaveIcon,
  crashed: ExclamationCircleIcon,
  pmsuspended: MoonIcon,
};

/** The icon alone; its word stands beside it. */
export function StateIcon({ state }: { readonly state: StateWord }) {
  const Icon = ICONS[state];
  // Of the drawings of all themes that are in it, one is seen.
  return <Icon set="default" className={`tv-state-icon tv-state-${state}`} />;
}
