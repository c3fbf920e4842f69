/** Where a file made in the browser goes: to the reader's downloads, or to a stand-in that a test passes. */

import { createContext, useContext } from "react";

export type Saver = (name: string, text: string) => void;

/** The byte-order mark tells spreadsheets that the file is UTF-8. */
const BYTE_ORDER_MARK = "\ufeff";

export const saveAsDownload: Saver = (name, text) =>
  download(name, new Blob([BYTE_ORDER_MARK, text], { type: "text/csv;charset=utf-8" }));

/** Hands a file to the reader's downloads under its name. */
export function download(name: string, file: Blob): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  URL.revokeObjectURL(url);
}

const Context = createContext<Saver>(saveAsDownload);
export const SaverProvider = Context.Provider;

export function useSaver(): Saver {
  return useContext(Context);
}
