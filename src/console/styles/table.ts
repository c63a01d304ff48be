import { css } from 'lit';

/** A card with a head, and rows beneath. */
export const table = css`
  .list {
    overflow: clip;
  }

  .list > header {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 12px;
    align-items: center;
    min-height: 53px;
    padding: 10px 16px;
  }

  .space {
    flex: 1;
  }

  .notice {
    padding: 0 16px 16px;
    color: var(--soft);
    font-size: 14px;
  }

  .scroll {
    overflow-x: auto;
  }

  table {
    width: 100%;
    border-collapse: collapse;
    font-size: 14px;
    font-variant-numeric: tabular-nums;
  }

  th,
  td {
    padding: 7px 16px;
    border-top: 1px solid var(--line);
    text-align: left;
    white-space: nowrap;
  }

  th {
    background: var(--sunken);
    color: var(--soft);
    font-size: 12px;
    font-weight: 600;
  }

  .amount {
    text-align: right;
  }

  .wide {
    width: 100%;
    white-space: normal;
    overflow-wrap: anywhere;
  }

  @media (max-width: 520px) {
    .roomy {
      display: none;
    }
  }

  .list > footer {
    display: flex;
    gap: 12px;
    align-items: center;
    justify-content: flex-end;
    padding: 8px 16px;
    border-top: 1px solid var(--line);
  }
`;
