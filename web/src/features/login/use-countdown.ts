/** Whole seconds left of a wait that began at a moment. */

import { useEffect, useState } from "react";

export function useCountdown(seconds: number | null, startedAt: number): number {
  const [now, setNow] = useState(() => Date.now());
  const end = seconds === null ? 0 : startedAt + seconds * 1000;
  useEffect(() => {
    if (end <= Date.now()) return;
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, [end]);
  return Math.max(0, Math.ceil((end - Math.max(now, startedAt)) / 1000));
}
