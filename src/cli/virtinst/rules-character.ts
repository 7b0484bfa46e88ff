/** Addresses of serial ports and their like: `host:port` in one value. */
import type { Part } from "./part.ts";
import type { Rule } from "./rules.ts";

/** Sets host and port from `host:port`; a port alone is one of this host. */
function setAddress(part: Part, hostPath: string, portPath: string, text: string): void {
  const at = text.indexOf(":");
  const host = at < 0 ? text : text.slice(0, at);
  const port = at < 0 ? "" : text.slice(at + 1);
  part.set(hostPath, host === "" && port !== "" ? "127.0.0.1" : host);
  if (port !== "") part.set(portPath, port);
}

const BIND = "source:../source[@mode='bind']/";
const CONNECT = "source:../source[@mode='connect']/";

const bindHost: Rule = ({ part, text }) =>
  setAddress(part, `${BIND}@host`, `${BIND}@service`, text);
const connectHost: Rule = ({ part, text }) =>
  setAddress(part, `${CONNECT}@host`, `${CONNECT}@service`, text);

export const charRules: Readonly<Record<string, Rule>> = {
  bindHost,
  connectHost,
  sourceHost: ({ part, text }) => setAddress(part, "source:@host", "source:@service", text),
  targetAddress: ({ part, text }) => setAddress(part, "target/@address", "target/@port", text),
  charHost: (context) => {
    const { options } = context;
    const isServer = !options.has("source.bind_host") && options.get("source.mode") === "bind";
    return isServer ? bindHost(context) : connectHost(context);
  },
};
