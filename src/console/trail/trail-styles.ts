import { css } from 'lit';

/** Three lanes beside each other, time going down. */
export const trailStyles = css`
  .list {
    max-width: 880px;
  }

  header label {
    flex: 0 1 240px;
  }

  input {
    min-height: 32px;
    padding-block: 3px;
    font-size: 13px;
  }

  .lanes,
  .step {
    display: grid;
    grid-template-columns: 88px repeat(3, 60px) minmax(0, 1fr);
    gap: 0;
    align-items: center;
    padding: 0 16px;
  }

  .lanes {
    padding-block: 6px;
    border-top: 1px solid var(--line);
    background: var(--sunken);
    color: var(--soft);
    font-size: 12px;
    font-weight: 600;
  }

  .lanes span {
    justify-self: center;
  }

  .lanes .first {
    grid-column: 2;
  }

  .steps {
    padding-block: 8px 12px;
  }

  .step {
    position: relative;
    min-height: 44px;
  }

  .when {
    display: grid;
    line-height: 1.35;
  }

  .after {
    color: var(--soft);
    font-size: 11px;
    font-variant-numeric: tabular-nums;
  }

  .lane {
    position: relative;
    align-self: stretch;
  }

  /* The lane itself. */
  .lane::before {
    position: absolute;
    inset-block: 0;
    left: 50%;
    width: 2px;
    margin-left: -1px;
    background: var(--line);
    content: '';
  }

  .step:first-child .lane::before {
    top: 50%;
  }

  .step:last-child .lane::before {
    bottom: 50%;
  }

  /* From the service to where it went. */
  .crossed::after {
    position: absolute;
    top: 50%;
    left: -50%;
    width: 100%;
    height: 2px;
    margin-top: -1px;
    background: currentcolor;
    content: '';
  }

  .dot {
    position: absolute;
    z-index: 1;
    top: 50%;
    left: 50%;
    width: 13px;
    height: 13px;
    border: 3px solid currentcolor;
    border-radius: 50%;
    margin: -6.5px;
    background: var(--surface);
  }

  .origin {
    width: 7px;
    height: 7px;
    border: 0;
    margin: -3.5px;
    background: currentcolor;
  }

  .good .dot {
    background: currentcolor;
  }

  .bad .dot {
    border-radius: 2px;
    background: currentcolor;
    transform: rotate(45deg);
  }

  .good .lane {
    color: var(--live);
  }

  .bad .lane {
    color: var(--bad);
  }

  .waiting .lane {
    color: var(--brass-text);
  }

  .plain .lane {
    color: var(--edge);
  }

  .what {
    padding: 5px 0 5px 8px;
    overflow-wrap: anywhere;
  }

  .pause {
    min-height: 30px;
    color: var(--soft);
    font-size: 12px;
  }

  .pause .lane::before {
    background: repeating-linear-gradient(var(--line) 0 3px, transparent 3px 7px);
  }

  .pause .what {
    padding-block: 0;
  }

  @media (max-width: 560px) {
    .lanes,
    .step {
      grid-template-columns: 62px repeat(3, 24px) minmax(0, 1fr);
      padding-inline: 10px;
    }

    .lanes span {
      writing-mode: vertical-rl;
    }

    .what {
      font-size: 14px;
    }
  }
`;
