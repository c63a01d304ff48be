import { css } from 'lit';

/** A dark frame around what one user sees. */
export const screenStyles = css`
  .screen {
    display: flex;
    flex-direction: column;
    height: clamp(430px, 100dvh - 440px, 620px);
    border: 9px solid var(--bezel);
    border-radius: 30px;
    background: var(--surface);
    box-shadow: var(--shadow);
    overflow: clip;
  }

  .screen > header {
    display: flex;
    gap: 10px;
    align-items: center;
    padding: 12px 14px;
    border-bottom: 1px solid var(--line);
  }

  .avatar {
    display: grid;
    flex: none;
    width: 38px;
    height: 38px;
    border-radius: 50%;
    background: var(--brass-wash);
    color: var(--brass-text);
    font-size: 18px;
    font-weight: 700;
    text-transform: uppercase;
    place-items: center;
  }

  .who {
    flex: 1;
    min-width: 0;
    line-height: 1.3;
  }

  .state {
    display: flex;
    gap: 6px;
    align-items: center;
    color: var(--soft);
    font-size: 13px;
    font-variant-numeric: tabular-nums;
  }

  .lamp {
    width: 9px;
    height: 9px;
    border: 2px solid var(--brass-text);
    border-radius: 50%;
  }

  [data-state='live'] .lamp {
    border-color: var(--live);
    background: var(--live);
  }

  [data-state='live'] .state-text {
    color: var(--live);
  }

  [data-state='cut'] .lamp {
    height: 3px;
    border-color: var(--bad);
    border-radius: 0;
  }

  [data-state='cut'] .state-text {
    color: var(--bad);
  }

  .unread {
    border-color: transparent;
    border-radius: 99px;
    background: var(--brass);
    color: var(--on-brass);
    font-size: 13px;
    font-weight: 650;
  }

  .unread:hover {
    background: color-mix(in srgb, var(--brass), white 18%);
  }

  .banner,
  .notice {
    padding: 7px 14px;
    background: var(--brass-wash);
    color: var(--ink);
    font-size: 13px;
  }

  .arrivals {
    flex: 1;
    min-height: 0;
    overflow-y: auto;
    overscroll-behavior: contain;
  }

  .arrivals:focus-visible,
  .lines:focus-visible,
  .frames-list:focus-visible {
    outline-offset: -3px;
  }

  .empty {
    display: grid;
    height: 100%;
    padding: 16px;
    color: var(--soft);
    text-align: center;
    place-content: center;
    justify-items: center;
  }

  .empty img {
    margin-bottom: 12px;
  }

  .empty strong {
    color: var(--ink);
  }

  .write {
    margin-top: 10px;
  }

  .empty[hidden] {
    display: none;
  }

  .lobby {
    padding: 8px 14px 10px;
    border-top: 1px solid var(--line);
    background: var(--sunken);
  }

  .lobby h3 {
    color: var(--soft);
    font: 12px var(--mono);
  }

  .lines {
    display: flex;
    flex-direction: column-reverse;
    max-height: 63px;
    overflow-y: auto;
  }

  .line {
    display: flex;
    gap: 8px;
    align-items: baseline;
    font-size: 14px;
  }

  .said {
    flex: 1;
    min-width: 0;
    overflow-wrap: anywhere;
  }

  .line:not(.own) b {
    color: var(--brass-text);
  }

  .lobby form {
    display: flex;
    gap: 8px;
    margin-top: 6px;
  }

  .lobby input {
    min-height: 32px;
    padding-block: 3px;
  }

  .channels {
    padding: 5px 14px 7px;
    background: var(--sunken);
    color: var(--soft);
    font: 11.5px / 1.5 var(--mono);
  }

  @media (max-width: 1180px) {
    .screen {
      height: 480px;
    }
  }
`;
