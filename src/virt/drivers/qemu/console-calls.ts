/** Consoles of running domains as streams. */
import { vmError } from "../../../protocol/vm-error.ts";
import type { DomainCalls } from "../../driver/domain-calls.ts";
import { DomainConsoleFlags } from "../../driver/domain-flags.ts";
import type { Stream } from "../../driver/streams.ts";
import type { TabvisorCalls, VolumeJobCalls } from "../../driver/tabvisor-calls.ts";
import { checkFlags } from "../objects/flags.ts";
import { runOf } from "./lifecycle-calls.ts";
import { QEMU, type QemuState } from "./qemu-state.ts";
import { pngOf } from "./screen/png.ts";
import { demand } from "./verbs.ts";

type Calls = Pick<DomainCalls, "domainOpenConsole" | "domainScreenshot"> &
  Omit<TabvisorCalls, keyof VolumeJobCalls>;

const SCREENLESS = "no screens to take screenshot from";

export function consoleCalls(state: QemuState): Calls {
  return {
    domainOpenConsole: async (ref, device, stream, flags) => {
      const known = DomainConsoleFlags.force | DomainConsoleFlags.safe;
      checkFlags(flags, known, "qemuDomainOpenConsole", QEMU.domain);
      const domain = state.domains.get(ref);
      demand("openConsole", domain);
      const line = runOf(state, domain).line(device, domain.name);
      line.open(stream, (flags & DomainConsoleFlags.force) !== 0);
    },
    domainScreenshot: async (ref, stream, screen, flags) => {
      checkFlags(flags, 0, "qemuDomainScreenshot", QEMU.domain);
      const domain = state.domains.get(ref);
      demand("screenshot", domain);
      const { consoles } = runOf(state, domain);
      const line = consoles[screen];
      if (!line) {
        const words = consoles.length > 0 ? "no such screen ID" : SCREENLESS;
        throw vmError("operationInvalid", words, QEMU);
      }
      // Letters and what draws them wait until somebody wants a picture.
      const { drawScreen } = await import("./screen/draw-screen.ts");
      void sendPicture(stream, await pngOf(drawScreen(await line.screen.screen())));
      return "image/png";
    },
    domainSetConsoleSize: async (ref, device, columns, rows) => {
      const domain = state.domains.get(ref);
      demand("openConsole", domain);
      runOf(state, domain).line(device, domain.name).resize(columns, rows);
    },
    domainSendBreak: async (ref, device) => {
      const domain = state.domains.get(ref);
      demand("openConsole", domain);
      await runOf(state, domain).line(device, domain.name).sendBreak();
    },
    connectDomainLoads: async (listener) => state.onLoad(listener),
    domainGetEnd: async (ref) => {
      const domain = state.domains.get(ref);
      return state.runs.get(domain.uuid)?.end ?? state.ends.get(domain) ?? null;
    },
  };
}

/** Its reader may come later, or not at all. */
async function sendPicture(stream: Stream, picture: Uint8Array): Promise<void> {
  try {
    await stream.write(picture);
    await stream.finish();
  } catch {
    // The caller gave the stream up.
  }
}
