import { webCrypto } from "../../storage/crypto/web-crypto.ts";
import type { CryptoHost } from "../../storage/ports.ts";

/** Cryptography of browsers and Node, which is one. */
export const hostCrypto: CryptoHost = webCrypto({
  crypto: globalThis.crypto,
  nowMs: () => performance.now(),
  pause: () => new Promise((resolve) => setTimeout(resolve)),
});
