import { css } from 'lit';

export const messagesStyles = css`
  :host {
    display: grid;
    grid-template-columns: 340px minmax(0, 1fr);
    gap: 20px;
    align-items: start;
  }

  form {
    display: flex;
    gap: 8px;
    padding: 0 16px 12px;
  }

  form label {
    flex: 1;
  }

  header label {
    flex: 0 1 220px;
  }

  input {
    min-height: 32px;
    padding-block: 3px;
  }

  ul li {
    display: flex;
    gap: 12px;
    align-items: center;
    padding: 8px 16px;
    border-top: 1px solid var(--line);
  }

  .channel {
    display: grid;
    flex: 1;
    min-width: 0;
    overflow-wrap: anywhere;
  }

  ol li {
    border-top: 1px solid var(--line);
    font-size: 14px;
  }

  summary {
    display: grid;
    grid-template-columns: 62px minmax(110px, 190px) minmax(50px, 110px) minmax(0, 1fr);
    gap: 12px;
    align-items: baseline;
    padding: 6px 16px;
  }

  summary:hover {
    background: var(--sunken);
  }

  summary:focus-visible {
    outline-offset: -2px;
  }

  summary > * {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .where {
    color: var(--soft);
  }

  .json {
    margin: 2px 16px 10px;
  }

  @media (max-width: 1000px) {
    :host {
      grid-template-columns: minmax(0, 1fr);
    }
  }

  @media (max-width: 680px) {
    summary {
      grid-template-columns: auto minmax(0, 1fr);
      gap: 0 12px;
    }

    .gist {
      grid-column: 1 / -1;
    }

    b {
      display: none;
    }
  }
`;
