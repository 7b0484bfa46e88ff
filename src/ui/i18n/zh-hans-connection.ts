/** 连接窗口的简体中文消息。 */
export const zhHansConnection = {
  "connection.views": "连接的视图",
  "connection.tab.overview": "概况",
  "connection.tab.storage": "存储",
  "connection.tab.networks": "网络",
  "connection.tab.host": "主机检查",

  "xml.apply": "应用",
  "xml.discard": "放弃更改",
} as const;
