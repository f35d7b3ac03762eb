/**
 * The element's looks. Every colour is a custom property of the page's with a value of ours behind it, light and dark side by
 * side: text on its ground is at least 4.5:1, marks and borders of controls at least 3:1.
 */
export const styles = /* css */ `
  :host {
    --accent: var(--frontdesk-accent, light-dark(#3f4fc4, #a8b3ff));
    --on-accent: var(--frontdesk-on-accent, light-dark(#fff, #151a3d));
    --surface: var(--frontdesk-surface, light-dark(#fff, #1b1e26));
    --hover: var(--frontdesk-hover, light-dark(#eef0f7, #2a2f3b));
    --line: var(--frontdesk-line, light-dark(#dfe2ec, #333947));
    --ink: var(--frontdesk-ink, light-dark(#1b2130, #eceef5));
    --ink-2: var(--frontdesk-ink-2, light-dark(#4a5268, #b9c0d0));
    --bad: var(--frontdesk-emergency, light-dark(#b3261e, #ff8f86));
    --on-bad: var(--frontdesk-on-emergency, light-dark(#fff, #2b0a08));
    display: inline-block;
    font: 1rem/1.45 var(--frontdesk-font, system-ui, sans-serif);
  }
  :host([theme='auto']) {
    color-scheme: light dark;
  }
  :host([theme='light']) {
    color-scheme: light;
  }
  :host([theme='dark']) {
    color-scheme: dark;
  }
  * {
    box-sizing: border-box;
  }
  button,
  a {
    font: inherit;
    color: inherit;
  }
  button {
    border: 0;
    background: none;
    cursor: pointer;
    border-radius: 0.5rem;
    min-height: 2rem;
    min-width: 2rem;
    padding: 0.2rem 0.5rem;
  }
  button:hover {
    background: var(--hover);
  }
  button:disabled {
    opacity: 0.55;
    cursor: default;
  }
  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 1px;
  }
  svg {
    display: block;
    width: 1.25rem;
    height: 1.25rem;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.8;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  h2,
  h3,
  p,
  ul {
    margin: 0;
    padding: 0;
  }
  .hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .bell {
    position: relative;
    display: grid;
    place-items: center;
    width: 2.75rem;
    height: 2.75rem;
    border-radius: 50%;
    color: var(--frontdesk-bell, inherit);
  }
  .badge {
    position: absolute;
    inset-block-start: 0.1rem;
    inset-inline-end: 0;
    min-width: 1.2rem;
    padding: 0 0.3rem;
    border: 1px solid transparent;
    border-radius: 1rem;
    background: var(--bad);
    color: var(--on-bad);
    font-size: 0.7rem;
    font-weight: 700;
    line-height: 1.15rem;
  }
  [popover] {
    position: fixed;
    inset: auto;
    margin: 0;
    padding: 0;
    border: 1px solid var(--line);
    border-radius: var(--frontdesk-radius, 0.9rem);
    background: var(--surface);
    color: var(--ink);
    box-shadow: 0 12px 40px -8px #0006;
  }
  .panel {
    width: min(26rem, 100vw - 1rem);
    overflow: hidden;
  }
  .panel:popover-open {
    display: flex;
    flex-direction: column;
  }
  header,
  .tabs,
  .note {
    display: flex;
    align-items: center;
    gap: 0.25rem;
    padding: 0.5rem 0.75rem;
  }
  header {
    padding-block-end: 0;
  }
  h2 {
    flex: 1;
    font-size: 1.1rem;
  }
  .tabs {
    padding-inline: 0.25rem;
    border-block-end: 1px solid var(--line);
    flex-wrap: wrap;
  }
  [role='tab'] {
    color: var(--ink-2);
    font-size: 0.9rem;
  }
  [aria-selected='true'] {
    color: var(--accent);
    font-weight: 650;
    text-decoration: underline 2px;
    text-underline-offset: 0.4em;
  }
  .note {
    background: var(--hover);
    font-size: 0.9rem;
  }
  .list {
    overflow: auto;
    overscroll-behavior: contain;
    list-style: none;
  }
  .item {
    display: grid;
    grid-template-columns: 0.6rem minmax(0, 1fr) auto;
    gap: 0 0.5rem;
    padding: 0.7rem 0.75rem;
    border-block-end: 1px solid var(--line);
  }
  .dot {
    width: 0.55rem;
    height: 0.55rem;
    margin-block-start: 0.5rem;
    border-radius: 50%;
  }
  .unread .dot {
    background: var(--accent);
    border: 1px solid transparent;
  }
  .emergency .dot {
    background: var(--bad);
  }
  h3 {
    font-size: 1rem;
    font-weight: 450;
  }
  .unread h3 {
    font-weight: 680;
  }
  h3 button {
    min-height: 1.6rem;
    padding: 0;
    border-radius: 0.2rem;
    font-weight: inherit;
    text-align: start;
    overflow-wrap: anywhere;
  }
  h3 button:hover {
    background: none;
    text-decoration: underline;
  }
  .meta,
  .text {
    color: var(--ink-2);
    font-size: 0.9rem;
    overflow-wrap: anywhere;
  }
  .meta {
    font-size: 0.8rem;
  }
  .meta b,
  .banner b {
    color: var(--bad);
  }
  .text {
    white-space: pre-wrap;
  }
  .short {
    white-space: normal;
    display: -webkit-box;
    overflow: hidden;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
  }
  .actions {
    display: flex;
    align-items: start;
  }
  .actions button {
    display: grid;
    place-items: center;
    color: var(--ink-2);
  }
  .snooze {
    position: relative;
    padding: 0.4rem 0.5rem;
    color: var(--ink-2);
    border-radius: 0.5rem;
  }
  .snooze:hover {
    background: var(--hover);
  }
  .snooze:focus-within {
    outline: 2px solid var(--accent);
  }
  .snooze select {
    position: absolute;
    inset: 0;
    width: 100%;
    opacity: 0;
    cursor: pointer;
    font: inherit;
    color: var(--ink);
    background: var(--surface);
  }
  @media (width < 26rem) {
    .actions {
      flex-direction: column;
    }
  }
  .empty {
    padding: 2rem 1rem;
    text-align: center;
    color: var(--ink-2);
  }
  .banner {
    inset: 0.5rem 0 auto;
    width: min(40rem, 100vw - 1rem);
    max-height: 60vh;
    margin-inline: auto;
    padding: 1rem;
    overflow: auto;
    border: 3px solid var(--bad);
  }
  .banner h2 {
    overflow-wrap: anywhere;
  }
  .main {
    margin-block-start: 0.75rem;
    padding-inline: 1rem;
    background: var(--bad);
    color: var(--on-bad);
    font-weight: 650;
  }
  .main:hover {
    background: var(--bad);
    text-decoration: underline;
  }
`;
