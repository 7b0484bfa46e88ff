/** Sub-options that many devices share. */
import { type OptionRows, option } from "../option-row.ts";

/** A device's address; `iobase` is the spellings of its I/O port. */
export const addressRows = (iobase = "address.iobase"): OptionRows => [
  option("address.type", "address:@type"),
  option("address.domain", "address:@domain"),
  option("address.bus", "address:@bus"),
  option("address.slot", "address:@slot"),
  option("address.multifunction", "address:@multifunction", { onOff: true }),
  option("address.function", "address:@function"),
  option("address.controller", "address:@controller"),
  option("address.unit", "address:@unit"),
  option("address.port", "address:@port"),
  option("address.target", "address:@target"),
  option("address.reg", "address:@reg"),
  option("address.cssid", "address:@cssid"),
  option("address.ssid", "address:@ssid"),
  option("address.devno", "address:@devno"),
  option(iobase, "address:@iobase"),
  option("address.irq", "address:@irq"),
  option("address.base", "address:@base"),
  option("address.zpci.uid", "address:zpci/@uid"),
  option("address.zpci.fid", "address:zpci/@fid"),
  option("alias.name", "alias:@name"),
];

export const ADDRESS = addressRows();

export const BOOT_ORDER: OptionRows = [
  option("boot.order boot_order", "boot:@order", { rule: "bootOrder" }),
];

export const VIRTIO: OptionRows = [
  option("driver.ats", "virtio_driver:@ats", { onOff: true }),
  option("driver.iommu", "virtio_driver:@iommu", { onOff: true }),
  option("driver.packed", "virtio_driver:@packed", { onOff: true }),
  option("driver.page_per_vq", "virtio_driver:@page_per_vq", { onOff: true }),
];

/**
 * The host's end of a character device. `before` stands before all names; `also` is a second spelling of
 * some, without it.
 */
export function characterSource(
  before = "",
  also: Readonly<Record<string, string>> = {},
): OptionRows {
  const names = (name: string): string =>
    also[name] === undefined ? before + name : `${before}${name} ${also[name]}`;
  return [
    option(names("source.path"), "source:@path"),
    option(names("source.host"), "source:@host", { rule: "sourceHost" }),
    option(names("source.service"), "source:@service"),
    option(names("source.bind_host"), "source:../source[@mode='bind']/@host", { rule: "bindHost" }),
    option(names("source.bind_service"), "source:../source[@mode='bind']/@service"),
    option(names("source.connect_host"), "source:../source[@mode='connect']/@host", {
      rule: "connectHost",
    }),
    option(names("source.connect_service"), "source:../source[@mode='connect']/@service"),
    option(names("source.mode"), "source:@mode"),
    option(names("source.master"), "source:@master"),
    option(names("source.slave"), "source:@slave"),
    option(names("source.seclabel#.model"), "@model", { each: "seclabel=source:seclabels" }),
    option(names("source.seclabel#.relabel"), "@relabel", {
      each: "seclabel=source:seclabels",
      onOff: true,
    }),
    option(names("source.seclabel#.label"), "label", {
      each: "seclabel=source:seclabels",
      comma: true,
    }),
    option(names("protocol.type"), "source:../protocol/@type"),
    option(names("log.file"), "source:../log/@file"),
    option(names("log.append"), "source:../log/@append", { onOff: true }),
    option(names("source.clipboard.copypaste"), "source:clipboard/@copypaste", { onOff: true }),
    option(names("source.mouse.mode"), "source:mouse/@mode"),
    option(names("source.channel"), "source:@channel"),
    option(names("source.tls"), "source:@tls", { onOff: true }),
  ];
}

export const CHAR_SOURCE = characterSource();
