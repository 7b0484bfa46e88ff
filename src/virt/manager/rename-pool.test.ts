import { beforeEach, describe, expect, it } from "vitest";
import { type Connect, openConnect } from "../driver/connect.ts";
import { testDriver } from "../drivers/test/driver.ts";
import { fakePorts } from "../drivers/test/fake-ports.ts";
import { renamePool } from "./rename-pool.ts";

let connect: Connect;

beforeEach(async () => {
  const driver = testDriver(fakePorts());
  connect = await openConnect("test:///default", [driver]);
});

const names = async () => (await connect.connectListAllStoragePools(0)).map(({ name }) => name);
const defaultPool = () => connect.storagePoolLookupByName("default-pool");

describe("renaming a pool", () => {
  it("keeps its UUID and that it starts by itself", async () => {
    const before = await defaultPool();
    await connect.storagePoolDestroy(before);
    await connect.storagePoolSetAutostart(before, true);
    const after = await renamePool(connect, before, "images");
    expect(after).toEqual({ name: "images", uuid: before.uuid });
    expect(await connect.storagePoolGetAutostart(after)).toBe(true);
    expect(await names()).toEqual(["images"]);
  });

  it("is refused while it is active", async () => {
    await expect(renamePool(connect, await defaultPool(), "images")).rejects.toThrow(
      "storage pool 'default-pool' is active",
    );
    expect(await names()).toEqual(["default-pool"]);
  });

  it("leaves the pool as it was when the name is not legal", async () => {
    const before = await defaultPool();
    await connect.storagePoolDestroy(before);
    await connect.storagePoolSetAutostart(before, true);
    await expect(renamePool(connect, before, "a/b")).rejects.toThrow("cannot contain '/'");
    expect(await names()).toEqual(["default-pool"]);
    expect(await connect.storagePoolGetAutostart(before)).toBe(true);
  });
});
