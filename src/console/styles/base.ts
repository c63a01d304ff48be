import { css } from 'lit';

/** What every component begins with. */
export const base = css`
  :host {
    display: block;
    min-width: 0;
  }

  :host([hidden]),
  [hidden] {
    display: none !important;
  }

  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  h1,
  h2,
  h3,
  p,
  ol,
  ul,
  dl,
  dd,
  pre,
  fieldset {
    min-width: 0;
    margin: 0;
    padding: 0;
    border: 0;
  }

  h2 {
    font-size: 16px;
    letter-spacing: -0.01em;
  }

  h3 {
    font-size: 13px;
  }

  ol,
  ul {
    list-style: none;
  }

  a {
    color: var(--brass-text);
    text-underline-offset: 3px;
  }

  pre,
  code,
  .mono {
    font-family: var(--mono);
    font-size: 12.5px;
  }

  :focus-visible {
    outline: 2px solid var(--brass-text);
    outline-offset: 2px;
  }

  summary {
    cursor: pointer;
  }

  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  .hint {
    color: var(--soft);
    font-size: 13px;
    font-weight: 400;
  }

  .error {
    color: var(--bad);
    font-size: 13px;
  }

  .card {
    border: 1px solid var(--line);
    border-radius: 16px;
    background: var(--surface);
    box-shadow: var(--shadow);
  }

  .badge {
    padding: 0 8px;
    border: 1px solid var(--line);
    border-radius: 99px;
    background: var(--sunken);
    font-size: 12px;
    white-space: nowrap;
  }

  .json {
    margin-top: 4px;
    padding: 8px 10px;
    border-radius: 8px;
    background: var(--sunken);
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }

  time {
    color: var(--soft);
    font-size: 12px;
    font-variant-numeric: tabular-nums;
  }
`;
