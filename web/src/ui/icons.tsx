/** The few icons of the app, drawn on a 20-unit grid; each is decoration, the control beside it carries the words. */

const SHAPES = {
  dashboard: "M3 3h6v7H3zM11 3h6v4h-6zM11 10h6v7h-6zM3 13h6v4H3z",
  search: "M8.5 14a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM13 13l4 4",
  sun: "M10 13.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM10 1.5v2M10 16.5v2M1.5 10h2M16.5 10h2M4 4l1.4 1.4M14.6 14.6 16 16M16 4l-1.4 1.4M5.4 14.6 4 16",
  moon: "M16.5 12A7 7 0 0 1 8 3.5a7 7 0 1 0 8.5 8.5z",
  keyboard: "M2 5h16v10H2zM5 8h.01M8 8h.01M11 8h.01M14 8h.01M5 12h.01M15 12h.01M7.5 12h5",
  copy: "M7 7h9v9H7zM4 13V4h9",
  check: "m4 10.5 4 4 8-9",
  link: "M8.5 11.5a3 3 0 0 0 4.2 0l2.6-2.6a3 3 0 0 0-4.2-4.2L10 5.8M11.5 8.5a3 3 0 0 0-4.2 0l-2.6 2.6a3 3 0 0 0 4.2 4.2l1.1-1.1",
  chart: "M3 3v14h14M6 13l3.5-4 3 2.5L17 6",
  table: "M3 4h14v12H3zM3 8h14M3 12h14M8 4v12",
  info: "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15zM10 9.5V14M10 6.2v.1",
  warning: "M10 3 2.5 16.5h15zM10 8.5v3.5M10 14.3v.1",
  "chevron-down": "m5 8 5 5 5-5",
  "chevron-right": "m8 5 5 5-5 5",
  "chevron-left": "m12 5-5 5 5 5",
  columns: "M3 4h14v12H3zM7.7 4v12M12.3 4v12",
  download: "M10 3v9M6.5 8.5 10 12l3.5-3.5M3.5 16h13",
  menu: "M3 5h14M3 10h14M3 15h14",
  user: "M10 10a3.2 3.2 0 1 0 0-6.4A3.2 3.2 0 0 0 10 10zM3.5 17a6.5 6.5 0 0 1 13 0",
  close: "m5 5 10 10M15 5 5 15",
  "sort-up": "m6 11 4-4 4 4",
  "sort-down": "m6 9 4 4 4-4",
  retry: "M16 10a6 6 0 1 1-1.8-4.3M16 3v3.5h-3.5",
  bell: "M10 3a4.5 4.5 0 0 0-4.5 4.5c0 4-1.5 5-1.5 6h12c0-1-1.5-2-1.5-6A4.5 4.5 0 0 0 10 3zM8.5 16.5a1.6 1.6 0 0 0 3 0",
  ledger: "M5 2.5h10v15H5zM8 6h4M8 9h4M8 12h2",
} as const;

export type IconName = keyof typeof SHAPES;

export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.6}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={SHAPES[name]} />
    </svg>
  );
}
