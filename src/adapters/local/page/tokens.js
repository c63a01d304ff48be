// @ts-check
import { find } from './dom.js';

/** @typedef {'alice' | 'bob' | 'admin'} Holder */

/**
 * The tokens of the two screens and the sender: the dev server's own, or, where it gives none away, what somebody
 * pastes. They stay in memory.
 * @param {() => void} onPasted
 */
export const createTokens = onPasted => {
  const section = find(document, '#tokens', HTMLElement);
  const form = find(document, '#tokens-form', HTMLFormElement);
  const field = (/** @type {Holder} */ holder) => find(form, `[name=${holder}]`, HTMLInputElement);
  /** @type {Partial<Record<Holder, string>>} */
  let pasted = {};

  form.addEventListener('submit', event => {
    event.preventDefault();
    pasted = {
      alice: field('alice').value.trim(),
      bob: field('bob').value.trim(),
      admin: field('admin').value.trim(),
    };
    onPasted();
  });

  const askForTokens = () => {
    if (!section.hidden) return;
    section.hidden = false;
    field('alice').focus();
  };

  return {
    /**
     * @param {Holder} holder
     * @returns {Promise<string>} rejects while there is no such token
     */
    async of(holder) {
      if (pasted[holder]) return pasted[holder];
      const answer = await fetch('/dev/tokens').catch(cause => {
        throw new Error('the server does not answer', { cause });
      });
      if (answer.ok) return (await answer.json()).tokens[holder];
      if (answer.status === 403 || answer.status === 404) askForTokens();
      throw new Error(`no token for ${holder}`);
    },
  };
};
