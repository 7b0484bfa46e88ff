import type { PoolDefinition } from "./pool.ts";

/** Where images are when nobody says otherwise, as on a host with libvirt. */
export const DEFAULT_POOL: PoolDefinition = {
  uuid: "3c1a2a5e-8d0f-4a0c-9d6b-6f1d2c7b4e21",
  name: "default",
  type: "dir",
  targetPath: "/var/lib/libvirt/images",
  source: {},
  autostart: true,
};
