import { describe, expect, it } from "vitest";
import { MemoryDisk } from "../../testing/memory-disk.ts";
import { RecordingTrace } from "../../testing/doubles.ts";
import type { MockBuffer, MockRing } from "../../testing/mock-ring.ts";
import { pciBench } from "../../testing/pci-bench.ts";
import { PciDriver } from "../../testing/pci-driver.ts";
import { virtioBench } from "../../testing/virtio-bench.ts";
import { Op } from "../../scsi/codes.ts";
import { ScsiDisk } from "../../scsi/scsi-disk.ts";
import { ControlType, Response, ScsiConfig, ScsiFeature, Tmf } from "./regs.ts";
import { lunBytes } from "./request.ts";
import { VirtioScsi } from "./virtio-scsi.ts";

const REQUEST = 2;
const RESPONSE = 108;

function disk(bytes = 64 * 512) {
  const backend = new MemoryDisk(bytes);
  return { backend, unit: new ScsiDisk(backend, new RecordingTrace(), { name: "d" }) };
}

function make(transport = "mmio", queues = 1) {
  const device = new VirtioScsi({ queues });
  const first = disk();
  device.plug({ target: 1, lun: 0 }, first.unit);
  const { rings, notify, readConfig } = transport === "mmio" ? onMmio(device) : onPci(device);
  const command = (
    address: { target: number; lun: number },
    cdb: readonly number[],
    out: readonly Uint8Array[] = [],
    room = 0,
    tag = 1,
  ) => {
    const header = new Uint8Array(19 + 32);
    header.set(lunBytes(address));
    header[8] = tag;
    header.set(cdb, 19);
    const buffers: MockBuffer[] = [header, ...out, RESPONSE, ...(room > 0 ? [room] : [])];
    const request = (rings[REQUEST] as MockRing).add(buffers);
    const at = 1 + out.length;
    request.bytes(at).fill(0xee);
    notify(REQUEST);
    return {
      data: () => request.bytes(at + 1),
      response: () => {
        const bytes = request.bytes(at);
        const view = new DataView(bytes.buffer, bytes.byteOffset);
        return {
          sense: view.getUint32(0, true),
          residual: view.getUint32(4, true),
          status: bytes[10],
          response: bytes[11],
          key: (bytes[12 + 2] ?? 0) & 15,
          asc: bytes[12 + 12],
        };
      },
    };
  };
  return { device, rings, notify, command, readConfig, ...first };
}

const FEATURES = ScsiFeature.hotplug | ScsiFeature.change;

function onMmio(device: VirtioScsi) {
  const { slot, driver } = virtioBench(device);
  driver.start(device.queueSizes.length, 16, FEATURES);
  return {
    rings: driver.rings,
    notify: (queue: number) => slot.notify(queue),
    readConfig: (offset: number) => slot.regs.read(0x100 + offset, 4),
  };
}

function onPci(device: VirtioScsi) {
  const { bus, memory } = pciBench(device);
  const driver = new PciDriver(bus, memory);
  driver.start(device.queueSizes.length, 16, FEATURES);
  return {
    rings: driver.rings,
    notify: (queue: number) => driver.notify(queue),
    readConfig: (offset: number) => bus.read(0x4_0000_8000 + 0x2000 + offset),
  };
}

const AT = { target: 1, lun: 0 };

describe.each(["mmio", "pci"])("virtio-scsi over %s", (transport) => {
  it("tells a power-on first, then carries out commands", () => {
    const { command } = make(transport);
    const first = command(AT, [Op.testUnitReady]).response();
    expect(first).toMatchObject({ status: 2, response: 0, key: 6, asc: 0x29, sense: 18 });
    expect(command(AT, [Op.testUnitReady]).response()).toMatchObject({ status: 0, sense: 0 });
    const read = command(AT, [Op.read10, 0, 0, 0, 0, 0, 0, 0, 1], [], 1024);
    expect(read.response()).toMatchObject({ status: 0, residual: 512 });
    const out = [new Uint8Array(512).fill(3)];
    expect(command(AT, [Op.write10, 0, 0, 0, 0, 0, 0, 0, 1], out).response().residual).toBe(0);
    expect(command(AT, [Op.read10, 0, 0, 0, 0, 0, 0, 0, 1], [], 512).data()[9]).toBe(3);
  });

  it("knows its targets and units", () => {
    const { command, device, readConfig } = make(transport, 3);
    expect(readConfig(ScsiConfig.numQueues)).toBe(3);
    device.plug({ target: 1, lun: 300 }, disk().unit);
    const luns = command(AT, [Op.reportLuns, 0, 0, 0, 0, 0, 0, 0, 0, 64], [], 64);
    expect([...luns.data().subarray(0, 18)]).toEqual([
      ...[0, 0, 0, 16, 0, 0, 0, 0],
      ...[0, 0, 0, 0, 0, 0, 0, 0, 0x41, 0x2c],
    ]);
    expect(command({ target: 2, lun: 0 }, [Op.inquiry]).response().response).toBe(
      Response.badTarget,
    );
    const absent = { target: 1, lun: 9 };
    expect(command(absent, [Op.inquiry, 0, 0, 0, 36], [], 36).data()[0]).toBe(0x7f);
    device.plug({ target: 3, lun: 2 }, disk().unit);
    const zero = command({ target: 3, lun: 0 }, [Op.inquiry, 0, 0, 0, 36], [], 36).data();
    expect([zero[0], zero[2], zero[4]]).toEqual([0x3f, 5, 31]);
    expect(command(absent, [Op.testUnitReady]).response()).toMatchObject({ status: 2, asc: 0x25 });
  });
});

describe("virtio-scsi", () => {
  it("refuses data both ways, and needs a reset after half a request", () => {
    const { command, rings, notify } = make();
    const both = command(AT, [Op.testUnitReady], [new Uint8Array(8)], 8);
    expect(both.response().response).toBe(Response.failure);
    rings[REQUEST]?.add([new Uint8Array(20), 20]);
    notify(REQUEST);
    expect(command(AT, [Op.testUnitReady]).response().status).toBe(0xee);
  });

  it("tells of units that come, go and change", () => {
    const { device, rings, notify, backend } = make();
    const events = rings[1] as MockRing;
    const buffers = [16, 16, 16].map((bytes) => events.add([bytes]));
    notify(1);
    device.plug({ target: 4, lun: 0 }, disk().unit);
    expect(device.unplug({ target: 4, lun: 0 })).toBe(true);
    expect(device.unplug({ target: 4, lun: 0 })).toBe(false);
    backend.resize(1024);
    expect(events.poll()).toHaveLength(3);
    const told = buffers.map((buffer) => [...buffer.bytes(0)]);
    expect(told[0]).toEqual([1, 0, 0, 0, 1, 4, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]);
    expect(told[1]?.[12]).toBe(2);
    expect(told[2]).toEqual([3, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0x2a, 9, 0, 0]);
  });

  it("keeps events until there are buffers, and says when some were lost", () => {
    const { device, rings, notify } = make();
    for (let i = 0; i < 70; i++) device.plug({ target: 2, lun: i }, disk(512).unit);
    const events = rings[1] as MockRing;
    const first = events.add([16]);
    notify(1);
    expect(first.bytes(0)[3]).toBe(0x80);
    events.add([4]);
    const after = events.add([16]);
    notify(1);
    expect(events.poll().map(({ length }) => length)).toEqual([16, 0, 16]);
    expect(after.bytes(0)[3]).toBe(0x80);
  });

  it("answers task management once the commands have ended", async () => {
    const { command, rings, notify, backend, device } = make();
    command(AT, [Op.testUnitReady]);
    const manage = (subtype: number, tag = 1, address = AT) => {
      const bytes = new Uint8Array(24);
      bytes[0] = ControlType.tmf;
      bytes[4] = subtype;
      bytes.set(lunBytes(address), 8);
      bytes[16] = tag;
      const request = (rings[0] as MockRing).add([bytes, 1]);
      request.bytes(1)[0] = 0xee;
      notify(0);
      return () => request.bytes(1)[0];
    };
    backend.isSlow = true;
    const read = command(AT, [Op.read10, 0, 0, 0, 0, 0, 0, 0, 1], [], 512, 5);
    expect(manage(Tmf.queryTask, 5)()).toBe(Response.functionSucceeded);
    expect(manage(Tmf.queryTask, 6)()).toBe(Response.ok);
    expect(manage(Tmf.abortTask, 6)()).toBe(Response.ok);
    const abort = manage(Tmf.abortTask, 5);
    const reset = manage(Tmf.unitReset);
    expect([abort(), reset(), device.isBusy]).toEqual([0xee, 0xee, true]);
    await backend.release();
    expect([abort(), reset(), device.isBusy]).toEqual([0, 0, false]);
    expect(read.response().status).toBe(0);
    backend.isSlow = false;
    expect(command(AT, [Op.testUnitReady]).response().asc).toBe(0x29);
    expect(manage(Tmf.clearAca)()).toBe(Response.functionRejected);
    expect(manage(Tmf.unitReset, 1, { target: 1, lun: 7 })()).toBe(Response.incorrectLun);
    expect(manage(Tmf.nexusReset, 1, { target: 9, lun: 0 })()).toBe(Response.badTarget);
  });

  it("lets the driver choose the lengths of CDBs and sense data", () => {
    const { device } = make();
    device.writeConfig(ScsiConfig.cdbSize, 4, 16);
    device.writeConfig(ScsiConfig.senseSize, 4, 0x100_0000);
    expect(device.readConfig(ScsiConfig.cdbSize, 4)).toBe(16);
    expect(device.readConfig(ScsiConfig.senseSize, 4)).toBe(96);
    device.deactivate();
    expect(device.readConfig(ScsiConfig.cdbSize, 4)).toBe(32);
  });
});
