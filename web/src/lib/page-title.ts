/** The title of the browser's tab: what is on the page, then the product. */

import { useEffect } from "react";

export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · DawsOS`;
  }, [title]);
}
