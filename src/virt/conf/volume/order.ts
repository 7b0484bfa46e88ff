/** The order of a volume's XML. */
import type { OrderTable } from "../arrange.ts";

export const VOLUME_ORDER: OrderTable = {
  volume: {
    attributes: "type",
    children: "name key source capacity allocation physical target backingStore",
  },
  "volume/target": {
    children: "path format permissions timestamps encryption compat clusterSize features nocow",
  },
  "volume/target/permissions": { children: "mode owner group label" },
  "volume/target/encryption": { attributes: "format engine", children: "secret cipher ivgen" },
  "volume/target/encryption/secret": { attributes: "type uuid usage" },
  "volume/target/encryption/cipher": { attributes: "name size mode hash" },
  "volume/target/features": { children: "lazy_refcounts extended_l2" },
  "volume/backingStore": { children: "path format permissions timestamps" },
  "volume/backingStore/permissions": { children: "mode owner group label" },
};
