/** An icon for each kind of hardware; its name stands beside it. */
import BellIcon from "@patternfly/react-icons/dist/esm/icons/bell-icon";
import CubeIcon from "@patternfly/react-icons/dist/esm/icons/cube-icon";
import DesktopIcon from "@patternfly/react-icons/dist/esm/icons/desktop-icon";
import ExchangeAltIcon from "@patternfly/react-icons/dist/esm/icons/exchange-alt-icon";
import FolderIcon from "@patternfly/react-icons/dist/esm/icons/folder-icon";
import HddIcon from "@patternfly/react-icons/dist/esm/icons/hdd-icon";
import InfoCircleIcon from "@patternfly/react-icons/dist/esm/icons/info-circle-icon";
import KeyboardIcon from "@patternfly/react-icons/dist/esm/icons/keyboard-icon";
import LayerGroupIcon from "@patternfly/react-icons/dist/esm/icons/layer-group-icon";
import LinuxIcon from "@patternfly/react-icons/dist/esm/icons/linux-icon";
import LockIcon from "@patternfly/react-icons/dist/esm/icons/lock-icon";
import MemoryIcon from "@patternfly/react-icons/dist/esm/icons/memory-icon";
import MicrochipIcon from "@patternfly/react-icons/dist/esm/icons/microchip-icon";
import NetworkWiredIcon from "@patternfly/react-icons/dist/esm/icons/network-wired-icon";
import PlugIcon from "@patternfly/react-icons/dist/esm/icons/plug-icon";
import RandomIcon from "@patternfly/react-icons/dist/esm/icons/random-icon";
import RocketIcon from "@patternfly/react-icons/dist/esm/icons/rocket-icon";
import StopwatchIcon from "@patternfly/react-icons/dist/esm/icons/stopwatch-icon";
import TerminalIcon from "@patternfly/react-icons/dist/esm/icons/terminal-icon";
import UsbIcon from "@patternfly/react-icons/dist/esm/icons/usb-icon";
import VolumeUpIcon from "@patternfly/react-icons/dist/esm/icons/volume-up-icon";
import type { ComponentType } from "react";

const ICONS: Readonly<Record<string, ComponentType>> = {
  overview: InfoCircleIcon,
  os: LinuxIcon,
  cpus: MicrochipIcon,
  memory: MemoryIcon,
  boot: RocketIcon,
  disk: HddIcon,
  interface: NetworkWiredIcon,
  input: KeyboardIcon,
  graphics: DesktopIcon,
  video: DesktopIcon,
  sound: VolumeUpIcon,
  audio: VolumeUpIcon,
  serial: TerminalIcon,
  parallel: TerminalIcon,
  console: TerminalIcon,
  channel: ExchangeAltIcon,
  controller: LayerGroupIcon,
  filesystem: FolderIcon,
  hostdev: PlugIcon,
  redirdev: UsbIcon,
  tpm: LockIcon,
  rng: RandomIcon,
  panic: BellIcon,
  watchdog: StopwatchIcon,
  memballoon: MemoryIcon,
};

/** @param kind a page's name, or that of a device's element */
export function HardwareIcon({ kind }: { readonly kind: string }) {
  const Icon = ICONS[kind] ?? CubeIcon;
  return (
    <span className="tv-hw-icon" aria-hidden>
      <Icon />
    </span>
  );
}
