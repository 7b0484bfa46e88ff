import { charBackendContract } from "./char-backend-contract.ts";
import { clockContract } from "./clock-contract.ts";
import { ManualClock, MemoryChar } from "./doubles.ts";

clockContract("ManualClock", () => {
  const clock = new ManualClock(1_735_689_600_000_000_000n);
  return { clock, advance: (ns) => clock.advance(ns) };
});

charBackendContract("MemoryChar", () => {
  const backend = new MemoryChar();
  return {
    backend,
    setRoom: (room) => backend.makeRoom(room),
    feed: (bytes) => backend.feed(bytes),
    written: () => backend.written,
  };
});
