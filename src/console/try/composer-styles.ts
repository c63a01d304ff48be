import { css } from 'lit';

export const composerStyles = css`
  .composer {
    height: 100%;
    padding: 20px;
  }

  form {
    display: grid;
    gap: 12px;
    margin-top: 12px;
  }

  .chips {
    margin-top: -6px;
  }

  .pair {
    display: grid;
    grid-template-columns: minmax(max-content, 1fr) minmax(0, 1fr);
    gap: 12px;
  }

  .send {
    display: flex;
    flex-wrap: wrap;
    gap: 6px 14px;
    align-items: center;
    margin-top: 2px;
  }

  .answer {
    display: grid;
    gap: 4px;
    margin-top: 14px;
    padding: 10px 12px;
    border-left: 3px solid var(--live);
    border-radius: 0 8px 8px 0;
    background: var(--sunken);
    font-size: 14px;
  }

  .answer.failed {
    border-color: var(--bad);
  }

  .answer code {
    color: var(--soft);
    overflow-wrap: anywhere;
  }

  .latencies {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
  }

  .shell {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
    margin-top: 18px;
  }

  .shell h3 {
    flex: 1;
  }

  #command {
    margin-top: 8px;
    padding: 9px 10px;
    border-radius: 8px;
    background: var(--sunken);
    font-size: 12px;
    line-height: 1.55;
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }

  @media (max-width: 680px) {
    .composer {
      padding: 16px;
    }
  }
`;
