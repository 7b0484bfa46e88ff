/** The order of a pool's XML. */
import type { OrderTable } from "../arrange.ts";

export const POOL_ORDER: OrderTable = {
  pool: {
    attributes: "type",
    children:
      "name uuid capacity allocation available features source target fs:mount_opts rbd:config_opts refresh",
  },
  "pool/source": {
    children: "host device dir adapter name initiator format auth vendor product protocol",
  },
  "pool/source/host": { attributes: "name port" },
  "pool/source/device": { attributes: "path part_separator" },
  "pool/source/auth": { attributes: "type username" },
  "pool/source/adapter": {
    attributes: "type name parent parent_wwnn parent_wwpn managed wwnn wwpn",
  },
  "pool/source/adapter/parentaddr": { attributes: "unique_id" },
  "pool/target": { children: "path permissions" },
  "pool/target/permissions": { children: "mode owner group label" },
};
