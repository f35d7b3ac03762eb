/** One message to me. Opening it shows the whole text and counts as reading it. */
import { useId, useRef, useState } from 'react';
import type { InboxItem, InboxStatus } from '../api/contract';
import { ArchiveIcon } from '../shell/icons';
import { CATEGORY } from '../words/labels';
import { When } from '../words/When';
import { safeLink } from './safeLink';

interface Props {
  item: InboxItem;
  onStatus: (to: InboxStatus, row: HTMLElement | null) => void;
}

export function InboxRow({ item, onStatus }: Props) {
  const id = useId();
  const row = useRef<HTMLLIElement>(null);
  const [open, setOpen] = useState(false);
  const unread = item.status === 'unread';
  const link = safeLink(item.action_url, location.href);

  function toggle() {
    setOpen(!open);
    if (!open && unread) onStatus('read', null);
  }

  return (
    <li ref={row} className="message" data-status={item.status} data-category={item.category} tabIndex={-1}>
      <span className="message__dot" aria-hidden="true" />
      <div className="message__body">
        <h2 className="message__title">
          <button type="button" aria-expanded={open} aria-controls={id} onClick={toggle}>
            {unread && <span className="visually-hidden">Unread: </span>}
            {item.title}
          </button>
        </h2>
        <p className="message__meta">
          {item.category !== 'announcement' && (
            <span className="tag" data-category={item.category}>
              {CATEGORY[item.category]?.name ?? item.category}
            </span>
          )}
          {item.sender_name && <span>{item.sender_name}</span>}
          <When at={item.created_at} />
        </p>
        <p id={id} className={open ? 'message__text' : 'message__text message__text--short'}>
          {item.content}
        </p>
        {link !== null && (
          <a className="message__link" href={link} rel="noopener noreferrer" target="_blank">
            Open the link<span className="visually-hidden"> of “{item.title}” in a new tab</span>
          </a>
        )}
      </div>
      <div className="message__actions">
        <button className="button button--quiet button--small" type="button" onClick={() => onStatus(unread ? 'read' : 'unread', row.current)}>
          {unread ? 'Mark as read' : 'Mark as unread'}
          <span className="visually-hidden">: {item.title}</span>
        </button>
        {item.status !== 'archived' && (
          <button
            className="button button--quiet button--small button--icon"
            type="button"
            title="Archive"
            aria-label={`Archive: ${item.title}`}
            onClick={() => onStatus('archived', row.current)}
          >
            <ArchiveIcon />
          </button>
        )}
      </div>
    </li>
  );
}
