import type { Plugin } from "vite";

/**
 * What the page may do. Wasm is compiled at run time, nothing else is; xterm.js and PatternFly set
 * styles from scripts.
 */
const POLICY: Readonly<Record<string, string>> = {
  "default-src": "'self'",
  "script-src": "'self' 'wasm-unsafe-eval'",
  "worker-src": "'self'",
  "manifest-src": "'self'",
  // Images of the web are where the user says that they are.
  "connect-src": "'self' https:",
  "style-src": "'self' 'unsafe-inline'",
  "img-src": "'self' data: blob:",
  "font-src": "'self' data:",
  "object-src": "'none'",
  "base-uri": "'none'",
  "form-action": "'none'",
};

const policyText = Object.entries(POLICY)
  .map(([name, value]) => `${name} ${value}`)
  .join("; ");

/** The policy as a header; `frame-ancestors` has no effect in a page's own meta element. */
export const CONTENT_SECURITY_POLICY = `${policyText}; frame-ancestors 'none'`;

/**
 * Vite plugin: writes the policy into built pages, for hosts that send no headers. Development is
 * left alone, since hot reloading adds scripts of its own.
 */
export function contentSecurity(): Plugin {
  return {
    name: "tabvisor:content-security",
    apply: "build",
    transformIndexHtml: () => [
      {
        tag: "meta",
        attrs: { "http-equiv": "Content-Security-Policy", content: policyText },
        injectTo: "head-prepend",
      },
    ],
  };
}
