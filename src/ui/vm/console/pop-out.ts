/** A console in a window of its own, which reaches the machine as another tab does. */
import { hrefOf } from "../../shell/route.ts";

export function popOut(uuid: string, device: string): void {
  const address = new URL(location.href);
  address.hash = hrefOf({ view: "console", uuid, device });
  open(address, `tabvisor console ${uuid} ${device}`, "popup,width=840,height=560");
}
