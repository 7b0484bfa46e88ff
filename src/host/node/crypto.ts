import { webCrypto } from "../../storage/crypto/web-crypto.ts";
import type { CryptoHost } from "../../storage/ports.ts";

/** Cryptography by Node's WebCrypto. */
export const nodeCrypto: CryptoHost = webCrypto({
  crypto: globalThis.crypto,
  nowMs: () => performance.now(),
  pause: () => new Promise((resolve) => setTimeout(resolve)),
});
