/** What all devices may have: an address, an alias, a boot order, virtio options, labels. */
import { shape } from "../shape.ts";

export const ADDRESS = shape("address", {
  order: "@type @domain @controller @bus @slot @function @target @unit @multifunction",
  int: "@domain @bus @slot @function @controller @unit @port @target",
  onOff: "@multifunction",
});

export const ALIAS = shape("alias", {});

export const BOOT = shape("boot", {
  int: "@order",
});

export const VIRTIO_DRIVER = shape("driver", {
  onOff: "@ats @iommu @packed @page_per_vq",
});

export const SOURCE_SECLABEL = shape("seclabel", {
  yesNo: "@relabel",
});
