/** The few drawings of the console. Decorative: what they mean is always said in text beside them. */

interface IconProps {
  className?: string;
}

function Line({ className, d }: IconProps & { d: string }) {
  return (
    <svg className={`icon ${className ?? ''}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={d} />
    </svg>
  );
}

/** The service bell of a front desk. */
export function Mark({ className }: IconProps) {
  return (
    <svg className={className} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect className="mark__ground" width="32" height="32" rx="9" />
      <path className="mark__bell" d="M7 21h18M9 21a7 7 0 0 1 14 0M16 14v-3M13.5 10.5h5M6 24.5h20" />
    </svg>
  );
}

export const BellIcon = (p: IconProps) => (
  <Line {...p} d="M6 9.5a6 6 0 0 1 12 0c0 5 2 6.5 2 6.5H4s2-1.5 2-6.5M10 19.5a2.2 2.2 0 0 0 4 0" />
);
export const PencilIcon = (p: IconProps) => <Line {...p} d="M4 20l4.5-1L19 8.5 15.5 5 5 15.5 4 20M13.5 7l3.5 3.5" />;
export const CloseIcon = (p: IconProps) => <Line {...p} d="M6 6l12 12M18 6L6 18" />;
export const CheckIcon = (p: IconProps) => <Line {...p} d="M4.5 12.5l5 5 10-11" />;
export const ArchiveIcon = (p: IconProps) => <Line {...p} d="M3.5 5h17v4h-17zM5.5 9v10h13V9M10 13h4" />;
export const SignOutIcon = (p: IconProps) => <Line {...p} d="M14 4h5v16h-5M10 8l-4 4 4 4M6 12h9" />;
export const PeopleIcon = (p: IconProps) => (
  <Line {...p} d="M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M2.5 20c0-4 2.8-6 6.5-6s6.5 2 6.5 6M16 4.5a3.5 3.5 0 0 1 0 6.3M18 14.5c2.2.8 3.5 2.700 3.500 5.500" />
);
