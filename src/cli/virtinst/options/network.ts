/** `--network`. */
import { type OptionRows, option } from "../option-row.ts";
import { ADDRESS, BOOT_ORDER, VIRTIO } from "./common.ts";

export const NETWORK: OptionRows = [
  ...ADDRESS,
  ...BOOT_ORDER,
  option("boot.loadparm", "boot:@loadparm"),
  ...VIRTIO,
  option("model", "model/@type", { rule: "none" }),
  option("mac", "mac/@address", { rule: "none" }),
  option("network", undefined, { rule: "none" }),
  option("bridge", undefined, { rule: "none" }),
  option("type", "@type", { rule: "networkType" }),
  option("trustGuestRxFilters", "@trustGuestRxFilters", { onOff: true }),
  option("source", undefined, { rule: "interfaceSource" }),
  option("source.mode source_mode", "source/@mode"),
  option("source.type source_type", "source/@type"),
  option("source.path source_path", "source/@path"),
  option("source.portgroup portgroup", "source/@portgroup"),
  option("target.dev target", "target/@dev"),
  option("model.type model", "model/@type"),
  option("mac.address mac", "mac/@address", { rule: "mac" }),
  option("filterref.filter filterref", "filterref/@filter"),
  option("link.state link_state", "link/@state", { rule: "linkState" }),
  option("driver.name driver_name", "driver/@name"),
  option("driver.queues driver_queues", "driver/@queues"),
  option("rom.file rom_file", "rom/@file"),
  option("rom.bar rom_bar", "rom/@bar", { onOff: true }),
  option("mtu.size", "mtu/@size"),
  option("virtualport.type virtualport_type", "virtualport:@type"),
  option(
    "virtualport.parameters.managerid virtualport_managerid",
    "virtualport:parameters/@managerid",
  ),
  option("virtualport.parameters.typeid virtualport_typeid", "virtualport:parameters/@typeid"),
  option(
    "virtualport.parameters.typeidversion virtualport_typeidversion",
    "virtualport:parameters/@typeidversion",
  ),
  option(
    "virtualport.parameters.instanceid virtualport_instanceid",
    "virtualport:parameters/@instanceid",
  ),
  option(
    "virtualport.parameters.profileid virtualport_profileid",
    "virtualport:parameters/@profileid",
  ),
  option(
    "virtualport.parameters.interfaceid virtualport_interfaceid",
    "virtualport:parameters/@interfaceid",
  ),
];
