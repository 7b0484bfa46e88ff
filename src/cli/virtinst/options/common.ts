/** Sub-options that many devices share. */
import { type OptionRows, option } from "../option-row.ts";

export const ADDRESS: OptionRows = [
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
  option("address.iobase", "address:@iobase"),
  option("address.irq", "address:@irq"),
  option("address.base", "address:@base"),
  option("address.zpci.uid", "address:zpci/@uid"),
  option("address.zpci.fid", "address:zpci/@fid"),
  option("alias.name", "alias:@name"),
];

export const BOOT_ORDER: OptionRows = [
  option("boot.order boot_order", "boot:@order", { rule: "bootOrder" }),
];

export const VIRTIO: OptionRows = [
  option("driver.ats", "virtio_driver:@ats", { onOff: true }),
  option("driver.iommu", "virtio_driver:@iommu", { onOff: true }),
  option("driver.packed", "virtio_driver:@packed", { onOff: true }),
  option("driver.page_per_vq", "virtio_driver:@page_per_vq", { onOff: true }),
];

export const CHAR_SOURCE: OptionRows = [
  option("source.path", "source:@path"),
  option("source.host", "source:@host", { rule: "sourceHost" }),
  option("source.service", "source:@service"),
  option("source.bind_host", "source:../source[@mode='bind']/@host", { rule: "bindHost" }),
  option("source.bind_service", "source:../source[@mode='bind']/@service"),
  option("source.connect_host", "source:../source[@mode='connect']/@host", { rule: "connectHost" }),
  option("source.connect_service", "source:../source[@mode='connect']/@service"),
  option("source.mode", "source:@mode"),
  option("source.master", "source:@master"),
  option("source.slave", "source:@slave"),
  option("source.seclabel#.model", "@model", { each: "seclabel=source:seclabels" }),
  option("source.seclabel#.relabel", "@relabel", {
    each: "seclabel=source:seclabels",
    onOff: true,
  }),
  option("source.seclabel#.label", "label", { each: "seclabel=source:seclabels", comma: true }),
  option("protocol.type", "source:../protocol/@type"),
  option("log.file", "source:../log/@file"),
  option("log.append", "source:../log/@append", { onOff: true }),
  option("source.clipboard.copypaste", "source:clipboard/@copypaste", { onOff: true }),
  option("source.mouse.mode", "source:mouse/@mode"),
  option("source.channel", "source:@channel"),
  option("source.tls", "source:@tls", { onOff: true }),
];
