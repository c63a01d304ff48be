import { css } from 'lit';

/** A list of frames, each in a line. */
export const framesStyles = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
  }

  .frames {
    display: flex;
    flex-direction: column;
    min-height: 240px;
    contain: size;
    overflow: clip;
  }

  .frames > header {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 12px;
    align-items: center;
    padding: 10px 14px;
    border-bottom: 1px solid var(--line);
  }

  .frames > header .hint {
    flex: 1;
    font-variant-numeric: tabular-nums;
  }

  .frames-list {
    flex: 1;
    min-height: 0;
    overflow-y: auto;
    overscroll-behavior: contain;
  }

  .frames-list li {
    border-bottom: 1px solid var(--line);
    font-size: 13px;
  }

  .frames-list summary {
    display: grid;
    grid-template-columns: auto 42px 16px 92px minmax(0, 1fr);
    gap: 10px;
    align-items: baseline;
    padding: 4px 14px;
  }

  .frames-list summary:hover {
    background: var(--sunken);
  }

  .frames-list summary:focus-visible {
    outline-offset: -2px;
  }

  .frames-list summary code {
    color: var(--soft);
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .frames-list .json {
    margin: 2px 14px 8px;
  }

  .frame-way.in {
    color: var(--live);
  }

  .frame-way.out {
    color: var(--brass-text);
  }

  .frame-kind {
    font-weight: 600;
  }

  [data-kind='error'] .frame-kind {
    color: var(--bad);
  }

  @media (max-width: 1180px) {
    .frames {
      height: 360px;
    }
  }

  @media (max-width: 680px) {
    .frames > header .hint {
      flex-basis: 60%;
    }

    .frames-list summary {
      grid-template-columns: auto 38px 14px minmax(0, 1fr);
      gap: 8px;
    }

    .frames-list summary code {
      display: none;
    }
  }
`;
