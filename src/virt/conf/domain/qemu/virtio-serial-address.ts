/** Ports of virtio-serial controllers for channels and virtio consoles. */
import { ErrorDomain, vmError } from "../../../../protocol/vm-error.ts";
import { childAt, childrenOf, type Draft, draft, removeChildren } from "../../../xml/draft.ts";
import { controllerIndex, controllersOf, ensureController } from "../controllers.ts";
import { isVirtioSerial, wantedController } from "../virtio-serial.ts";

/** Ports of a controller that does not say how many it has; port 0 is for consoles. */
const PORTS = 31;

/** A port, and the controller it is on. */
interface Port {
  readonly controller: number;
  readonly port: number;
}

function givenPort(device: Draft): Port | undefined {
  const controller = wantedController(device);
  const port = Number(childAt(device, "address")?.attributes.get("port") ?? 0);
  return controller === undefined || port === 0 ? undefined : { controller, port };
}

/**
 * Gives each channel a port. A console only keeps its port free: libvirt does not write it down.
 *
 * @throws VmError xmlError for ports that are taken twice or that no controller has
 */
export function assignVirtioSerialAddresses(devices: Draft): void {
  const ports = new Ports(devices);
  const all = ["console", "channel"].flatMap((name) => childrenOf(devices, name));
  const users = all.filter(isVirtioSerial);
  for (const device of users) {
    const given = givenPort(device);
    if (given) ports.reserve(given);
  }
  for (const device of users.filter((each) => !givenPort(each))) {
    const found = ports.next(wantedController(device), device.name === "console" ? 0 : 1);
    if (device.name === "console") continue;
    removeChildren(device, "address");
    const { controller, port } = found;
    device.children.push(draft("address", { type: "virtio-serial", controller, bus: 0, port }));
  }
}

class Ports {
  readonly #devices: Draft;
  readonly #taken = new Set<string>();

  constructor(devices: Draft) {
    this.#devices = devices;
  }

  reserve({ controller, port }: Port): void {
    const count = this.#counts().get(controller);
    if (count === undefined) throw fail(`virtio serial controller ${controller} is missing`);
    if (port >= count) {
      throw fail(`virtio serial controller ${controller} does not have port ${port}`);
    }
    const key = `${controller}/${port}`;
    if (this.#taken.has(key)) {
      throw fail(`virtio serial port ${port} on controller ${controller} is already occupied`);
    }
    this.#taken.add(key);
  }

  /** The first free port from `from` on, of one controller or of all. */
  next(wanted: number | undefined, from: number): Port {
    for (const [controller, count] of this.#counts()) {
      if (wanted !== undefined && controller !== wanted) continue;
      for (let port = from; port < count; port++) {
        if (this.#taken.has(`${controller}/${port}`)) continue;
        this.reserve({ controller, port });
        return { controller, port };
      }
    }
    if (wanted !== undefined) {
      throw fail(`Unable to find a free port on virtio-serial controller ${wanted}`);
    }
    let controller = 0;
    while (this.#counts().has(controller)) controller++;
    ensureController(this.#devices, "virtio-serial", controller);
    return this.next(controller, from);
  }

  /** How many ports each controller has. */
  #counts(): Map<number, number> {
    return new Map(
      controllersOf(this.#devices, "virtio-serial").map((each) => [
        controllerIndex(each),
        Number(each.attributes.get("ports") ?? PORTS),
      ]),
    );
  }
}

function fail(message: string): Error {
  return vmError("xmlError", message, { domain: ErrorDomain.none });
}
