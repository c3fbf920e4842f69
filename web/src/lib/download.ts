/** Gives the reader a file made in the browser. */

export function downloadText(name: string, text: string, type = "text/csv;charset=utf-8"): void {
  // The byte-order mark tells spreadsheets that the file is UTF-8.
  const url = URL.createObjectURL(new Blob(["\ufeff", text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  URL.revokeObjectURL(url);
}
