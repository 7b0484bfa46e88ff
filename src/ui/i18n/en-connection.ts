/** English messages of the connection's window. */
export const enConnection = {
  "connection.views": "Views of the connection",
  "connection.tab.overview": "Overview",
  "connection.tab.storage": "Storage",
  "connection.tab.networks": "Networks",
  "connection.tab.host": "Host check",

  "xml.apply": "Apply",
  "xml.discard": "Discard changes",
} as const;
