import { css } from 'lit';

export const appStyles = css`
  .top,
  .tabs,
  main {
    width: min(100%, 1560px);
    margin-inline: auto;
    padding-inline: 24px;
  }

  .top {
    display: flex;
    flex-wrap: wrap;
    gap: 6px 14px;
    align-items: center;
    padding-block: 16px;
  }

  .top img {
    flex: none;
  }

  .words {
    display: flex;
    flex: 1 1 240px;
    flex-wrap: wrap;
    gap: 0 14px;
    align-items: baseline;
  }

  h1 {
    font-size: 22px;
    letter-spacing: -0.03em;
  }

  .words p {
    color: var(--soft);
  }

  .links {
    display: flex;
    gap: 18px;
  }

  .tabs {
    display: flex;
    gap: 4px;
    padding-inline: 12px;
    margin-bottom: 18px;
    overflow-x: auto;
    scrollbar-width: none;
    box-shadow: inset 0 -1px var(--line);
  }

  .tabs a {
    flex: none;
    padding: 8px 12px 9px;
    border-bottom: 2px solid transparent;
    color: var(--soft);
    font-weight: 600;
    text-decoration: none;
  }

  .tabs a:hover {
    color: var(--ink);
  }

  .tabs a:focus-visible {
    outline-offset: -3px;
  }

  .tabs [aria-current] {
    border-color: var(--brass-text);
    color: var(--ink);
  }

  main {
    padding-bottom: 24px;
    outline: none;
  }

  .skip {
    position: absolute;
    z-index: 1;
    top: 8px;
    left: 8px;
    padding: 8px 14px;
    border: 0;
    border-radius: 8px;
    background: var(--brass);
    color: var(--on-brass);
    font: inherit;
    transform: translateY(-200%);
  }

  .skip:focus {
    transform: none;
  }

  @media (max-width: 680px) {
    .top,
    .tabs,
    main {
      padding-inline: 12px;
    }

    .tabs {
      gap: 0;
      padding-inline: 2px;
    }

    .tabs a {
      padding-inline: 10px;
    }
  }

  /* So that most stand beside each other on the narrowest phones. */
  @media (max-width: 400px) {
    .tabs a {
      padding-inline: 7px;
      font-size: 0.9rem;
    }
  }
`;
