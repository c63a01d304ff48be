import { css } from 'lit';

/** A phone lying on a table, its screen locked. */
export const phoneStyles = css`
  .phones {
    display: flex;
    flex-wrap: wrap;
    gap: 20px;
    padding: 4px 16px 20px;
  }

  .phone {
    display: flex;
    flex: 0 1 270px;
    flex-direction: column;
    gap: 10px;
    min-width: 0;
  }

  .case {
    display: flex;
    flex-direction: column;
    gap: 8px;
    min-height: 330px;
    padding: 14px 10px;
    border: 1px solid var(--edge);
    border-radius: 30px;
    background: var(--sunken);
  }

  .case.rings {
    animation: ring 0.5s linear;
  }

  .unreachable .case,
  .uninstalled .case {
    border-style: dashed;
  }

  .clock {
    padding-block: 10px 14px;
    color: var(--soft);
    font-size: 34px;
    font-variant-numeric: tabular-nums;
    font-weight: 300;
    text-align: center;
  }

  .alert {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 1px 8px;
    width: 100%;
    padding: 9px 12px 10px;
    border: 0;
    border-radius: 14px;
    background: var(--surface);
    box-shadow: 0 1px 2px rgb(0 0 0 / 12%);
    font-size: 13.5px;
    text-align: left;
  }

  .alert strong {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .alert span {
    display: -webkit-box;
    grid-column: 1 / -1;
    overflow: hidden;
    color: var(--soft);
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 3;
    line-clamp: 3;
    white-space: pre-line;
  }

  .app {
    display: flex;
    gap: 8px;
    align-items: center;
    justify-content: center;
    margin-top: auto;
    color: var(--soft);
    font-size: 12px;
  }

  .count {
    min-width: 20px;
    padding: 0 6px;
    border-radius: 10px;
    background: var(--bad);
    color: var(--surface);
    font-size: 12px;
    font-weight: 650;
    line-height: 20px;
    text-align: center;
  }

  .about {
    display: flex;
    flex-wrap: wrap;
    gap: 6px 10px;
    align-items: center;
    font-size: 13px;
  }

  .about strong {
    flex: 1;
    min-width: 0;
    overflow-wrap: anywhere;
  }

  .about select {
    width: auto;
    min-height: 30px;
    padding-block: 2px;
  }

  @keyframes ring {
    25% {
      transform: translateX(-3px) rotate(-0.6deg);
    }

    75% {
      transform: translateX(3px) rotate(0.6deg);
    }
  }

  @media (prefers-reduced-motion: reduce) {
    .case.rings {
      animation: none;
    }
  }
`;
