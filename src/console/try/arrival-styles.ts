import { css } from 'lit';

/** What arrives on a screen. */
export const arrivalStyles = css`
  .arrival {
    position: relative;
    padding: 10px 14px 11px 20px;
    border-bottom: 1px solid var(--line);
  }

  .arrival.new::before {
    position: absolute;
    top: 17px;
    left: 8px;
    width: 6px;
    height: 6px;
    border-radius: 50%;
    background: var(--brass-text);
    content: '';
  }

  .arrival-top {
    display: flex;
    gap: 12px;
    align-items: baseline;
    justify-content: space-between;
  }

  .arrival h3 {
    min-width: 0;
    font-size: 15px;
    letter-spacing: -0.005em;
    line-height: 1.4;
    overflow-wrap: anywhere;
  }

  .arrival-body {
    overflow-wrap: anywhere;
    white-space: pre-line;
  }

  .time {
    flex: none;
    color: var(--soft);
    font-size: 12px;
    font-variant-numeric: tabular-nums;
  }

  .badges {
    display: flex;
    flex-wrap: wrap;
    gap: 5px 6px;
    align-items: center;
    margin-top: 5px;
  }

  .badge {
    padding: 0 8px;
    border: 1px solid var(--line);
    border-radius: 99px;
    background: var(--sunken);
    font-size: 12px;
  }

  .badge.high {
    border-color: transparent;
    background: var(--ink);
    color: var(--surface);
  }

  .badge.low {
    color: var(--soft);
  }

  .badge.missed {
    border-color: transparent;
    background: var(--brass-wash);
    color: var(--brass-text);
  }

  .place {
    color: var(--soft);
    font-family: var(--mono);
    font-size: 12px;
  }

  .arrival details {
    margin-top: 4px;
  }

  .arrival summary {
    width: max-content;
    color: var(--soft);
    font-size: 12.5px;
  }

  /* Motion, for those who want it */

  @media (prefers-reduced-motion: no-preference) {
    .arrival.new {
      animation: arrive 0.45s cubic-bezier(0.2, 0.8, 0.2, 1);
    }

    [data-state='connecting'] .lamp,
    [data-state='waiting'] .lamp {
      animation: breathe 1.2s ease-in-out infinite alternate;
    }

    @keyframes arrive {
      from {
        background: var(--brass-wash);
        opacity: 0;
        transform: translateY(-14px);
      }
    }

    @keyframes breathe {
      to {
        opacity: 0.3;
      }
    }
  }
`;
