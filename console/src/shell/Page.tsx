/** One page: its heading takes the focus on arrival and its name becomes the tab's, so a move is heard and seen. */
import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { useInboxCounts } from '../api/queries';

interface Props {
  title: string;
  /** Beside the heading: the page's main action. */
  action?: ReactNode;
  /** Above the heading. */
  before?: ReactNode;
  /** Below the heading. */
  lead?: ReactNode;
  children: ReactNode;
}

/** The first page after a load leaves the focus at the top, where the browser put it. */
let arrivedBefore = false;

export function Page({ title, action, before, lead, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  const unread = useInboxCounts().data?.unread ?? 0;

  useEffect(() => {
    document.title = `${unread > 0 ? `(${unread}) ` : ''}${title} · Frontdesk`;
  }, [title, unread]);

  useEffect(() => {
    if (arrivedBefore) heading.current?.focus();
    arrivedBefore = true;
  }, []);

  return (
    <>
      <header className="page__head">
        {before}
        <div className="page__title">
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {action}
        </div>
        {lead}
      </header>
      {children}
    </>
  );
}
