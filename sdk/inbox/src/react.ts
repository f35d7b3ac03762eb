/**
 * `@frontdesk/inbox/react`: the element as a component, for React 18 and newer.
 *
 * @packageDocumentation
 */
import type { Frontdesk, TokenProvider } from '@frontdesk/client';
import { createElement, useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import type { FrontdeskInbox as Element, FrontdeskInboxEvents } from './index.js';
import './index.js';

type Listener<Name extends keyof FrontdeskInboxEvents> = (event: FrontdeskInboxEvents[Name]) => void;

export interface FrontdeskInboxProps {
  client?: Frontdesk;
  tokenProvider?: TokenProvider;
  baseUrl?: string;
  locale?: string;
  theme?: 'auto' | 'light' | 'dark';
  placement?: 'start' | 'end';
  onOpen?: Listener<'frontdesk-open'>;
  onLink?: Listener<'frontdesk-link'>;
  onArrived?: Listener<'frontdesk-arrived'>;
  onUnread?: Listener<'frontdesk-unread'>;
  /** Into the slots: elements with `slot="bell"`, `"empty"` or `"footer"`. */
  children?: ReactNode;
}

/** `<frontdesk-inbox>` with properties and listeners. */
export function FrontdeskInbox({ client, tokenProvider, baseUrl, locale, theme, placement, onOpen, onLink, onArrived, onUnread, children }: FrontdeskInboxProps): ReactNode {
  const [element, setElement] = useState<Element | null>(null);
  useEffect(() => {
    if (element) Object.assign(element, { client, tokenProvider, baseUrl, locale, placement });
  }, [element, client, tokenProvider, baseUrl, locale, placement]);
  useListener(element, 'frontdesk-open', onOpen);
  useListener(element, 'frontdesk-link', onLink);
  useListener(element, 'frontdesk-arrived', onArrived);
  useListener(element, 'frontdesk-unread', onUnread);
  return createElement('frontdesk-inbox', { ref: setElement, theme }, children);
}

function useListener<Name extends keyof FrontdeskInboxEvents>(element: Element | null, name: Name, listener: Listener<Name> | undefined): void {
  useEffect(() => {
    if (!element || !listener) return;
    element.addEventListener(name, listener as EventListener);
    return () => element.removeEventListener(name, listener as EventListener);
  }, [element, name, listener]);
}
