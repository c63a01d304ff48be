import { css } from 'lit';

/** Buttons, fields and choices. */
export const controls = css`
  button,
  input,
  textarea,
  select {
    border: 1px solid var(--edge);
    border-radius: 8px;
    background: var(--surface);
    color: inherit;
    font: inherit;
  }

  input,
  textarea,
  select {
    width: 100%;
    min-height: 36px;
    padding: 6px 10px;
  }

  textarea {
    display: block;
    field-sizing: content;
    max-height: 160px;
    resize: vertical;
  }

  textarea.mono {
    font-size: 13px;
    line-height: 22px;
  }

  ::placeholder {
    color: var(--soft);
    opacity: 1;
  }

  [aria-invalid='true'] {
    border-color: var(--bad);
    box-shadow: 0 0 0 1px var(--bad);
  }

  button {
    min-height: 30px;
    padding: 3px 12px;
    cursor: pointer;
  }

  button:hover {
    background: var(--sunken);
  }

  button:disabled {
    opacity: 0.55;
    cursor: default;
  }

  .quiet {
    border-color: var(--line);
    font-size: 13px;
  }

  .primary {
    min-height: 40px;
    padding-inline: 28px;
    border-color: transparent;
    background: var(--brass);
    color: var(--on-brass);
    font-weight: 650;
  }

  .primary:hover {
    background: color-mix(in srgb, var(--brass), white 18%);
  }

  .primary[aria-disabled='true'] {
    opacity: 0.7;
    cursor: progress;
  }

  kbd {
    padding: 1px 5px;
    border: 1px solid var(--line);
    border-radius: 5px;
    background: var(--sunken);
    font: 11.5px var(--sans);
  }

  .field {
    display: grid;
    gap: 5px;
    align-content: start;
    min-width: 0;
  }

  .field > label,
  .field > legend {
    font-size: 13px;
    font-weight: 600;
  }

  .field > legend {
    margin-bottom: 5px;
    padding: 0;
  }

  .segments {
    display: flex;
    border: 1px solid var(--edge);
    border-radius: 8px;
    overflow: clip;
  }

  .segments label {
    flex: 1;
    cursor: pointer;
  }

  .segments input {
    position: absolute;
    width: 1px;
    min-height: 0;
    height: 1px;
    padding: 0;
    opacity: 0;
  }

  .segments span {
    display: block;
    padding: 5px 9px;
    text-align: center;
  }

  .segments label + label span {
    border-left: 1px solid var(--line);
  }

  .segments :checked + span {
    background: var(--ink);
    color: var(--surface);
  }

  .segments :focus-visible + span {
    outline: 2px solid var(--brass-text);
    outline-offset: -3px;
    background: var(--brass-wash);
    color: var(--ink);
  }

  .segments.small {
    border-color: var(--line);
    font-size: 13px;
  }

  .segments.small span {
    padding: 3px 11px;
  }

  .chips {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
  }

  .chips button {
    min-height: 26px;
    padding: 1px 10px;
    border-color: var(--line);
    border-radius: 99px;
    color: var(--soft);
    font-size: 12.5px;
  }

  .chips [aria-pressed='true'] {
    border-color: transparent;
    background: var(--brass-wash);
    color: var(--brass-text);
  }

  /* Where colours are the user's own, a checked segment still differs. */
  @media (forced-colors: active) {
    .segments :checked + span {
      text-decoration: underline;
    }
  }
`;
